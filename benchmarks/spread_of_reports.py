"""Tell how far claims of Mali about the same thing at the same time lie apart.

    python benchmarks/spread_of_reports.py

Pairs of claims are those of `compare_claims`, but for claims whose own note calls them
an outlier, implausible or wrong. Two claims of log x and y differ by the errors of
both, so (x - y)^2 / 2 is the variance of one; its mean over the pairs of a kind is what
the priors of the errors of reports rest on (docs/model/observation.md). By grades of
the two sources, variances are given over the mean of their kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from supplyline.case.case import load_case
from supplyline.case.contradictions import compare_claims
from supplyline.case.lookup import grades_of

if TYPE_CHECKING:
    import pandas as pd

    from supplyline.case.case import Case

DOUBTED = "outlier|implausible|WRONG"
KINDS = {
    "price": "quote",
    "losses": "claim",
    "convoy": "count",
    "wagner": "count",
    "regime": "count",
    "supply_normal": "official",
}
"""Subject to kind of report; a pair in days is a spell."""


def differences(case: Case) -> pd.DataFrame:
    """Give for each pair its kind and the variance that it tells of one claim."""
    claims = case.claims
    doubted = set(claims[claims["note"].fillna("").str.contains(DOUBTED)]["claim"])
    pairs = compare_claims(claims)
    pairs = pairs[~(pairs["claim"].isin(doubted) | pairs["other_claim"].isin(doubted))]
    pairs = pairs.reset_index(drop=True)
    is_spell = pairs["unit"] == "days"
    # a rise of 400 % is a price five times as high
    base = np.where(pairs["quantity"] == "price_increase", 100.0, 0.0)
    sides = []
    for low, high in (("low", "high"), ("other_low", "other_high")):
        middle = np.sqrt((pairs[low] + base) * (pairs[high] + base))
        sides.append(np.where(is_spell, middle, np.log(middle)))
    pairs["kind"] = np.where(is_spell, "spell", pairs["subject"].map(KINDS))
    pairs["variance"] = (sides[0] - sides[1]) ** 2 / 2
    return pairs.dropna(subset="kind")


def by_grades(case: Case, pairs: pd.DataFrame) -> pd.DataFrame:
    """Average variances, over the mean of their kind, by the grades of both sources."""
    grade = case.claims.set_index("claim")["source"].map(grades_of(case))
    wide = pairs[pairs["kind"].isin(["claim", "count", "quote"])]
    own = wide["variance"] / wide.groupby("kind")["variance"].transform("mean")
    sides = zip(wide["claim"].map(grade), wide["other_claim"].map(grade), strict=True)
    both = ["".join(sorted(two)).replace("B", "A") for two in sides]
    return own.groupby(both).agg(["size", "mean"])


def main() -> None:
    """Print the pairs, and the spread of each kind."""
    case = load_case("mali")
    pairs = differences(case)
    shown = ["kind", "quantity", "area", "claim", "other_claim", "variance"]
    print(pairs[shown].sort_values("kind").round(4).to_string(index=False))
    spread = pairs.groupby("kind")["variance"].agg(["size", "mean"])
    print(spread.assign(sd=np.sqrt(spread["mean"])).round(3).to_string())
    print(by_grades(case, pairs).rename_axis("A or B as A").round(2).to_string())


if __name__ == "__main__":
    main()
