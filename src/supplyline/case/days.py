"""Days as a user gives them: ISO text, a date, or the day of a time stamp."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

import numpy as np
import pandas as pd

from supplyline.errors import shown

Day = str | date | np.datetime64
"""A pandas time stamp is a date too."""


def read_day(field: str, value: object) -> date:
    """Read a day; text in which the order of day and month is open is refused."""
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, str):
        with suppress(ValueError):
            value = datetime.fromisoformat(value.strip())
    if isinstance(value, datetime) and not pd.isna(value):
        return value.date()
    if type(value) is date:
        return value
    message = f"{field} is {shown(value)}; expected a day such as 2026-01-05"
    raise ValueError(message)
