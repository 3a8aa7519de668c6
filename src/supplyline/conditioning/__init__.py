"""Conditioning: members of a large pool, weighted by what was reported."""
