"""Amounts spelled out in words, where a law or a custom wants them; loaded only then."""
