"""Rating: from shipments and tariffs to charges."""
