"""Forecast the reported rows of Mali from three days of 2025, against simple forecasts.

    python benchmarks/origins.py [--members N] [--seed N] [--write FOLDER] [--reports]

Origins: 30 September, 31 October and 30 November 2025. Rows: all of observed.csv and
the three readings of stations whose window begins after the origin; a running count
(trucks lost) also where only its end lies after it. Givens of the case are left out.

The model at an origin is the case as it was known then: cut-off on that day, and only
measures that had begun and whose source was published by then. So the truce of
November, told on 6 December, is in none of the three, and the escort step, expected on
8 October, is not in the first. Priors and structure were chosen with all of 2025 in
view; that cannot be taken back. Members are not chosen by what was observed before.

Simple forecasts know every earlier observation of the same series, though some were
published later:

last
    The last value.
mean
    All earlier values, each as likely.
walk
    A random walk from the last value, not below 0: the variance of a day is the mean of
    squared steps over the days between them. Needs two values.

Values of a period are taken by the day where they are sums. The score is the CRPS over
the size of the reported value, 0 being best. Distances count from the reported range
(facts_2025.py): "more than 900" is not missed by more. With --reports the model tells
what reports would say, as in facts_2025.py.
"""

from __future__ import annotations

import argparse
import datetime as dt
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from facts_2025 import read_facts, values_at
from scores import crps, report_of

from supplyline.case.case import load_case
from supplyline.case.frames import rows
from supplyline.case.series import observed_series
from supplyline.engine.simulate import simulate
from supplyline.errors import SupplylineWarning

if TYPE_CHECKING:
    from scores import Floats, Report

    from supplyline.case.case import Case

ORIGINS = ("2025-09-30", "2025-10-31", "2025-11-30")
END = dt.date(2025, 12, 31)
SIMPLE = ("last", "mean", "walk")
WALKS = 2000
SUMS = ("customs_volume_ml", "escorted_convoys")
"""Series that are sums over their window."""
RUNNING = "trucks_lost_cumulative"


def observations(case: Case) -> pd.DataFrame:
    """List what was observed: rows of observed.csv, then the readings of stations."""
    facts = read_facts()
    stations = facts[facts["kind"] == "stations"]
    stations = stations.rename(columns={"fact": "claim", "measure": "series"})
    seen = pd.concat([case.observed, stations], join="inner", ignore_index=True)
    given = facts.loc[facts["use"] == "given", "fact"]
    seen["is_given"] = seen["claim"].isin(given)
    return seen


def asked(seen: pd.DataFrame, origin: pd.Timestamp) -> pd.DataFrame:
    """Choose the rows to forecast on a day."""
    is_later = (seen["start"] > origin) | (seen["series"] == RUNNING)
    return seen[is_later & (seen["end"] > origin) & ~seen["is_given"]]


def rate(row: Any) -> float:  # noqa: ANN401 - a row of a table
    """Give a value by the day where it is a sum."""
    days = (row.end - row.start).days + 1
    return float(row.value / days if row.series in SUMS else row.value)


def walk(times: Floats, values: Floats, ahead: float) -> Floats | None:
    """Draw the end of a random walk; None where no step was seen."""
    spans = np.diff(times)
    if not spans.any():
        return None
    steps = np.diff(values)[spans > 0]
    daily = np.mean(steps**2 / spans[spans > 0])
    draws = np.random.default_rng(1).normal(size=WALKS)
    return np.maximum(values[-1] + draws * np.sqrt(daily * ahead), 0.0)


def simple_forecasts(
    seen: pd.DataFrame,
    row: Any,  # noqa: ANN401 - a row of a table
    origin: pd.Timestamp,
) -> dict[str, Floats]:
    """Forecast a row from earlier observations of its series, as far as there are."""
    before = seen[(seen["series"] == row.series) & (seen["end"] <= origin)]
    before = before.sort_values(["end", "start"], kind="stable")
    if before.empty:
        return {}
    values = np.array([rate(each) for each in rows(before)])
    middle = before["start"] + (before["end"] - before["start"]) / 2
    times = (middle - origin) / pd.Timedelta(days=1)
    ahead = (row.start + (row.end - row.start) / 2 - origin) / pd.Timedelta(days=1)
    forecasts = {"last": values[-1:], "mean": values}
    walked = walk(times.to_numpy(), values, max(ahead, 0) - times.iloc[-1])
    if walked is not None:
        forecasts["walk"] = walked
    scale = (row.end - row.start).days + 1 if row.series in SUMS else 1
    return {name: scale * values for name, values in forecasts.items()}


