"""The archive format: documents as canonical JSON, written and read back."""
