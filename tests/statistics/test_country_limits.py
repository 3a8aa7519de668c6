"""The country at war against answers known on paper, and against wrong ones."""

from datetime import date

import numba
import numpy as np
import pytest
from scipy import stats

from supplyline.case.change import Change
from supplyline.case.series import DailyCountry
from supplyline.engine.kernels.attacks import opening_attacks
from supplyline.engine.kernels.force import draw_killed
from supplyline.engine.kernels.layout import NationState
from supplyline.engine.kernels.records import records
from supplyline.engine.kernels.regime import Exit, end_rule, negative_binomial
from supplyline.engine.kernels.talks import step_talks
from supplyline.engine.kernels.threat import Talks
from supplyline.engine.simulate import simulate
from worlds import (
    changed,
    fixed,
    played,
    stage,
    told,
    within,
    without,
)

pytestmark = pytest.mark.statistical

YEAR = 365.0
STILL = {
    "campaigns_per_year": 0, "effort_step_per_week": 0, "recruitment_per_year": 0,
    "desertion_per_year": 0, "split_per_year": 0, "clash_deaths_per_day": 0,
    "alliance_switch_per_year": 0, "operation_fighters_killed": 0,
    "operation_soldiers_killed": 0, "harm_killed": 0, "ransom_cases_per_year": 0,
    "offensive_reaction": 0, "replacement_per_year": 0,
}  # fmt: skip
"""Parameters with which nobody dies, joins, leaves or moves."""


@pytest.fixture(scope="module")
def unbanned(toy):
    """The country without a ban, siege or change of partners."""
    return changed(toy, without("ban", "truce", "siege", "party_ban"))


def still(case, members, days, seed, **values):
    """Set a stage on which attacks come and nothing else happens."""
    made = told(stage(case, members, days, seed), **{**STILL, **values})
    for field in ("soldiers_killed", "civilians_killed", "fighters_killed"):
        made.inputs.attacks[field] = 0
    made.inputs.attacks.overrun_probability = 0
    return made


# attacks that excite each other


def excited(case, rate=1.5, **values):
    """Daily attacks of one group in one region, after the first days are forgotten."""
    known = {"event_excitation": 0.8, "event_decay_per_day": 0.5}
    made = still(case, 800, 300, 11, **{**known, **values})
    made.inputs.presence.effort = [[0, 1, 0], [0, 0, 0]]
    assert made.inputs.regions.is_boundary[1] == 0
    made.state.groups.attacks_per_day = [rate, 0]
    played(made)
    assert made.outputs.weekly_attacks.sum() == made.outputs.daily_country.attacks.sum()
    return made.outputs.daily_country.attacks[:, 60:].astype(float), made


def self_exciting(mean, excitation, decay, lags):
    """Variance and autocovariances of the counts (Ferland, Latour and Oraichi 2006)."""
    b = np.exp(-decay)
    a = excitation * (1 - b)
    variance = mean * (1 - (a + b) ** 2 + a**2) / (1 - (a + b) ** 2)
    first = a * (1 - b * (a + b)) / (1 - (a + b) ** 2 + a**2) * variance
    return variance, first * (a + b) ** (np.arange(1, lags + 1) - 1)


@pytest.mark.parametrize(
    ("wrong", "accepted"),
    [
        ({}, True),
        ({"rate": 1.65}, False),
        ({"event_excitation": 0.88}, False),
        ({"event_decay_per_day": 0.6}, False),
    ],
)
def test_attacks_are_the_self_exciting_counts_of_theory(unbanned, wrong, accepted):
    counts, _ = excited(unbanned, **wrong)

    mean = 1.5
    members, days = counts.shape
    variance, autocovariance = self_exciting(mean, 0.8, 0.5, days - 1)
    left = 1 - np.arange(1, days) / days
    of_mean = (variance + 2 * (left * autocovariance).sum()) / days / members
    is_right = [within(counts.mean() - mean, np.sqrt(of_mean))]
    off = counts - mean
    theory = {0: variance, 1: autocovariance[0], 7: autocovariance[6]}
    for lag, expected in theory.items():
        by_member = (off[:, lag:] * off[:, : days - lag]).mean(axis=1)
        # members are independent
        standard_error = by_member.std() / np.sqrt(members)
        is_right.append(within(by_member.mean() - expected, standard_error))
    assert all(is_right) is accepted


