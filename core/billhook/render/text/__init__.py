"""Plain text for terminals and mail."""
