"""Bank statements: reading them, recording their lines once, and matching them to open items."""
