"""What forecasts are worth: simple rivals, skill against them, and mixtures."""