def from_range(values: Floats, report: Report) -> Floats:
    """Shift values so that those inside the reported range lie at its value."""
    below = np.minimum(values - report.low, 0)
    above = np.maximum(values - report.high, 0)
    return np.asarray(report.value + below + above)


def score_rows(
    case: Case, origin: pd.Timestamp, members: int, seed: int, *, told: bool
) -> list[Any]:
    """Score the model and the simple forecasts on every row after an origin."""
    seen, config = observations(case), case.config
    series = observed_series(case.places["place"], config.products, config.currency)
    days = (END - origin.date()).days
    known = case.known_by(origin.date())
    run = simulate(known, days=days, members=members, seed=seed)
    table = []
    for row in rows(asked(seen, origin)):
        # readings of stations have the name of their measure
        measure = series[row.series].measure if row.series in series else row.series
        report = report_of(row.value, row.low, row.high)
        window, name = (row.start, row.end), row.claim if told else None
        model = values_at(run, measure, *window, missing=0.0, report=name)
        forecasts = {"model": model, **simple_forecasts(seen, row, origin)}
        scores = {
            name: crps(from_range(values, report), row.value) / abs(row.value)
            for name, values in forecasts.items()
        }
        entry = {"origin": origin.date(), "row": row.claim, "series": row.series}
        table.append(
            entry
            | {"end": row.end.date(), "value": row.value, "median": np.median(model)}
            | scores
        )
    return table


def relative(table: pd.DataFrame) -> pd.DataFrame:
    """Set the model against the best simple forecast of each row."""
    best = table[list(SIMPLE)].min(axis=1)
    table["model over best"] = table["model"] / best.where(best > 0)
    names = table[["model", *SIMPLE]].dropna(how="all", axis=1)
    table["winner"] = names.idxmin(axis=1).where(best.notna(), "no other")
    return table


def totals(table: pd.DataFrame) -> pd.DataFrame:
    """Average the scores over rows that both the model and the other can forecast."""
    lines = []
    for origin, part in [*table.groupby("origin"), ("all", table)]:
        for name in SIMPLE:
            both = part[part[name].notna()]
            if both.empty:
                continue
            lines.append(
                {
                    "origin": origin,
                    "against": name,
                    "rows": len(both),
                    "model": both["model"].mean(),
                    "other": both[name].mean(),
                    "model over other": both["model"].mean() / both[name].mean(),
                    "model wins": (both["model"] < both[name]).sum(),
                }
            )
    return pd.DataFrame(lines)


def forecast_scores(
    case: Case, members: int, seed: int, *, told: bool = False
) -> pd.DataFrame:
    """Score every row after every origin."""
    origins = [pd.Timestamp(origin) for origin in ORIGINS]
    scored = [score_rows(case, day, members, seed, told=told) for day in origins]
    return relative(pd.DataFrame([row for part in scored for row in part]))


def main() -> None:
    """Print every row, then who wins."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--members", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    parser.add_argument("--reports", action="store_true")
    given = parser.parse_args()
    warnings.simplefilter("ignore", SupplylineWarning)
    table = forecast_scores(
        load_case("mali"), given.members, given.seed, told=given.reports
    )
    means = totals(table)
    if given.write:
        given.write.mkdir(parents=True, exist_ok=True)
        table.to_csv(given.write / "origins.csv", index=False, float_format="%.4g")
        means.to_csv(given.write / "totals.csv", index=False, float_format="%.4g")
    print(table.round(3).to_string(index=False))
    print(means.round(3).to_string(index=False))
    print(table["winner"].value_counts().to_string())


if __name__ == "__main__":
    main()
