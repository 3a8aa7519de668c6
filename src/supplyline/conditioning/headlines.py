"""Headlines: one number a member for each forecast series, to be read at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from supplyline.analysis.forecast_series import forecast_series

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from supplyline.analysis.forecast_series import ForecastSeries
    from supplyline.case.case import Case

    Values = NDArray[Any]


class Headline(NamedTuple):
    """What a headline is, in words."""

    title: str
    how: str
    """How it sums up its series."""
    unit: str


def describe_headlines(case: Case, columns: Iterable[str]) -> dict[str, Headline]:
    """Say in words what the columns of the table of influence are."""
    by_name = {series.name: series for series in forecast_series(case)}
    parted = {column: column.partition("/") for column in columns}
    return {
        column: _describe(by_name[name], label)
        for column, (name, _, label) in parted.items()
        if name in by_name
    }


def _describe(series: ForecastSeries, label: str) -> Headline:
    """Say in words what the headline of a series is."""
    place = series.labels.get(label, "")
    between = ": " if series.axis == "future" else ", "
    title = f"{series.title}{between}{place}" if place else series.title
    is_weekly = series.span == "week"
    unit = "probability" if series.is_chance or not is_weekly else series.unit
    if not is_weekly:
        how = "by the end" if series.is_chance else "that it comes by the end"
        return Headline(title, how, unit)
    how = "share of the weeks" if series.is_chance else "mean of the weeks"
    if series.axis == "region":
        how += ", all regions together"
    return Headline(title, how, unit)


def headline_values(case: Case, forecasts: pd.DataFrame) -> pd.DataFrame:
    """Give the headlines of each member: a column for each series and label.

    A weekly series counts by its mean, one by place for the capital alone, one by
    region by the sum over all, and a day by whether it comes at all.
    """
    names, labels = (
        forecasts.columns.get_level_values(level) for level in ("series", "label")
    )
    values = forecasts.to_numpy()
    columns: dict[tuple[str, str], Values] = {}
    for series in forecast_series(case):
        is_own = np.asarray(names == series.name)
        if not is_own.any() or series.span == "month":  # told by its weeks
            continue
        if series.axis == "region":
            columns[series.name, ""] = values[:, is_own].mean(axis=1) * len(
                series.labels
            )
            continue
        for label in _told(series):
            own = values[:, is_own & np.asarray(labels == label)]
            columns[series.name, label] = _headline(series, own)
    index = pd.MultiIndex.from_tuples(list(columns), names=("series", "label"))
    told = np.column_stack(list(columns.values())).astype(np.float32)
    return pd.DataFrame(told, forecasts.index, index)


def _told(series: ForecastSeries) -> list[str]:
    """Name the labels that are headlines: of places the capital, which comes first."""
    labels = list(series.labels)
    return labels[:1] if series.axis == "place" else labels


def _headline(series: ForecastSeries, values: Values) -> Values:
    """Give one number a member, of the values at all dates."""
    if series.span == "week":
        return np.asarray(values.mean(axis=1))
    last = values[:, -1]
    return last if series.is_chance else ~np.isnan(last)
