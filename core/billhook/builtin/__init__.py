"""Plugins that ship with the core; jobs name them like any other."""
