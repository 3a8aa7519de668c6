"""The list of published forecasts, each with its scores so far."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from supplyline.errors import ForecastError, Problem, shown
from supplyline.forecasts.outcomes import kept_beside, score_forecast
from supplyline.forecasts.publish import REGISTER
from supplyline.forecasts.published import read_forecast
from supplyline.forecasts.register import INDEX, Entry, read_entries

SCORES: Final = ("in_80", "in_90", "brier")
"""Scores of which the list tells the mean."""


def read_forecasts(
    register: str | Path = REGISTER, *, entry: str | None = None
) -> pd.DataFrame:
    """List the published forecasts with their scores so far, if none was changed.

    Every file, and the chain of entries, is held against its hashes.

    Parameters
    ----------
    register : str or pathlib.Path
        Folder of published forecasts.
    entry : str, optional
        Hash of an entry that was written down elsewhere and has to be there.

    Returns
    -------
    forecasts : pandas.DataFrame
        One row each, in the order of publication: ``number``, ``file``, ``case``,
        ``title``, ``origin``, ``horizon``, ``published_on``, ``is_prior``, ``windows``
        published, ``outcomes`` kept, of these the shares ``in_80`` and ``in_90`` % and
        the mean ``brier`` [1], ``sha256`` and the hash of the ``entry``.

    Raises
    ------
    ForecastError
        If there is no register, a byte of it or of a file was changed, an entry is
        missing, or kept outcomes have faults; all are told at once.
    """
    folder = Path(register)
    entries = read_entries(folder)
    if not entries:
        found, expected = (
            "holds no register",
            f"a folder with {INDEX}, as publish makes",
        )
        raise ForecastError(
            str(folder), [Problem(str(folder), None, None, found, expected)]
        )
    if entry is not None and entry not in {each.entry for each in entries}:
        found = f"has no entry {shown(entry)}: it was removed, or all were written anew"
        raise ForecastError(INDEX, [Problem(INDEX, None, None, found)])
    rows, problems = [], list[Problem]()
    for each in entries:
        try:
            rows.append(_row(folder, each))
        except ForecastError as error:
            problems += error.problems
    if problems:
        raise ForecastError(str(folder), problems)
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS: Final = (
    "number", "file", "case", "title", "origin", "horizon", "published_on",
    "is_prior", "windows", "outcomes", *SCORES, "sha256", "entry",
)  # fmt: skip


def _row(folder: Path, entry: Entry) -> dict[str, Any]:
    """Tell of one forecast."""
    path = folder / entry.file
    forecast, _ = read_forecast(path)
    row = {
        **entry.model_dump(exclude={"before"}),
        "title": forecast.title,
        "horizon": forecast.horizon,
        "is_prior": forecast.basis.is_prior,
        "windows": sum(len(series.said) for series in forecast.series),
        "outcomes": 0,
        **dict.fromkeys(SCORES, np.nan),
    }
    if kept_beside(path).exists():
        scores = score_forecast(path)
        row["outcomes"] = len(scores)
        row |= {name: scores[name].astype(float).mean() for name in SCORES}
    return row
