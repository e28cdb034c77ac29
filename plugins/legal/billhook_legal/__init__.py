"""billhook's legal plugin."""
