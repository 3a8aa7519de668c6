"""Intake: evidence comes in, a person decides, and the case changes."""
