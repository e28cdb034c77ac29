"""The store: issued documents, claims and events, in SQLite, PostgreSQL or memory."""
