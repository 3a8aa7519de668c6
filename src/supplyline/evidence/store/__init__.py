"""The store: documents, candidate claims, decisions and events, kept for good."""
