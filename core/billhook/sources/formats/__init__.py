"""File formats of sources: CSV, XLSX, JSON, TOML, and Python objects."""
