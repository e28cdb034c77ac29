"""Billing runs: many jobs drafted, reviewed, approved and issued."""