@pytest.mark.parametrize(("of", "accepted"), [("share", True), ("pulse_share", False)])
def test_kinds_of_attack_come_by_their_shares(unbanned, of, accepted):
    _, made = excited(unbanned, event_excitation=0.2)
    by_kind = made.outputs.weekly_attacks.sum(axis=(0, 1))
    share = made.inputs.attacks[of]

    number = by_kind.sum()
    assert number > 1e5
    errors = np.sqrt(number * share * (1 - share))
    is_right = all(
        within(*pair) for pair in zip(by_kind - number * share, errors, strict=True)
    )
    assert is_right is accepted


@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.1, False)])
def test_soldiers_fall_as_on_a_usual_day_of_the_start(unbanned, error, accepted):
    """What morale takes for usual is what attacks and operations bring about."""
    made = told(
        stage(unbanned, 600, 100, 3),
        **{**STILL, "operation_soldiers_killed": 1.0, "army_soldiers": 1e6},
        event_excitation=0.3, deaths_cap=1e6, death_tail=20.0, operations_per_day=0.5,
        partner_weight=0,
    )  # fmt: skip
    made.inputs.attacks.fighters_killed = 0
    made.inputs.days.partner_harm = 1
    played(made)

    killed = made.outputs.daily_country.soldiers_killed.astype(float).mean(axis=1)
    gap = killed - error * made.state.nation.usual_losses
    assert within(gap.mean(), gap.std() / np.sqrt(gap.size)) is accepted


# amounts with heavy tails


@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.1, False)])
def test_deaths_in_an_attack_have_their_mean_and_tail(toy, error, accepted):
    params = made_params(toy, death_tail=2.5, deaths_cap=40.0)
    luck = np.random.default_rng(5).random((2, 60_000))
    killed = np.array([draw_killed(u, v, 3.0 * error, params) for u, v in luck.T])

    # rounding keeps the mean of the capped amount: the integral of its survival
    scale = 3.0 * 1.5
    lomax = stats.lomax(2.5, scale=scale)
    grid = np.linspace(0, 40, 400_001)
    mean = np.trapezoid(lomax.sf(grid), grid)
    square = np.trapezoid(2 * grid * lomax.sf(grid), grid)
    spread = np.sqrt((square - mean**2 + 0.25) / killed.size)
    is_right = [within(killed.mean() - mean, spread)]
    for least in (2, 10):
        # at least so many fall where the amount and its rounding reach them
        chance = np.trapezoid(lomax.sf(least - np.linspace(0, 1, 4001)), dx=1 / 4000)
        sd = np.sqrt(chance * (1 - chance) / killed.size)
        is_right.append(within((killed >= least).mean() - chance, sd))
    assert all(is_right) is accepted
    assert killed.max() == 40
    assert (killed == np.floor(killed)).all()


def made_params(toy, **values):
    """Take one record of country parameters."""
    return told(stage(toy), **values).inputs.params[0]


def test_the_attacks_that_open_a_pulse_have_a_pareto_tail(toy):
    params = made_params(
        toy, pulse_tail=1.7, pulse_attacks_min=3.0, pulse_attacks_cap=30.0
    )
    u = np.linspace(0, 0.9999, 4001)

    drawn = np.array([opening_attacks(x, params) for x in u])

    assert drawn == pytest.approx(np.minimum(stats.pareto(1.7, scale=3).ppf(u), 30))
    assert drawn != pytest.approx(np.minimum(stats.pareto(1.8, scale=3).ppf(u), 30))


