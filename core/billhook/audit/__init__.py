"""Auditing: verify, replay, and the anchors kept outside the store."""
