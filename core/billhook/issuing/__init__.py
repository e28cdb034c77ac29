"""From draft to promise: numbering, sealing, correcting, verifying, and runs over many jobs."""
