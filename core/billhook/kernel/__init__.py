"""The kernel: figures, money, text, findings and codes; pure, and attrs only."""
