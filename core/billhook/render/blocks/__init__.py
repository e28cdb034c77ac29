"""Blocks made ready for every format: cells written, tables formatted, charts laid out."""
