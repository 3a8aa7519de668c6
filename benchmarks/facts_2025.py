"""Set one fixed list of facts of Mali in 2025 against an ensemble of the prior.

    python benchmarks/facts_2025.py [--members N] [--seed N] [--set PARAM=VALUE ...]
        [--write FOLDER] [--before FOLDER] [--twins] [--reports]

The list, facts_2025.csv, was written before any change that it is meant to judge, and
is not changed after: the 22 targets of the case, the 38 rows of its observed.csv, three
readings of stations (E049, E062, E089) and the nine located attacks on convoys of 2025.
Values stand in the list itself, so that a later case is judged by the same facts.

use
    `scored`: set against the run. `same as X`: the same claim as X, counted once.
    `given`: an input of the case (official prices, clearance, hours of electricity in
    calm times). `located`: see below.
low, high
    The range that the report itself leaves; windows of targets.csv are no reports.
missing
    What a member without a value counts as: `end`, the length of the window in days,
    for a day that never came (a shortage, a relief); `zero` for a size or a share of
    nothing (no convoy left).

Rules of scoring: scores.py.

Values are truths of the run; of imports what customs count is taken, as it was when the
list was made. With --reports they are what reports would say of these truths
(docs/model/observation.md), all as if of grade A or B, which puts errors of reports
into the bands.

Located attacks: the share of modelled trucks lost, September to December, all members
together, on the segments on which the attack may have been. Their score is the mean log
of these shares; beside it what it would be if losses went by length alone over the same
corridors inside the country.

Dynamics of the forecast: dynamics.py.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from dynamics import dynamics, twins
from scores import gap, interval_score, percentile, report_of, with_never

from supplyline.analysis.measures import find_measure
from supplyline.analysis.measuring import Asked, measured
from supplyline.analysis.reports import kind_of
from supplyline.case.case import load_case
from supplyline.case.change import Change
from supplyline.case.frames import rows
from supplyline.case.scenario import Scenario, apply
from supplyline.engine.simulate import simulate
from supplyline.errors import SupplylineWarning

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scores import Floats

    from supplyline.case.case import Case
    from supplyline.runs import Run

LIST = Path(__file__).with_suffix(".csv")
LEVELS = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
LEAST_SHARE = 1e-4
"""Share of losses taken for a segment that has none, so that its log is finite."""
AUTUMN = (pd.Timestamp("2025-09-03"), pd.Timestamp("2025-12-31"))


def read_facts() -> pd.DataFrame:
    """Read the list of facts."""
    return pd.read_csv(LIST, parse_dates=["start", "end"])


def changed(case: Case, changes: Iterable[Change]) -> Case:
    """Make changes to a case from its first day on, checked as a scenario's are."""
    title, start = "Changed", case.config.start
    return apply(case, Scenario("changed", title, "", start, tuple(changes)))


def fix(setting: str) -> Change:
    """Fix a parameter for all members; a setting is PARAM=VALUE."""
    name, _, value = setting.partition("=")
    at = {"distribution": "fixed", "a": float(value), "b": ""}
    return Change("params", where={"param": name}, set=at)


def values_at(
    run: Run,
    name: str,
    start: pd.Timestamp,
    end: pd.Timestamp,
    *,
    missing: float,
    report: str | None = None,
) -> Floats:
    """Compute a measure for every member, or what a report of it would say."""
    measure, label = find_measure(run.case, name)
    asked = Asked(report or "", measure, start, end, label)
    values = measured(run, [asked], told=report is not None)[asked.row]
    if report is None and kind_of(measure.function.__name__) == "customs":
        values = values * run.params["customs_coverage"].to_numpy()
    return with_never(np.asarray(values), missing)


def values_of(run: Run, fact: Any, *, told: bool = False) -> Floats:  # noqa: ANN401
    """Compute what a fact asks for."""
    days = (fact.end - fact.start).days + 1
    missing = days if fact.missing == "end" else 0
    report = fact.fact if told else None
    window = fact.start, fact.end
    return values_at(run, fact.measure, *window, missing=missing, report=report)


def score_facts(run: Run, *, told: bool = False) -> pd.DataFrame:
    """Set every scored fact against the run."""
    facts = read_facts()
    table = []
    for fact in rows(facts[facts["use"] == "scored"]):
        values = values_of(run, fact, told=told)
        report = report_of(fact.value, fact.low, fact.high)
        low, middle, high = np.quantile(values, list(LEVELS.values()))
        table.append(
            {
                "fact": fact.fact,
                "kind": fact.kind,
                "measure": fact.measure,
                "value": fact.value,
                "percentile": percentile(values, fact.value),
                "inside": gap((low, high), report) == 0,
                "p10": low,
                "p50": middle,
                "p90": high,
                "width": high - low,
                "score": interval_score(values, report),
            }
        )
    return pd.DataFrame(table)


