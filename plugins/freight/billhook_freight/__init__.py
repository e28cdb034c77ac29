"""billhook's freight plugin."""
