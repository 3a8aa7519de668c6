"""The engine: a case in, a run out."""
