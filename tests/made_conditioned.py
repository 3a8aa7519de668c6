"""Conditioned ensembles made up for tests of what reads them: no pool, no engine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from supplyline.analysis.forecast_series import forecast_series
from supplyline.conditioning.conditioned import Conditioned
from supplyline.conditioning.facts import observed_values, read_facts
from supplyline.conditioning.record import Record, hash_facts
from supplyline.engine.sources import engine_sha256
from supplyline.runs import Lineage, Stretch, fresh_luck

LEVELS = ("q10", "q50", "q90")
WEEKS = 8


def made_lineage(members=64, first_day=40):
    """Live on the luck of every third member of a pool, and on fresh luck later."""
    own = np.arange(members)
    return Lineage((Stretch(0, 3 * own), Stretch(first_day, fresh_luck(0, members))))


def made_conditioned(case, members=64, **changes):
    """Make up what a conditioning of a case tells."""
    facts = _facts(case)
    used = facts["use"] == "condition"
    record = Record(
        software="0.1.0",
        case=case.name,
        case_sha256=dict(case.hashes),
        engine_sha256=engine_sha256(),
        facts_sha256=hash_facts(read_facts(case, case.config.cutoff)),
        extra_facts=0,
        origin=case.config.cutoff.isoformat(),
        steps=(),
        days=7 * WEEKS,
        seed=1,
        pool=900,
        members=members,
        facts=int(used.sum()),
        nearest=100,
        directions=4,
        effective=(41.6,),
        farther_truths=0.5,
        inside=int(facts.loc[used, "is_inside"].sum()),
        checks=int((~used).sum()),
        checks_inside=int(facts.loc[~used, "is_inside"].sum()),
        truths=200,
        step_truths=0,
        is_passed=True,
        minutes=1.0,
        peak_memory_mb=None,
    )
    made = Conditioned(
        case,
        made_lineage(members),
        record.model_copy(update=changes),
        facts,
        _forecasts(case),
        _learned(case),
        _without(case, facts[used]),
        _gate(),
    )
    assert changes or made.differences() == []
    return made


def following(run, lineage):
    """Let a made-up run follow a lineage."""
    return replace(run, lineage=lineage.of(np.asarray(run.members)))


def _facts(case):
    facts = read_facts(case, case.config.cutoff)
    columns = ["title", "start", "end", "form", "grade", "is_reading", "use", "reason"]
    table = facts[columns].assign(observed=observed_values(facts))
    for which, width in (("prior", 0.6), ("conditioned", 0.3)):
        for level, by in zip(LEVELS, (-1, 0.1, 1), strict=True):
            table[f"{which}_{level}"] = table["observed"] * (1 + by * width)
        is_yes = table["form"] == "yes"
        table[f"{which}_mean"] = table["observed"].where(~is_yes, 0.4 + width)
        table[f"{which}_place"] = 0.4
    table["is_inside"] = np.arange(len(table)) % 3 > 0
    return table


def _forecasts(case):
    ends = pd.date_range(case.config.cutoff, periods=WEEKS + 1, freq="7D")[1:]
    rows = {}
    for number, series in enumerate(forecast_series(case)):
        for label in series.labels:
            for week, end in enumerate(ends if series.span == "week" else ends[-1:]):
                scale = 1.0 if series.is_chance else 50.0
                levels = scale * np.array([0.1, 0.3, 0.7, 0.35]) * (1 + week / 20)
                both = [*levels, *(0.9 * levels), 0.5 / (number + 1)]
                rows[series.name, label, end] = both
    names = [
        f"{which}_{level}"
        for which in ("prior", "conditioned")
        for level in (*LEVELS, "mean")
    ]
    index = pd.MultiIndex.from_tuples(list(rows), names=["series", "label", "date"])
    return pd.DataFrame(list(rows.values()), index, [*names, "share"])


def _learned(case):
    params = case.params["param"].astype(str).tolist()
    names = [*params, "cash/made-up"]
    share = np.linspace(0.0, 0.6, len(names))
    table = pd.DataFrame(index=pd.Index(names, name="name"))
    table["is_param"] = table.index.isin(params)
    table["share"] = share
    table["is_learned"] = share > 0.55
    table["width"] = 1 - share
    for which in ("prior", "conditioned"):
        for level, value in zip(LEVELS, (0.2, 0.5, 0.9), strict=True):
            table[f"{which}_{level}"] = value
    return table


def _without(case, used):
    """Let the last fact weigh most, and the others less and less."""
    capital = case.config.capital
    columns = ["customs_volume", f"short_week/{capital}", "not_known/at-all"]
    rows = {("prior", ""): [0.2, 0.3, 0.0], ("all facts", ""): [0.3, 0.5, 0.0]}
    for number, fact in enumerate(used.index, 1):
        rows["without", fact] = [0.3, 0.5 - 0.02 * number, 0.0]
    rows["without", "all readings"] = [0.3, 0.49, 0.0]
    for fact in used.index[used["form"] == "yes"]:
        rows["were it false", fact] = [0.25, 0.1, 0.0]
    index = pd.MultiIndex.from_tuples(list(rows), names=["how", "fact"])
    return pd.DataFrame(list(rows.values()), index, columns)


def _gate():
    """Hold two quantities on many truths, and one of a refresh on few."""
    index = pd.MultiIndex.from_tuples(
        [
            (0, "forecast", "customs_volume", "", pd.Timestamp("2024-03-10")),
            (0, "headline", "low_supply_day", "petrol", pd.NaT),
            (1, "forecast", "customs_volume", "", pd.Timestamp("2024-03-10")),
        ],
        names=["stage", "kind", "name", "label", "date"],
    )
    return pd.DataFrame(
        {
            "truths": [200, 200, 20],
            "coverage_90": [0.88, 0.93, 0.6],
            "is_passed": True,
        },
        index,
    )
