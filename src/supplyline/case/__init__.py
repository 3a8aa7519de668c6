"""One country over one period, as plain tables that are checked before use."""
