"""The hazard of leaders losing power, fitted to open data on all countries."""
