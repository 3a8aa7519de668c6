"""Days by which a rate per year, month or week becomes one per day."""

from __future__ import annotations

YEAR_DAYS = 365.0
"""Days of a year."""
MONTH_DAYS = YEAR_DAYS / 12.0
"""Days of a month."""
WEEK_DAYS = 7.0
"""Days of a week."""
