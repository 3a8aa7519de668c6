"""Ask whether the located attacks of 2025 can carry exposures of their own.

    python benchmarks/located_attacks.py [--members N] [--seed N]

A modelled loss of five trucks or more falls on a segment in proportion to length,
exposure, effort and flow. Shares of a segment in these losses, September to December,
are set against the nine located attacks of facts_2025.csv: each is left out in turn,
the shares are moved by the other eight, and the log of the share where the one left out
may have been is taken. The shares of today are compared with

- the rule of evidence, within regions (docs/evidence/effects.md), and the same by
  segment over the flow of the run: both weigh the present by `hazard_prior_weeks`;
- the ratio of counted to expected attacks, each plus a constant;
- exposures of 1, efforts of 1, or both: what was set with these attacks in view is
  taken out, so that the left-out attack is new to all sides.
"""

from __future__ import annotations

import argparse
import math
import warnings

import numpy as np
import pandas as pd
from facts_2025 import AUTUMN, read_facts

from supplyline.analysis.measures import KNOWN_ATTACK_TRUCKS
from supplyline.case.case import load_case
from supplyline.engine.simulate import simulate
from supplyline.errors import SupplylineWarning

WEEKS = 17
"""Weeks from the ban to the end of the year."""
CONSTANTS = (1, 5, 20)
LEAST = 1e-6
"""Least share of a segment, so that a log is finite."""


def loss_counts(members: int, seed: int) -> pd.DataFrame:
    """Share known attacks of a run among the roads inside the country."""
    case = load_case("mali")
    run = simulate(case, days=0, members=members, seed=seed)
    lost = run.losses[run.losses["day"].between(*AUTUMN)]
    lost = lost[lost["trucks_lost"] >= KNOWN_ATTACK_TRUCKS]
    home = case.regions[~case.regions["is_boundary"]].set_index("region")["effort"]
    roads = case.segments.set_index("segment")
    roads = roads[(roads["mode"] == "road") & roads["region"].isin(home.index)]
    roads = roads[["region", "length_km", "exposure"]]
    roads["effort"] = roads["region"].map(home)
    count = lost.groupby("segment", observed=True).size()
    return roads.assign(share=shared(count.reindex(roads.index).fillna(0.0)))


def shared(weights: pd.Series[float]) -> pd.Series[float]:
    """Make weights add up to 1, none of them 0."""
    return np.maximum(weights / weights.sum(), LEAST)


def counted(attacks: list[list[str]], share: pd.Series[float]) -> pd.Series[float]:
    """Count attacks by segment; one that may have been on several by their shares."""
    count = pd.Series(0.0, index=share.index)
    for names in attacks:
        count[names] += share[names] / share[names].sum()
    return count


def by_ratio(constant: float, count: pd.Series, expected: pd.Series) -> pd.Series:
    """Move exposures by counted over expected attacks, each plus a constant."""
    return (constant + count) / (constant + expected)


def by_weeks(weight: float, count: pd.Series, expected: pd.Series) -> pd.Series:
    """Move exposures by the rule of evidence: the present counts as many weeks."""
    return (weight * expected + WEEKS * count) / ((weight + WEEKS) * expected)


def within_regions(roads: pd.DataFrame, weight: float, count: pd.Series) -> pd.Series:
    """Move exposures within each region, by length and exposure without flow."""
    load = roads["length_km"] * roads["exposure"]
    total, here = (
        values.groupby(roads["region"]).transform("sum") for values in (load, count)
    )
    moved = by_weeks(weight, count, np.maximum(here * load / total, LEAST))
    return moved.where(here > 0, 1.0)


def log_scores(
    attacks: list[list[str]], share: pd.Series[float], rule: object = None
) -> np.ndarray:
    """Take the log of the share where each attack may have been, it left out."""
    scores = []
    for left_out, names in enumerate(attacks):
        others = attacks[:left_out] + attacks[left_out + 1 :]
        moved = share
        if callable(rule):
            moved = shared(share * rule(counted(others, share), share * len(others)))
        scores.append(math.log(moved[names].sum()))
    return np.array(scores)


def main() -> None:
    """Print the scores of every rule, and what the biggest segment was expected."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--members", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    warnings.simplefilter("ignore", SupplylineWarning)
    roads = loss_counts(given.members, given.seed)
    weight = load_case("mali").params.set_index("param").loc["hazard_prior_weeks", "a"]
    facts = read_facts()
    attacks = [text.split() for text in facts["segments"].dropna()]
    plain = {
        "as it is": roads["share"],
        "exposures of 1": shared(roads["share"] / roads["exposure"]),
        "efforts of 1": shared(roads["share"] / roads["effort"]),
        "both of 1": shared(roads["share"] / roads["exposure"] / roads["effort"]),
    }
    rules = {
        "": None,
        ", by the rule of evidence": lambda c, _: within_regions(roads, weight, c),
        ", by segment and flow": lambda c, e: by_weeks(weight, c, e),
    }
    for constant in CONSTANTS:
        rules[f", ratio plus {constant}"] = lambda c, e, k=constant: by_ratio(k, c, e)
    base = log_scores(attacks, plain["as it is"])
    for name, share in plain.items():
        for moved, rule in rules.items():
            scores = log_scores(attacks, share, rule)
            gap = scores - base
            error = gap.std(ddof=1) / math.sqrt(len(gap))
            print(
                f"{name + moved:42s} mean {scores.mean():6.3f}, against as it is "
                f"{gap.mean():+6.3f} (standard error {error:.3f})"
            )
    top = roads["share"].idxmax()
    part, number = roads["share"].max(), len(attacks)
    at_most_one = (1 - part) ** number + number * part * (1 - part) ** (number - 1)
    print(f"{top}: {part:.3f} of known attacks")
    print(f"chance of one or none there of {number}: {at_most_one:.2f}")


if __name__ == "__main__":
    main()
