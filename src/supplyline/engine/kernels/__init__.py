"""The only compiled code: one file for each submodel."""
