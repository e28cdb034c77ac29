"""PDF: typesetting of pages, and writing of files."""
