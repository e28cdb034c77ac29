"""Rating: from schedule and progress to charges."""
