"""Rehearse the forecast of weekly customs volumes on truths that the model made itself.

    python benchmarks/rehearsal.py [--members N] [--truths N] [--branched N]

Members held out of a pool of the prior of Mali stand for the truth, each in its turn.
All that is known of a truth on an origin is what customs have reported of each whole
week, with their coverage and their errors (docs/model/observation.md). The pool is
conditioned on these reports: summaries are learned of them, and the nearest members are
chosen as a conditioned ensemble is. Forecast is what customs will report 1, 2, 4 and 8
weeks ahead.

Rivals know the same reports, those of the weeks before the ban too: without them they
do worse. The mixture of conditioned ensemble and rival is learned by lead on other
truths, from outcomes that were known by the origin. Truths are independent, so that
intervals of skill are from draws of whole truths.

How narrow a forecast could be: truths are made again up to an origin, each as many
branches, which live on from there with luck of their own. What branches of one truth
differ by is luck to come, and errors of the reports to come: nobody could know more on
the origin than the truth itself, with all its parameters.
"""

# ruff: noqa: PD011 - Summaries have values too

from __future__ import annotations

import argparse
import warnings
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from supplyline.analysis.forecast_series import Ahead, forecast_series
from supplyline.analysis.scores import (
    cramer_distance,
    crps,
    is_covered,
    pit,
    width,
)
from supplyline.case.case import load_case
from supplyline.conditioning.features import fit_features
from supplyline.conditioning.gate import gate_table
from supplyline.conditioning.learned import add_up, learn, split_folds
from supplyline.conditioning.weights import resample, weigh
from supplyline.engine.draws import member_uniforms
from supplyline.engine.summaries import simulate_summaries
from supplyline.errors import SupplylineWarning
from supplyline.forecasts import mixture
from supplyline.forecasts.bootstrap import skill
from supplyline.forecasts.rivals import Past, forecast
from supplyline.runs.lineage import Lineage, Stretch, fresh_luck

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from supplyline.case.case import Case
    from supplyline.runs import Run

    Floats = NDArray[np.float64]

LEADS: Final = (1, 2, 4, 8)
"""Weeks ahead."""
ORIGINS: Final = (8, 12, 16, 20, 24, 28)
"""Weeks of the run that are reported on each origin."""
SCORED: Final = ORIGINS[2:]
"""Origins by which forecasts of all leads have come to be known."""
WEEK: Final = 7
LEVEL: Final = 0.8
NEAREST_SHARE: Final = 1 / 30
"""Share of the pool that is weighed, as by `condition`."""
ENSEMBLE: Final = 1000
"""Members of each forecast, as many as a rival has."""
BRANCHES: Final = 100
BRANCHED_AT: Final = (16, 24)
"""Origins on which truths are branched."""
SEED: Final = 3


class Pool(NamedTuple):
    """Weekly customs reports of members; the last members stand for truths."""

    reports: Floats
    """Shape (member, week)."""
    weeks: pd.DatetimeIndex
    """Last day of each week."""
    truths: int
    """Truths that are scored; as many before them teach the mixture."""

    @property
    def trained(self) -> Floats:
        """Reports of the members that are conditioned."""
        return self.reports[: -2 * self.truths]

    @property
    def teachers(self) -> Floats:
        """Reports of the truths that the mixture is learned on."""
        return self.reports[-2 * self.truths : -self.truths]

    @property
    def scored(self) -> Floats:
        """Reports of the truths that are scored."""
        return self.reports[-self.truths :]


class Forecast(NamedTuple):
    """What was forecast of a truth on an origin."""

    truth: int
    seen: Floats
    """Reports that were known."""
    members: Floats
    """Conditioned members, shape (member, lead)."""
    came: Floats
    """Shape (lead)."""


def customs(run: Run) -> Floats:
    """Give what customs report of every whole week, shape (member, week)."""
    [series] = [
        one for one in forecast_series(run.case) if one.name == "customs_volume"
    ]
    return np.asarray(series.values(all_weeks(run), [""])[..., 0], np.float64)


def counted(run: Run) -> Floats:
    """Give the same without the errors of reports."""
    volumes = all_weeks(run).sums("imports_kl", "week").sum(axis=2) / 1000
    return np.asarray(volumes * run.params[["customs_coverage"]].to_numpy())


def all_weeks(run: Run) -> Ahead:
    """Take a run by all its weeks."""
    weeks = pd.DatetimeIndex(run.weekly.indexes["week"])
    return Ahead(run, weeks[0] - pd.Timedelta(days=1), weeks)


def last_days(case: Case, weeks: int) -> pd.DatetimeIndex:
    """Give the last day of each of the first weeks of a run."""
    end = pd.Timestamp(case.config.start) + pd.Timedelta(days=WEEK - 1)
    return pd.date_range(end, periods=weeks, freq=f"{WEEK}D")


def days_for(case: Case, weeks: int) -> int:
    """Tell how many days after the cut-off a run of some weeks has."""
    return WEEK * weeks - (case.config.cutoff - case.config.start).days - 1


