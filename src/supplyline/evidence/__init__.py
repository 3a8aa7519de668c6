"""Sources and claims: what is known, who said it, and where sources disagree."""
