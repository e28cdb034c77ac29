"""Rating: from time entries and expenses to charges."""