def make_pool(case: Case, members: int, truths: int) -> Pool:
    """Simulate members of the prior, with the truths after them."""
    weeks = ORIGINS[-1] + LEADS[-1]
    made = simulate_summaries(
        case,
        {"customs": customs},
        members=members + 2 * truths,
        days=days_for(case, weeks),
        seed=SEED,
    )
    return Pool(made.values["customs"], last_days(case, weeks), truths)


def forecasts(trained: Floats, truths: Floats, origin: int) -> Iterator[Forecast]:
    """Forecast truths on an origin by members conditioned on their reports."""
    to_come = [origin + lead - 1 for lead in LEADS]
    folds = split_folds(np.arange(len(trained)))
    features = fit_features(trained[:, :origin])
    own = features.transform(trained[:, :origin])
    moments = add_up(own, trained[:, to_come], folds)
    learned = learn(moments, np.ones(len(moments.column)))
    summaries = learned.of_pool(own, folds)
    seen = learned.of_others(features.transform(truths[:, :origin]))
    nearest = round(NEAREST_SHARE * len(trained))
    for truth, summary in enumerate(seen):
        weights = weigh(summaries, summary, nearest)
        chosen = resample(weights, ENSEMBLE, SEED, f"rehearsal/{origin}/{truth}")
        values, came = trained[chosen][:, to_come], truths[truth, to_come]
        yield Forecast(truth, truths[truth, :origin], values, came)


def rivals(given: Forecast, weeks: pd.DatetimeIndex, lead: int) -> dict[str, Floats]:
    """Give the forecasts of the rivals."""
    known = weeks[: len(given.seen)]
    days = np.asarray((known - known[-1]).days, np.float64)
    past = Past(days, given.seen, least=0.0)
    return forecast(past, WEEK * lead, is_count=False, members=ENSEMBLE)


def history(pool: Pool) -> pd.DataFrame:
    """Score conditioned members and rivals on the truths that teach the mixture."""
    rows = []
    for origin in ORIGINS:
        for given in forecasts(pool.trained, pool.teachers, origin):
            own = crps(given.members, given.came)
            for number, lead in enumerate(LEADS):
                known = pool.weeks[origin + lead - 1]
                values, came = given.members[:, number], given.came[number]
                for name, other in rivals(given, pool.weeks, lead).items():
                    apart = cramer_distance(values, other)
                    row = known, lead, name, own[number], crps(other, came), apart
                    rows.append(row)
    columns = ["known", "lead", "rival", "crps", "rival_crps", "distance"]
    return pd.DataFrame(rows, columns=columns).astype({"crps": float})


def score_truths(pool: Pool, past: pd.DataFrame) -> pd.DataFrame:
    """Score every forecast of the scored truths, a row for each."""
    rows = []
    for origin in SCORED:
        shares = mixture.learned_shares(past, pool.weeks[origin - 1])
        to_come = [origin + lead - 1 for lead in LEADS]
        prior = pool.trained[:ENSEMBLE][:, to_come]
        for given in forecasts(pool.trained, pool.scored, origin):
            for number, lead in enumerate(LEADS):
                others = rivals(given, pool.weeks, lead)
                ensembles = mixed(given.members[:, number], others, shares[lead])
                ensembles["prior"] = prior[:, number], None
                came = given.came[number]
                rows += [
                    {"truth": given.truth, "origin": origin, "lead": lead, "of": name}
                    | scores(f"{given.truth}/{origin}/{lead}", values, came, weights)
                    for name, (values, weights) in ensembles.items()
                ]
    return pd.DataFrame(rows)


def mixed(
    values: Floats, others: dict[str, Floats], share: mixture.Share
) -> dict[str, tuple[Floats, Floats | None]]:
    """Add the mixture to conditioned members and rivals, all with their weights."""
    return {
        "conditioned": (values, None),
        "mixture": mixture.pool(values, others[share.rival], share.weight),
        **{name: (other, None) for name, other in others.items()},
    }


def scores(
    name: str, values: Floats, came: float, weights: Floats | None
) -> dict[str, float]:
    """Score one ensemble."""
    luck = member_uniforms(SEED, "rehearsal", name, range(1))[0]
    return {
        "crps": float(crps(values, came, weights)),
        "is_held": float(is_covered(values, came, LEVEL, weights)),
        "width": float(width(values, LEVEL, weights)),
        "place": float(pit(values, came, luck, weights)),
    }


def by_truth(scored: pd.DataFrame, name: str, column: str, lead: int) -> Floats:
    """Lay scores out by truth and origin."""
    of = scored[(scored["of"] == name) & (scored["lead"] == lead)]
    return of.pivot_table(column, "truth", "origin").to_numpy(np.float64)


