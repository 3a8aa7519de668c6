"""What a run means: differences, checks against reported facts, accuracy."""