@pytest.mark.parametrize("mean", [0.003, 0.2, 4.0])
@pytest.mark.parametrize("size", [0.3, 1.0, 3.0])
def test_protests_are_negative_binomial(mean, size):
    u = np.linspace(0.0005, 0.9995, 1000)

    drawn = np.array([negative_binomial(x, mean, size) for x in u])

    theory = stats.nbinom(size, size / (size + mean))
    assert (drawn == theory.ppf(u)).all()
    wrong = stats.nbinom(size, size / (size + 1.2 * mean))
    assert (drawn != wrong.ppf(u)).any()


def test_ransoms_come_at_their_rate_and_size(unbanned):
    months = played(
        told(
            stage(unbanned, 500, 300, 6),
            **{**STILL, "ransom_cases_per_year": 12.0},
            ransom_usd=1e4, ransom_sd_log=0.5,
        )
    )  # fmt: skip
    weeks = months.outputs.daily.shape[1] // 7
    expected = 12.0 * weeks * 7 / YEAR
    number = months.state.nation.ransoms
    paid = months.state.group_accounts.ransom[:, 0]

    def is_right(error):
        """Count and sum of a compound Poisson process."""
        count = within(
            number.mean() - error * expected, np.sqrt(expected / number.size)
        )
        mean, square = 1e4 * np.exp(0.125), 1e8 * np.exp(0.5)
        spread = np.sqrt(expected * square / number.size)
        return count and within(paid.mean() - error * expected * mean, spread)

    assert is_right(1.0)
    assert not is_right(1.1)
    # the variance of a Poisson count is its mean
    spread = np.sqrt((expected + 2 * expected**2) / number.size)
    assert within(((number - expected) ** 2).mean() - expected, spread)
    assert months.state.group_accounts.ransom[:, 1].sum() == 0


# ends of rule


@numba.njit
def rule_until(states, kept, static, params, days):
    """Let hazards that stay as they are be used up."""
    for member in range(states.size):
        for _ in range(days):
            if states[member].exit_kind == 0:
                end_rule(states[member], kept[member], static, False, params, member)


RATES = {"attempt": 1.6, "forced": 0.5, "capture": 0.3, "natural": 0.4}
"""Hazards of a test [1/year]."""


@pytest.mark.parametrize(
    ("wrong", "accepted"),
    [({}, True), ({"forced": 0.6}, False), ({"success": 0.55}, False)],
)
def test_ends_of_rule_compete_as_constant_hazards_do(toy, wrong, accepted):
    """Chance of the first end by kind j within T: h_j / H x (1 - exp(-H T))."""
    count, days = 40_000, 300
    states, kept = records(NationState, count), records(DailyCountry, count)
    luck = np.random.default_rng(8)
    for name, rate in {**RATES, **wrong}.items():
        if name != "success":
            states[f"{name}_gap"] = luck.exponential(size=count)
            kept[f"hazard_{name}"] = rate / YEAR
    success = wrong.get("success", 0.5)
    params = made_params(toy, coup_success_probability=success, failed_coup_cohesion=0)
    rule_until(states, kept, stage(toy).inputs.facts[0], params, days)

    hazards = {
        Exit.COUP: 0.5 * RATES["attempt"], Exit.FORCED: RATES["forced"],
        Exit.CAPTURE: RATES["capture"], Exit.NATURAL: RATES["natural"],
    }  # fmt: skip
    total = sum(hazards.values())
    ended = 1 - np.exp(-total * days / YEAR)
    is_right = []
    for kind, hazard in hazards.items():
        chance = hazard / total * ended
        sd = np.sqrt(chance * (1 - chance) / count)
        is_right.append(within((states.exit_kind == kind).mean() - chance, sd))
    assert all(is_right) is accepted


@pytest.fixture(scope="module")
def unstable(toy):
    """A run in which rule ends often, with all that moves the hazards."""
    often = fixed(
        attempt_per_year=6, forced_exit_per_year=2, capture_per_year=2,
        natural_exit_per_year=1.5, coup_success_probability=0.2,
    )  # fmt: skip
    return simulate(changed(toy, *often), days=60, members=1000, seed=4)


