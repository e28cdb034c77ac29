"""Validation of tariffs before anything is rated by them."""
