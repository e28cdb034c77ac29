"""Auditing: verify and replay."""
