"""What came of a published forecast: outcomes are read, held against it, and scored."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import ClassVar, Final, NamedTuple

import numpy as np
import pandas as pd

from supplyline.analysis.scores import quantile_crps
from supplyline.case.read import read_bytes, read_table
from supplyline.errors import ForecastError, Problem
from supplyline.forecasts.published import (
    LEVELS,
    Forecast,
    Series,
    Value,
    read_forecast,
)
from supplyline.output import draft_file
from supplyline.tables.row import Identifier, Row, Text

KEPT: Final = ".observed.csv"
"""How the name of kept outcomes ends, after that of their forecast."""
_INTERVALS: Final = {"in_50": (0.25, 0.75), "in_80": (0.1, 0.9), "in_90": (0.05, 0.95)}


class Outcome(Row):
    """What came, of one series over one of the windows that were published."""

    key: ClassVar = ("series", "label", "start", "end")
    series: Identifier
    """Name of the series, as published."""
    label: Identifier | None
    """Place, region, product or future; empty where the series has none."""
    start: date
    """First day counted."""
    end: date
    """Last day counted."""
    value: float | None
    """What came; 1 or 0 for yes or no; empty if it has not happened by the horizon."""
    source: Text
    """Who reports it, and where."""


class Held(NamedTuple):
    """An outcome beside what was said of it."""

    series: Series
    said: Value
    value: float | None
    source: str


def score_forecast(
    file: str | Path, observed: str | Path | None = None, *, keep: bool = False
) -> pd.DataFrame:
    """Score a published forecast against what came.

    Parameters
    ----------
    file : str or pathlib.Path
        File of the register.
    observed : str or pathlib.Path, optional
        Table of what came: series, label, start, end, value and source, one row a
        window that was published; the outcomes kept beside the file if not given.
    keep : bool
        Keep the table beside the file, in the place of an earlier one, so that the
        list of forecasts tells its scores.

    Returns
    -------
    scores : pandas.DataFrame
        One row an outcome, with the ``title`` and ``unit`` of its series. Of a number:
        ``median``, ``low`` and ``high`` end of the middle 80 %, ``crps`` from the
        quantiles (the weighted interval score) [unit of the series], and whether it
        lies ``in_50``, ``in_80`` and ``in_90``. Of a yes or no: ``chance`` and
        ``brier`` [1].

    Raises
    ------
    ForecastError
        If the file was altered, or the table has faults; all are told at once.
    """
    path = Path(file)
    forecast, _ = read_forecast(path)
    table = kept_beside(path) if observed is None else Path(observed)
    content, held = _read_outcomes(table, forecast)
    if keep:
        with draft_file(kept_beside(path)) as kept:
            kept.write(content)
    return pd.DataFrame([_score(one) for one in held])


def kept_beside(path: Path) -> Path:
    """Name the outcomes that are kept of a forecast."""
    return path.with_name(f"{path.stem}{KEPT}")


def summarise(scores: pd.DataFrame) -> pd.DataFrame:
    """Give outcomes, mean scores and the share inside each interval, by series."""
    columns = ["crps", "brier", *_INTERVALS]
    by_series = scores.groupby("series", sort=False)
    means = scores[columns].astype(float).groupby(scores["series"], sort=False).mean()
    told = by_series[["title", "unit"]].first().assign(outcomes=by_series.size())
    return told.join(means)


def _read_outcomes(path: Path, forecast: Forecast) -> tuple[bytes, list[Held]]:
    """Read a table of outcomes; tell all that is wrong with it at once."""
    content, problems = read_bytes(path.parent, path.name)
    if problems:
        raise ForecastError(str(path), problems)
    table, problems = read_table(content, Outcome, path.name)
    held: list[Held] = []
    seen: dict[tuple[object, ...], int | None] = {}
    for line, row in table:
        key = (row.series, row.label, row.start, row.end)
        one = _match(row, forecast, path.name, line)
        if key in seen:
            found = f"is of the same series and window as line {seen[key]}"
            problems.append(Problem(path.name, line, None, found, "each window once"))
        elif isinstance(one, Problem):
            problems.append(one)
        elif (expected := _expected(one, forecast)) is not None:
            value = "empty" if row.value is None else f"'{row.value:g}'"
            problems.append(Problem(path.name, line, "value", value, expected))
        else:
            held.append(one)
        seen.setdefault(key, line)
    if not problems and not held:
        problems.append(Problem(path.name, None, None, "has no rows", "outcomes"))
    if problems:
        raise ForecastError(str(path), problems)
    return content, held


def _match(
    row: Outcome, forecast: Forecast, file: str, line: int | None
) -> Held | Problem:
    """Find what was said of the series, label and window of an outcome."""
    names = {series.name: series for series in forecast.series}
    if row.series not in names:
        expected = f"one of {', '.join(names)}"
        return Problem.unknown(file, line, "series", row.series, names, expected)
    series, label = names[row.series], row.label or ""
    labels = dict.fromkeys(value.label for value in series.said)
    if label not in labels:
        expected = f"one of {', '.join(labels)}" if series.axis else "an empty cell"
        return Problem.unknown(file, line, "label", label, labels, expected)
    of_label = [value for value in series.said if value.label == label]
    for value in of_label:
        if (value.start, value.end) == (row.start, row.end):
            return Held(series, value, row.value, row.source)
    near = min(of_label, key=lambda value: abs(value.end - row.end))
    found = f"'{row.start}' and end is '{row.end}'"
    expected = f"a window that was published, such as {near.start} to {near.end}"
    return Problem(file, line, "start", found, expected)


def _expected(one: Held, forecast: Forecast) -> str | None:
    """Tell what was expected in place of a value that cannot be."""
    value = one.value
    if one.said.chance is not None:
        return None if value in (0, 1) else "1 for yes or 0 for no"
    if one.series.span != "end":
        is_sound = value is not None and value >= 0
        return None if is_sound else "a number of at least 0"
    days = (forecast.horizon - forecast.origin).days
    if value is None or 1 <= value <= days:
        return None
    return f"a day from 1 to {days}, or an empty cell where it never came"


def _score(one: Held) -> dict[str, object]:
    """Score what was said of one window."""
    series, said = one.series, one.said
    scores: dict[str, object] = {
        "series": series.name,
        "title": series.title,
        "label": said.label,
        "start": said.start,
        "end": said.end,
        "unit": series.unit,
        "value": np.nan if one.value is None else one.value,
        "chance": _chance(one),
        "median": np.nan,
        "low": np.nan,
        "high": np.nan,
        "crps": np.nan,
        "brier": np.nan,
        **dict.fromkeys(_INTERVALS, np.nan),
        "source": one.source,
    }
    # of a day that may never come, the chance is scored apart from the day
    happened = one.value is not None and (said.chance is None or one.value == 1)
    scores["brier"] = (_chance(one) - happened) ** 2
    if said.quantiles is not None and one.value is not None:
        at = dict(zip(LEVELS, said.quantiles, strict=True))
        scores |= {"median": at[0.5], "low": at[0.1], "high": at[0.9]}
        scores["crps"] = float(quantile_crps(said.quantiles, LEVELS, one.value))
        for name, (low, high) in _INTERVALS.items():
            scores[name] = at[low] <= one.value <= at[high]
    return scores


def _chance(one: Held) -> float:
    """Give the chance that was published: of a yes, or that a day comes at all."""
    said = one.said
    if said.chance is not None:
        return said.chance
    if one.series.span == "end" and said.never_share is not None:
        return 1 - said.never_share
    return np.nan