def days_of(series):
    return series.transpose("member", "day").to_numpy().astype(float)


def test_nothing_ends_before_the_first_day_of_the_forecast(unstable):
    past = unstable.daily["part"] == "past"
    kinds, attempts = (unstable.daily[name] for name in ("exit_kind", "attempts"))

    assert float(kinds.sel(day=past).max()) == 0
    assert float(attempts.sel(day=past).max()) == 0
    assert float(unstable.daily["hazard_attempt"].sel(day=past).min()) > 0
    # an end is for good
    kind = days_of(kinds)
    assert ((kind[:, 1:] == kind[:, :-1]) | (kind[:, :-1] == 0)).all()


@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.8, False)])
@pytest.mark.parametrize("kind", ["attempt", "forced", "capture", "natural"])
def test_ends_happen_as_often_as_their_hazards_add_up_to(
    unstable, kind, error, accepted
):
    """Counts less used-up hazard are a martingale with that hazard as its variance."""
    forecast = (unstable.daily["part"] != "past").to_numpy()
    hazard = days_of(unstable.daily[f"hazard_{kind}"])[:, forecast].sum()
    if kind == "attempt":
        seen = days_of(unstable.daily["attempts"]).sum()
    else:
        last = days_of(unstable.daily["exit_kind"])[:, -1]
        seen = (last == Exit[kind.upper()]).sum()

    assert within(seen - error * hazard, np.sqrt(error * hazard)) is accepted


@pytest.mark.parametrize(("chance", "accepted"), [(0.2, True), (0.35, False)])
def test_attempts_succeed_as_often_as_their_chance(unstable, chance, accepted):
    attempts = days_of(unstable.daily["attempts"]).sum()
    coups = (days_of(unstable.daily["exit_kind"])[:, -1] == Exit.COUP).sum()

    sd = np.sqrt(attempts * chance * (1 - chance))
    assert within(coups - attempts * chance, sd) is accepted


# talks


@numba.njit
def talk_until(inputs, state, days):
    for row in range(state.nation.size):
        for day in range(days):
            step_talks(inputs, state, row, row, day)


@pytest.mark.parametrize("wrong", ["", "talks", "truce", "deal", "breakdown"])
def test_talks_are_the_chain_of_their_rates(toy, wrong):
    """Forward and back compete on every day; a chain of four stages."""
    count, days = 6_000, 200
    rates = {"talks": 8.0, "truce": 6.0, "deal": 5.0, "breakdown": 3.0}
    made = told(stage(toy, count, 140, 9), corridor_talks_per_year=0)
    for each, rate in rates.items():
        told(made, **{f"{each}_per_year": rate * (1.5 if each == wrong else 1)})
    told(made, operations_per_day=0.5, harm_killed=4.0)
    country = made.state.nation
    country.now.shortage, country.now.cohesion, country.harm = 0.7, 0.3, 3.0
    made.state.nation.pay_cover = 0.8
    country.talks_gap = np.random.default_rng(1).exponential(size=count)
    talk_until(made.inputs, made.state, days)

    back = 3.0 * 1.5
    forward = np.array([8.0 * 0.5, 6.0 * 0.8, 5.0, 0.0])
    chain = np.zeros((4, 4))
    for at in range(4):
        both = forward[at] + (back if at else 0.0)
        moved = -np.expm1(-both / YEAR)
        chain[at, at] += 1 - moved
        chain[at, 0] += moved * (both - forward[at]) / both
        chain[at, min(at + 1, 3)] += moved * forward[at] / both
    expected = np.linalg.matrix_power(chain, days)[0]
    stages = [Talks.NONE, Talks.TALKS, Talks.TRUCE, Talks.DEAL]
    seen = np.array([(made.state.nation.talks == at).mean() for at in stages])
    errors = np.sqrt(expected * (1 - expected) / count)
    is_right = all(within(*pair) for pair in zip(seen - expected, errors, strict=True))
    assert is_right is not bool(wrong)


