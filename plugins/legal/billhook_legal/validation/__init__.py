"""Validation: references, codes, timesheets and billing guidelines."""
