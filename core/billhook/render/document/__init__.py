"""The content of a printed bill: its parts, tables and words, before any page layout."""