# nothing unusual


@pytest.fixture(scope="module")
def usual(unbanned):
    """Plenty of fuel, and nobody dies, joins, leaves or is harmed."""
    return changed(
        unbanned,
        Change("fleets", {"fleet": "coast_trucks"}, {"trucks": 5000}),
        Change("depots", {"place": "farfield"}, {"target_kl": ""}),
        Change("depots", {"product": "gas_oil"}, {"capacity_kl": ""}),
        Change("partners", {}, {"start": date(2023, 1, 1), "end": ""}),
        *fixed(rainy_demand_factor=1, regional_stock_days=9, quota_days=2),
    )


QUIET = {
    "fiscal_fall_per_week": 0, "legitimacy_convoy_per_truck": 0,
    "legitimacy_dark_per_week": 0, "grievance_relief_per_week": 0,
    "siege_per_year": 0, "talks_per_year": 0,
}  # fmt: skip
"""Parameters without which nothing else stays: imports come by whole trucks."""


def firsts(made):
    """First values of what should stay."""
    params, country = made.inputs.params, made.inputs.facts[0]
    held = (made.inputs.regions.population * made.inputs.regions.state_control).sum()
    return {
        "legitimacy": params.legitimacy_normal, "cohesion": params.cohesion_normal,
        "morale": params.morale_normal, "repression": params.repression_normal,
        "grievance": params.grievance_normal, "fiscal": np.ones(params.size),
        "state_control_share": np.full(params.size, held / country.population),
        "covariate_shortage": np.zeros(params.size),
        "covariate_price": np.zeros(params.size),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "moved"),
    [
        ({}, set()),
        ({"fiscal_fall_per_week": 0.05}, {"fiscal", "morale", "state_control_share"}),
        ({"grievance_relief_per_week": 0.01}, {"grievance", "state_control_share"}),
        (
            {"operation_soldiers_killed": 3.0},
            {"morale", "cohesion", "state_control_share"},
        ),
        ({"harm_killed": 4.0}, {"grievance", "state_control_share"}),
    ],
)
def test_a_usual_country_stays_as_it_is(usual, wrong, moved):
    made = played(still(usual, 32, 60, 5, **{**QUIET, **wrong}))
    first = firsts(made)
    kept = made.outputs.daily_country
    ends = {name: kept[name][:, 1:].astype(float) for name in first}

    far = {
        name
        for name, value in first.items()
        if np.abs(ends[name] - value[:, np.newaxis]).max() > 1e-5
    }
    assert far == moved
    if wrong:
        return
    share = made.inputs.presence
    assert made.state.presence.control == pytest.approx(
        np.tile(share.control, (32, 1, 1)), abs=1e-12
    )
    assert (made.state.presence.effort == share.effort).all()
    assert (made.state.groups.fighters == made.state.groups.first_fighters).all()
    assert made.state.regions.state_control == pytest.approx(
        np.tile(made.inputs.regions.state_control, (32, 1)), abs=1e-12
    )


@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.2, False)])
def test_control_follows_force_at_its_pace(usual, error, accepted):
    """With half its force gone, a group's share closes in on its new one."""
    weeks = 17
    made = still(usual, 8, 7 * weeks - 60, 5, **QUIET, control_days=100 * error)
    made.state.groups.fighters *= 0.5
    given, home = made.inputs.presence.control, made.inputs.regions.state_control
    played(made)

    left = 1 - home - given.sum(axis=0)
    total = home + given.sum(axis=0) / 2 + left
    gone = np.exp(-7 * weeks / 100)
    expected = home / total + gone * (home - home / total)
    inside = made.inputs.regions.is_boundary == 0
    seen = made.state.regions.state_control[:, inside]
    is_right = seen == pytest.approx(np.tile(expected[inside], (8, 1)), abs=1e-9)
    assert is_right is accepted
