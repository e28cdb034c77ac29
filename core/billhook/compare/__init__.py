"""Comparing two invoices, or the invoices of two periods."""
