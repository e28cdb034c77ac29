"""Renderers: blocks become text, HTML and PDF."""
