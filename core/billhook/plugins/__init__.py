"""Plugins: hook specifications, their typed facade, loading, and tracing."""
