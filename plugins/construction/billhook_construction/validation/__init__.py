"""Validation: what can be wrong with an application for payment."""
