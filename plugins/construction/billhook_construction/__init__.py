"""billhook's construction plugin."""
