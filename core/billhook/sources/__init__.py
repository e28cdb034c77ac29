"""Sources: files and Python objects become typed values that know their place."""
