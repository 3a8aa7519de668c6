"""Reading: a text to candidate claims, each anchored to its span."""
