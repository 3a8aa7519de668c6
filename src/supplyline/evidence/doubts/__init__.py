"""Doubts: what speaks against a candidate claim, and the grade that follows."""
