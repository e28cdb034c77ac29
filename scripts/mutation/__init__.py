"""Mutants of functions, and a bench of tests to try them on."""
