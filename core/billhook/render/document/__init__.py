"""What a bill says: its parts, tables and words, before any page."""