def loss_shares(run: Run) -> pd.Series[float]:
    """Share the trucks lost in the autumn among segments, the largest first."""
    lost = run.losses[run.losses["day"].between(*AUTUMN)]
    by_segment = lost.groupby("segment", observed=True)["trucks_lost"].sum()
    return (by_segment / by_segment.sum()).sort_values(ascending=False)


def length_shares(case: Case) -> pd.Series[float]:
    """Share losses by length alone over the corridors of the attacks."""
    facts = read_facts()
    at = set(" ".join(facts["segments"].dropna()).split())
    paths = case.corridor_segments.merge(case.corridors[["corridor", "kind"]])
    paths = paths[paths["kind"] == "import"]
    meant = paths.loc[paths["segment"].isin(at), "corridor"]
    on_them = paths.loc[paths["corridor"].isin(meant), "segment"].unique()
    inside = case.regions.loc[~case.regions["is_boundary"], "region"]
    segments = case.segments
    is_meant = segments["segment"].isin(on_them) & segments["region"].isin(inside)
    length = segments[is_meant].set_index("segment")["length_km"]
    return length / length.sum()


def locate(shares: pd.Series[float]) -> pd.Series[float]:
    """Give the share of losses where each located attack may have been."""
    facts = read_facts()
    located = facts[facts["use"] == "located"].set_index("fact")["segments"]
    return located.map(lambda names: shares.reindex(names.split()).fillna(0).sum())


def log_score(located: pd.Series[float]) -> float:
    """Average the log of the shares of losses where attacks were."""
    return float(np.log(located.clip(lower=LEAST_SHARE)).mean())


def sums(table: pd.DataFrame) -> pd.Series[float]:
    """Count what is inside, and add up the scores."""
    counts = {"facts scored": len(table), "inside": table["inside"].sum()}
    counts["inside [%]"] = 100 * table["inside"].mean()
    for kind, part in table.groupby("kind", sort=False):
        counts[f"inside, {kind} of {len(part)}"] = part["inside"].sum()
    counts["sum of interval scores"] = table["score"].sum()
    counts["geometric mean of interval scores"] = np.exp(np.log(table["score"]).mean())
    return pd.Series(counts, dtype=float)


def summary(run: Run, table: pd.DataFrame) -> pd.Series[float]:
    """Gather every number of a run that is not of one fact."""
    shares = loss_shares(run)
    largest = {
        f"share of losses on {name}": share for name, share in shares.head(5).items()
    }
    located = locate(shares)
    places = {f"share of losses at {name}": share for name, share in located.items()}
    scores = {
        "located attacks, mean log share": log_score(located),
        "located attacks, by length alone": log_score(locate(length_shares(run.case))),
        "biggest segment's share of losses": shares.iloc[0],
    }
    parts = (pd.Series(part, dtype=float) for part in (scores, largest, places))
    return pd.concat([sums(table), dynamics(run), *parts])


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--members", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--set", nargs="*", default=[], metavar="PARAM=VALUE")
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    parser.add_argument("--before", type=Path, metavar="FOLDER")
    parser.add_argument("--twins", action="store_true")
    parser.add_argument("--reports", action="store_true")
    return parser.parse_args()


def beside(table: pd.DataFrame, before: Path) -> pd.DataFrame:
    """Put the numbers of an earlier tree beside those of this one."""
    old = pd.read_csv(before / "facts.csv").set_index("fact")
    names = ["percentile", "inside", "width", "score"]
    return table.join(old[names].add_suffix(", before"), on="fact")


def main() -> None:
    """Print the facts, then the dynamics."""
    asked = arguments()
    warnings.simplefilter("ignore", SupplylineWarning)
    case = changed(load_case("mali"), map(fix, asked.set))
    run = simulate(case, members=asked.members, seed=asked.seed)
    table = score_facts(run, told=asked.reports)
    numbers = summary(run, table)
    if asked.twins:
        numbers = pd.concat([numbers, twins(case)])
    if asked.write:
        asked.write.mkdir(parents=True, exist_ok=True)
        table.to_csv(asked.write / "facts.csv", index=False, float_format="%.6g")
        numbers.rename("value").to_csv(
            asked.write / "numbers.csv", index_label="number", float_format="%.6g"
        )
    shown = numbers.to_frame("value")
    if asked.before:
        table = beside(table, asked.before)
        shown["before"] = pd.read_csv(asked.before / "numbers.csv", index_col=0)
    print(table.round(3).to_string(index=False))
    print(shown.round(3).to_string())


if __name__ == "__main__":
    main()
