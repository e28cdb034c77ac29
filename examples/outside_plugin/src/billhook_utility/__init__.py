"""Utility billing for billhook: water, gas and electricity from meter reads."""
