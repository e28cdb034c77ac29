"""HTML for screens and printers."""
