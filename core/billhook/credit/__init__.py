"""Credit notes: by lines or by amount, the balance left to credit, and voiding."""
