"""Cases that travel with the package."""