def skill_table(scored: pd.DataFrame) -> pd.DataFrame:
    """Tell the skill of members and mixture against each rival, with its interval."""
    lines = {}
    for own in ("conditioned", "mixture"):
        others = [name for name in scored["of"].unique() if name != own]
        for lead in LEADS:
            lines[own, lead] = {
                name: skill_text(scored, own, name, lead) for name in others
            }
    return pd.DataFrame(lines).T.drop(columns="mixture")


def skill_text(scored: pd.DataFrame, own: str, other: str, lead: int) -> str:
    """Write the skill of one forecast against another; draws are of truths."""
    parts = (by_truth(scored, name, "crps", lead) for name in (own, other))
    told = skill(*parts, name=f"{own}/{other}/{lead}")
    return f"{told.value:.2f} ({told.low:.2f} to {told.high:.2f})"


def band_table(scored: pd.DataFrame) -> pd.DataFrame:
    """Tell what bands hold, how wide they are, and where truths lie in them."""
    lines = {}
    for lead in LEADS:
        prior = by_truth(scored, "prior", "width", lead).mean(axis=0)
        for name in ("conditioned", "mixture", "last value", "prior"):
            places = by_truth(scored, name, "place", lead)
            wide = by_truth(scored, name, "width", lead).mean(axis=0)
            fifths = np.histogram(places, np.linspace(0, 1, 6))[0] / places.size
            # by origin, as places of one truth on two origins are alike
            chance = gate_table(places, [str(origin) for origin in SCORED])[
                "chance"
            ].min()
            lines[lead, name] = {
                "held": by_truth(scored, name, "is_held", lead).mean(),
                "width over the prior's": (wide / prior).mean(),
                **{f"fifth {k + 1}": share for k, share in enumerate(fifths)},
                "least chance": chance,
            }
    return pd.DataFrame(lines).T


def branch(case: Case, numbers: NDArray[np.int64], origin: int) -> dict[str, Floats]:
    """Let truths part on an origin, and give the reports to come of their branches.

    Shape (truth, branch, lead).
    """
    luck = np.repeat(numbers, BRANCHES)
    parted = Stretch(WEEK * origin, fresh_luck(0, len(luck)))
    made = simulate_summaries(
        case,
        {"reports": customs, "counts": counted},
        lineage=Lineage((Stretch(0, luck), parted)),
        days=max(1, days_for(case, origin + LEADS[-1])),
        seed=SEED,
    )
    to_come = [origin + lead - 1 for lead in LEADS]
    return {
        name: values[:, to_come].reshape(len(numbers), BRANCHES, len(LEADS))
        for name, values in made.values.items()
    }


def limit_table(
    case: Case, pool: Pool, scored: pd.DataFrame, count: int
) -> pd.DataFrame:
    """Part the variance of reports to come by what could be known of it."""
    numbers = np.arange(len(pool.reports) - pool.truths, len(pool.reports))[:count]
    parts = []
    for origin in BRANCHED_AT:
        branches = branch(case, numbers, origin)
        to_come = [origin + lead - 1 for lead in LEADS]
        prior = pool.trained[:, to_come]
        whole = prior.var(axis=0)
        left = {
            name: values.var(axis=1, ddof=1).mean(axis=0) / whole
            for name, values in branches.items()
        }
        narrow = width(branches["reports"].transpose(1, 0, 2), LEVEL).mean(axis=0)
        is_own = (scored["of"] == "conditioned") & (scored["origin"] == origin)
        own = scored[is_own].groupby("lead")["width"].mean().to_numpy()
        parts.append(
            pd.DataFrame(
                {
                    "origin": origin,
                    "lead": LEADS,
                    "luck to come": left["counts"],
                    "errors of reports": left["reports"] - left["counts"],
                    "state and parameters": 1.0 - left["reports"],
                    "told by reports": told(pool, origin),
                    "width, all known": narrow / width(prior, LEVEL),
                    "width, conditioned": own / width(prior, LEVEL),
                }
            )
        )
    return pd.concat(parts).set_index(["origin", "lead"])


def told(pool: Pool, origin: int) -> Floats:
    """Give the share of the variance that the conditioned mean tells, by lead."""
    given = list(forecasts(pool.trained, pool.scored, origin))
    middle = np.stack([each.members.mean(axis=0) for each in given])
    came = np.stack([each.came for each in given])
    error = ((came - middle) ** 2).mean(axis=0)
    return np.asarray(1.0 - error / came.var(axis=0))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--members", type=int, default=24_000)
    parser.add_argument("--truths", type=int, default=200)
    parser.add_argument("--branched", type=int, default=100, help="truths branched")
    asked = parser.parse_args()
    warnings.simplefilter("ignore", SupplylineWarning)
    case = load_case("mali")
    pool = make_pool(case, asked.members, asked.truths)
    scored = score_truths(pool, history(pool))
    means = scored.pivot_table("crps", "lead", "of", sort=False)
    print(means.round(2).to_string())
    print(skill_table(scored).to_string())
    print(band_table(scored).round(3).to_string())
    print(limit_table(case, pool, scored, asked.branched).round(2).to_string())


if __name__ == "__main__":
    main()
