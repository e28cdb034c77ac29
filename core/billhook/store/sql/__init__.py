"""The store in SQL: one transaction for both databases, and what is each one's own."""
