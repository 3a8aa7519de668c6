"""Skill with its interval, and mixtures that know no future."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from supplyline.analysis.scores import cramer_distance, crps
from supplyline.forecasts import mixture
from supplyline.forecasts.bootstrap import skill
from supplyline.forecasts.mixture import best_weight, learned_shares, pool

BOUND = 4.9
RNG = np.random.default_rng(12)


def exponential(*shape, seed=1):
    return np.random.default_rng(seed).exponential(size=shape)


def test_skill_is_the_part_of_the_rival_score_that_is_saved():
    own, other = exponential(40), exponential(40, seed=2)

    told = skill(own, other, name="x")

    assert told.value == pytest.approx(1 - own.mean() / other.mean())
    assert told.low < told.value < told.high
    assert told.origins == 40


def test_skill_of_the_rival_itself_is_exactly_none():
    own = exponential(30)
    assert skill(own, own, name="x")[:3] == (0, 0, 0)


def test_skill_counts_what_both_scored():
    own, other = exponential(6, 2), exponential(6, 2, seed=2)
    own[0] = np.nan
    other[1, 0] = np.nan

    told = skill(own, other, name="x")

    kept_own = [own[1, 1], *own[2:].ravel()]
    kept_other = [other[1, 1], *other[2:].ravel()]
    assert told.value == pytest.approx(1 - np.mean(kept_own) / np.mean(kept_other))
    assert told.origins == 5


@pytest.mark.parametrize(
    ("origins", "overlap", "has_interval"),
    [(0, 1, False), (9, 1, False), (10, 1, True), (14, 3, False), (15, 3, True)],
)
def test_few_origins_have_no_interval(origins, overlap, has_interval):
    told = skill(exponential(origins), exponential(origins), name="x", overlap=overlap)
    assert np.isfinite(told.low) == has_interval


def test_a_rival_that_lost_nothing_cannot_be_compared_with():
    assert np.isnan(skill(np.ones(9), np.zeros(9), name="x").value)


def test_luck_of_the_bootstrap_is_a_function_of_its_name():
    own, other = exponential(40), exponential(40, seed=2)
    assert skill(own, other, name="x") == skill(own, other, name="x")
    assert skill(own, other, name="x") != skill(own, other, name="y")


def alike(cases, origins, seed):
    """Make scores whose neighbours are alike: moving means of eight."""
    steps = np.random.default_rng(seed).exponential(size=(cases, origins + 7))
    return np.lib.stride_tricks.sliding_window_view(steps, 8, axis=1).mean(axis=2)


@pytest.mark.statistical
@pytest.mark.parametrize(("in_order", "accepted"), [(True, True), (False, False)])
def test_interval_holds_the_skill_of_scores_that_overlap(in_order, accepted):
    cases, origins = 300, 400
    own, other = alike(cases, origins, 3), alike(cases, origins, 4)
    if not in_order:
        mixed = np.random.default_rng(5).permutation(origins)
        own, other = own[:, mixed], other[:, mixed]

    told = [
        skill(*pair, name=f"{n}", overlap=8)
        for n, pair in enumerate(zip(own, other, strict=True))
    ]
    inside = np.mean([each.low <= 0 <= each.high for each in told])

    # of the variance, the sum of 1 - k/8 over lags, blocks of 8 see that of its square;
    # where neighbours are torn apart they see an eighth, and hold 0.44
    seen = (1 - np.abs(np.arange(-7, 8)) / 8) ** 2
    holds = 2 * stats.norm.cdf(stats.norm.ppf(0.95) * np.sqrt(seen.sum() / 8)) - 1
    error = np.sqrt(holds * (1 - holds) / cases)
    assert bool(abs(inside - holds) < BOUND * error) is accepted


def pairs(count, seed=5):
    """Make past forecasts of a sharp, biased model and a wide rival."""
    rng = np.random.default_rng(seed)
    seen = rng.normal(size=count)
    model = rng.normal(0.6, 0.5, size=(50, count))
    rival = rng.normal(-0.2, 1.5, size=(80, count))
    return seen, model, rival


@pytest.mark.parametrize("seed", range(4))
def test_the_best_weight_is_that_of_a_search(seed):
    seen, model, rival = pairs(12, seed)
    scores = crps(model, seen), crps(rival, seen), cramer_distance(model, rival)

    def pooled(weight):
        values, weights = pool(model, rival, weight)
        return crps(values, seen, weights).mean()

    grid = np.linspace(0, 1, 2001)
    searched = grid[np.argmin([pooled(weight) for weight in grid])]
    assert best_weight(*scores) == pytest.approx(searched, abs=5.1e-4)


@pytest.mark.parametrize(("own", "weight"), [(0.1, 1), (9.0, 0)])
def test_a_forecast_that_is_far_better_is_taken_alone(own, weight):
    five = np.ones(5)
    assert best_weight(own * five, 2 * five, 0.5 * five) == weight


def test_two_that_are_the_same_are_mixed_evenly():
    five = np.ones(5)
    assert best_weight(five, five, 0 * five) == 0.5


def test_a_pool_has_the_weights_asked_for():
    values, weights = pool(np.zeros(10), np.ones(4), 0.3)
    assert weights.sum() == pytest.approx(1)
    assert weights[values == 0].sum() == pytest.approx(0.3)


def history(count=30):
    """Make weekly origins with leads of 7 and 28 days against two rivals."""
    rows = []
    for lead in (7, 28):
        for rival, seed in (("last value", 5), ("mean", 6)):
            seen, model, other = pairs(count, seed + lead)
            origin = pd.date_range("2025-01-01", periods=count, freq="7D")
            rows.append(
                pd.DataFrame(
                    {
                        "origin": origin,
                        "known": origin + pd.Timedelta(days=lead),
                        "lead": lead,
                        "rival": rival,
                        "crps": crps(model, seen),
                        "rival_crps": crps(other, seen),
                        "distance": cramer_distance(model, other),
                    }
                )
            )
    return pd.concat(rows, ignore_index=True)


ORIGIN = pd.Timestamp("2025-05-01")


def with_another_future(table, origin, by):
    """Turn round who was better in all that was known after an origin."""
    later = table[by] > origin
    changed = table.copy()
    changed.loc[later, ["crps", "rival_crps"]] = table.loc[
        later, ["rival_crps", "crps"]
    ].to_numpy() * [9, 1]
    return changed


def test_weights_know_no_future():
    table = history()
    changed = with_another_future(table, ORIGIN, "known")
    assert not changed.equals(table)
    assert learned_shares(changed, ORIGIN) == learned_shares(table, ORIGIN)


@pytest.mark.parametrize("by", ["origin", None])
def test_weights_that_look_ahead_are_seen(by):
    """By the day of the forecast in place of that of its outcome, or by none."""
    table = history()
    changed = with_another_future(table, ORIGIN, "known")

    def looking(rows):
        ahead = rows[rows[by] <= ORIGIN] if by else rows
        return learned_shares(ahead.assign(known=ORIGIN), ORIGIN)

    assert looking(changed) != looking(table)


def test_the_rival_is_the_one_whose_pool_saves_most():
    table = history()
    shares = learned_shares(table, ORIGIN)
    past = table[table["known"] <= ORIGIN]
    for lead, share in shares.items():
        scores = {}
        for rival, part in past[past["lead"] == lead].groupby("rival"):
            columns = (part[name] for name in ("crps", "rival_crps", "distance"))
            own, other, distance = (column.to_numpy() for column in columns)
            grid = np.linspace(0, 1, 1001)[:, None]
            pooled = grid * own + (1 - grid) * other - grid * (1 - grid) * distance
            scores[rival] = (pooled - own).mean(axis=1).min()
        assert share.rival == min(scores, key=scores.get)


@pytest.mark.parametrize("size", [0.01, 1, 5, 100])
def test_a_rival_is_not_the_best_as_it_forecasts_smaller_values(size):
    """A rival of some facts alone, against one of all that is better on each."""
    count = mixture.LEAST_FORECASTS
    some = pd.DataFrame(
        {"known": ORIGIN, "lead": 7, "crps": size, "distance": 0.1 * size},
        index=range(count),
    )
    others = some.assign(crps=10.0, rival_crps=5.0, distance=1.0)
    table = pd.concat(
        [
            some.assign(rival="of some", rival_crps=0.9 * size),
            some.assign(rival="of all", rival_crps=0.5 * size),
            others.assign(rival="of all"),
        ],
        ignore_index=True,
    )
    assert learned_shares(table, ORIGIN)[7].rival == "of all"


def test_a_lead_with_too_few_past_forecasts_has_no_weight():
    first = history()["known"].min()
    assert learned_shares(history(), first - pd.Timedelta(days=1)) == {}
    enough = first + pd.Timedelta(weeks=mixture.LEAST_FORECASTS - 1)
    assert list(learned_shares(history(), enough)) == [7]
    assert learned_shares(history(), enough - pd.Timedelta(days=1)) == {}


def test_a_forecast_without_a_rival_is_not_learned_from():
    table = history().assign(rival_crps=np.nan)
    assert learned_shares(table, ORIGIN) == {}
