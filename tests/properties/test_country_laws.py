"""Laws of the country at war: what holds for all luck and any way of working."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from supplyline.case.case import load_case
from supplyline.case.change import Change
from supplyline.case.parameters import PARAMETERS, WITH_GROUPS
from supplyline.case.regime import COVARIATES, KINDS, RESPONDS
from supplyline.engine.executors import threads
from supplyline.engine.kernels.regime import log_pressures
from supplyline.engine.kernels.threat import Talks
from supplyline.engine.options import simulate_options
from supplyline.engine.precision import BINARY_DIGITS
from supplyline.engine.simulate import simulate
from supplyline.runs import Arguments
from worlds import (
    BOOKS,
    asked,
    changed,
    country_gaps,
    fixed,
    measure,
    played,
    stage,
    told,
    ungrouped,
    without,
)

START = date(2024, 1, 1)
KEPT = 2.0**-BINARY_DIGITS
"""How closely a run keeps what it measures."""


@pytest.fixture(scope="module")
def base(toy):
    """A run in which everything happens that a book has an account for."""
    toll = measure("toll", START, target="C-ROAD", value=100, unit="USD")
    busy = changed(toy, toll, *fixed(split_per_year=1))
    return simulate(busy, days=60, members=100, seed=3, executor=threads(1))


# books


def largest_gap(run):
    return max(country_gaps(run).values())


def test_money_fighters_people_and_soldiers_are_neither_made_nor_lost(base):
    assert largest_gap(base) < 1e-9
    # and all of them move
    for name, (axis, *_) in BOOKS.items():
        book = base.ledger[name]
        most = book.max([dim for dim in book.dims if dim != axis])
        assert (most > 0).all(), name


@pytest.mark.parametrize(
    ("book", "account"),
    [
        (book, account)
        for book, (_, came, went) in BOOKS.items()
        for account in f"{came} {went}".split()
    ],
)
def test_the_balance_misses_a_little_in_any_account(base, book, account):
    is_account = base.ledger[BOOKS[book][0]] == account
    moved = base.ledger[book] + 1e-2 * is_account
    wrong = replace(base, ledger=base.ledger.assign({book: moved}))

    assert country_gaps(wrong)[book] > 1e-9


def test_books_are_the_sums_of_days_and_weeks(base):
    whole = slice(None, base.weekly.sizes["week"] * 7)
    daily, weekly, ledger = base.daily.isel(day=whole), base.weekly, base.ledger
    people = ledger["people"].sel(people_account="civilians_killed")
    civilians = (base.daily["civilians_killed"] + base.daily["harm_killed"]).sum("day")
    assert civilians.to_numpy() == pytest.approx(people.to_numpy())
    soldiers = ledger["soldiers"].sel(soldier_account="killed")
    assert base.daily["soldiers_killed"].sum("day").to_numpy() == pytest.approx(
        soldiers.to_numpy()
    )
    by_region = weekly["region_civilians_killed"] + weekly["region_harm_killed"]
    within = (daily["civilians_killed"] + daily["harm_killed"]).sum("day")
    assert by_region.sum(["week", "region"]).to_numpy() == pytest.approx(
        within.to_numpy()
    )
    for stream in ("gold", "zakat", "livestock", "protection", "toll", "loot"):
        booked = ledger["money"].sel(money_account=stream, drop=True)
        seen = weekly[f"group_{stream}_usd"].sum("week").transpose(*booked.dims)
        # a week's income is kept to a thousandth, the books with all digits
        assert seen.to_numpy() == pytest.approx(booked.to_numpy(), rel=KEPT), stream
    by_kind = weekly["attack_attacks"].sum(["week", "attack"])
    inside = weekly["region_attacks"].where(weekly["region"] != "coast", 0)
    # an attack on a convoy is of no kind
    assert bool((by_kind <= inside.sum(["week", "region"])).all())
    attacks = daily["attacks"].sum("day").to_numpy()
    assert inside.sum(["week", "region"]).to_numpy() == pytest.approx(attacks)


@pytest.mark.parametrize("name", ["toy", "mali"])
@pytest.mark.filterwarnings("ignore::supplyline.errors.SupplylineWarning")
def test_every_scenario_keeps_the_books(name):
    case = load_case(name)
    scenarios = list(case.scenarios().values())
    arguments = Arguments(days=60, members=3, seed=2)

    gaps = simulate_options(case, scenarios, arguments, largest_gap)

    assert len(gaps) == len(scenarios) > 2
    assert max(gaps) < 1e-9


SHARES = (
    "morale", "offensive_share", "escort_share", "legitimacy", "cohesion", "fiscal",
    "repression", "grievance", "state_control_share", "access_share",
    *(f"covariate_{name}" for name in COVARIATES),
)  # fmt: skip
COUNTS = (
    "attacks", "soldiers_killed", "civilians_killed", "harm_operations", "harm_killed",
    "fighters_killed", "abducted", "protests", "partner_troops", "displaced",
    *(f"hazard_{name}" for name in KINDS),
)  # fmt: skip


def unsound(kept):
    """Name members with a value that cannot be."""
    wrong = {}
    for name in SHARES:
        bad = ~((kept[name] >= -1e-6) & (kept[name] <= 1 + 1e-6))
        wrong[name] = set(np.flatnonzero(bad.any(axis=1)))
    for name in COUNTS:
        bad = ~((kept[name] >= -1e-6) & (kept[name] < np.inf))
        wrong[name] = set(np.flatnonzero(bad.any(axis=1)))
    return {name: members for name, members in wrong.items() if members}


def test_any_parameter_within_its_bounds_gives_what_can_be(toy):
    """Nothing divides by zero or runs away: one parameter at an end in each member."""
    ends = [
        (name, end)
        for name, known in PARAMETERS.items()
        if known.scope == WITH_GROUPS
        for end in (known.low, known.high)
    ]
    made = stage(toy, len(ends), 10)
    for member, (name, end) in enumerate(ends):
        made.inputs.params[member][name] = end

    played(made)

    found = {
        what: [ends[member] for member in sorted(members)]
        for what, members in unsound(made.outputs.daily_country).items()
    }
    assert found == {}
    assert np.isfinite(made.state.groups.cash).all()
    assert (made.state.groups.cash > -1e-6).all()
    assert (made.state.groups.fighters > -1e-6).all()
    assert (made.state.regions.residents > -1e-6).all()


# more of one thing on the same luck


@pytest.fixture(scope="module")
def unbanned(toy):
    return changed(toy, without("ban", "truce", "siege", "party_ban"))


STEADY = {
    "campaigns_per_year": 0, "recruitment_per_year": 0, "desertion_per_year": 0,
    "split_per_year": 0, "alliance_switch_per_year": 0, "event_excitation": 0.2,
}  # fmt: skip
"""Parameters without which one change brings about many others."""


def pair(case, less, more, days=60, **values):
    """Let the same members live with less and with more."""
    return [
        played(told(stage(case, 64, days, 12), **{**STEADY, **values, **chosen}))
        for chosen in (less, more)
    ]


def rises(less, more, *, always=True):
    """Say whether a value is never less and somewhere more, in each member."""
    less, more = np.asarray(less, float), np.asarray(more, float)
    slack = 1e-6 * np.abs(less).max()
    grown = (more > less + slack).reshape(len(less), -1)
    is_never_less = bool((more >= less - slack).all())
    return is_never_less and (grown.any(axis=1).all() if always else grown.any())


def test_harsher_operations_raise_grievance(unbanned):
    less, more = pair(
        unbanned, {"harm_killed": 3.0}, {"harm_killed": 9.0},
        operations_per_day=0.5, displaced_per_death=0, control_days=36_500,
        effort_step_per_week=0,
    )  # fmt: skip

    kept = [each.outputs.daily_country for each in (less, more)]
    assert rises(*(each.harm_killed.cumsum(axis=1) for each in kept))
    assert rises(*(each.grievance for each in kept))
    # attacks are as they were
    assert (kept[0].attacks == kept[1].attacks).all()


def test_a_measure_of_harsher_operations_raises_grievance(unbanned):
    harsh = changed(unbanned, measure("harm_factor", START, value=3, unit="1"))
    less, more = (
        pair(
            case, {}, {}, operations_per_day=0.5, displaced_per_death=0,
            operation_fighters_killed=0, operation_soldiers_killed=0,
            control_days=36_500,
        )[0].outputs.daily_country
        for case in (unbanned, harsh)
    )  # fmt: skip

    assert rises(
        less.harm_operations.cumsum(axis=1), more.harm_operations.cumsum(axis=1)
    )
    assert rises(less.grievance, more.grievance)


def test_grievance_brings_recruits(unbanned):
    less, more = pair(
        unbanned, {"harm_killed": 3.0}, {"harm_killed": 9.0},
        operations_per_day=0.5, recruitment_per_year=0.5, displaced_per_death=0,
        gold_usd_per_year=1e7, grievance_harm_per_100k=0.05, control_days=36_500,
        operation_fighters_killed=0, grievance_fade_per_week=0,
    )  # fmt: skip
    joined = [each.state.group_accounts.recruited.sum(axis=1) for each in (less, more)]

    assert rises(*joined)


def test_dearer_gold_fills_the_groups_chest(unbanned):
    dear = changed(unbanned, measure("gold_price", START, value=2, unit="1"))
    less, more = (pair(case, {}, {})[0] for case in (unbanned, dear))

    assert rises(
        less.outputs.weekly_groups.cash_usd, more.outputs.weekly_groups.cash_usd
    )
    gold = [each.state.group_accounts.gold for each in (less, more)]
    assert gold[1] == pytest.approx(2 * gold[0])


def test_less_legitimacy_raises_the_hazards_it_bears_on(unbanned):
    less, more = pair(
        unbanned, {"legitimacy_normal": 0.7}, {"legitimacy_normal": 0.4},
        days=0, hazard_ratio_legitimacy=3.0,
    )  # fmt: skip
    kept = [each.outputs.daily_country for each in (less, more)]

    for kind in KINDS:
        hazards = [each[f"hazard_{kind}"] for each in kept]
        if "legitimacy" in RESPONDS[kind]:
            assert rises(*hazards), kind
        else:
            assert (hazards[0] == hazards[1]).all(), kind


def test_more_attacks_kill_more_soldiers(unbanned):
    made = [
        told(stage(unbanned, 64, 60, 12), **STEADY, army_soldiers=1e6, deaths_cap=1e6)
        for _ in range(2)
    ]
    for each, factor in zip(made, (1, 2), strict=True):
        each.inputs.attacks.fighters_killed = 0
        each.state.groups.attacks_per_day *= factor
        told(each, operation_fighters_killed=0, operations_per_day=0)
        played(each)
    kept = [each.outputs.daily_country for each in made]

    assert rises(*(each.attacks.cumsum(axis=1) for each in kept))
    assert rises(*(each.soldiers_killed.cumsum(axis=1) for each in kept))


def test_trucks_draw_effort_where_they_pass(unbanned):
    less, more = pair(
        unbanned, {"payoff_trucks": 0.0}, {"payoff_trucks": 3.0},
        effort_step_per_week=0.1,
    )  # fmt: skip
    trucks = less.inputs.regions.trucks
    busiest = int(trucks.argmax())
    assert (trucks == 1).sum() == 1
    effort = [each.state.presence.effort[:, 0] for each in (less, more)]

    assert rises(effort[0][:, busiest], effort[1][:, busiest])
    for each in effort:
        assert each.sum(axis=1) == pytest.approx(1)


def test_rivals_kill_each_other_the_more_they_are_at_war(unbanned):
    made = [told(stage(unbanned, 64, 60, 12), **STEADY) for _ in range(3)]
    for each, alliance in zip(made, (0.5, -0.3, -1.0), strict=True):
        each.state.alliances[:] = alliance
        each.state.groups.attacks_per_day = 0
        told(each, operations_per_day=0)
        played(each)
    killed = [
        each.state.group_accounts.killed + each.state.groups.week_killed
        for each in made
    ]

    assert (killed[0] == 0).all()
    assert rises(killed[0], killed[1])
    assert rises(killed[1], killed[2])


def test_no_truck_is_lost_after_a_deal(base):
    deal = asked(measure("deal", date(2024, 3, 10)), start=date(2024, 3, 10))
    run = simulate(base.case, scenario=deal, like=base)
    after = slice("2024-03-10", None)

    assert float(run.daily["trucks_lost"].sel(day=after).sum()) == 0
    assert float(base.daily["trucks_lost"].sel(day=after).sum()) > 0
    assert float(run.daily["talks"].sel(day=after).min()) == Talks.DEAL


def test_a_siege_lowers_the_access_of_relief(unbanned):
    cells = {"target": "upland", "end": date(2024, 12, 31)}
    besieged = changed(unbanned, measure("siege", START, **cells))
    less, more = (
        pair(case, {}, {}, siege_per_year=0)[0].outputs.weekly_regions[:, :-1, -1]
        for case in (besieged, unbanned)
    )

    assert (less.is_besieged == 1).all()
    assert (more.is_besieged == 0).all()
    assert rises(less.access_share, more.access_share)


def test_partners_strengthen_escorts(toy):
    few, many = (
        played(told(stage(changed(toy, troops(low, high)), 32, 0, 12), **STEADY))
        for low, high in ((10, 20), (400, 500))
    )

    # before they come there are none; then more is more
    assert (few.outputs.daily_country.partner_troops[:, 13] == 0).all()
    kept = [each.outputs.daily_country[:, 14:] for each in (few, many)]
    assert rises(*(each.partner_troops for each in kept))
    force = [each.state.nation.escort_force for each in (few, many)]
    assert rises(*force)


def troops(low, high):
    return Change(
        "partners", {"partner": "legion"}, {"troops_low": low, "troops_high": high}
    )


# any way of working


def arrays_of(*parts):
    return {name: array for part in parts for name, array in part._asdict().items()}


def test_days_split_into_spans_change_no_bit(toy):
    whole = played(stage(toy, 24, 30, 8))
    parts = stage(toy, 24, 30, 8)
    for first, end in ((0, 1), (1, 20), (20, 20), (20, 75), (75, 90)):
        played(parts, first, end)

    # chances that were worked out stay to the end of the span
    for made in (whole, parts):
        for name in ("full_group_losses", "reach_losses"):
            made.state.nation[name] = 0
    for name, array in arrays_of(whole.state, whole.outputs).items():
        other = arrays_of(parts.state, parts.outputs)[name]
        assert np.array(array).tobytes() == np.array(other).tobytes(), name


@pytest.mark.parametrize("workers", [2, 3])
def test_the_number_of_workers_changes_no_bit(base, workers):
    assert same(base, simulate(base.case, like=base, executor=threads(workers)))


def test_a_scenario_leaves_the_days_before_it_alone(base):
    """And from there on it goes its own way, with the same luck."""
    start = date(2024, 3, 5)
    strike = measure("group_factor", start, target="raiders", value=3, unit="1")
    alt = simulate(base.case, scenario=asked(strike, start=start), like=base)
    before, after = slice(None, "2024-03-04"), slice("2024-03-05", None)

    assert alt.daily.sel(day=before).equals(base.daily.sel(day=before))
    attacks = [run.daily["attacks"].sel(day=after).sum("day") for run in (base, alt)]
    assert float(attacks[1].mean()) > 1.5 * float(attacks[0].mean())


def test_members_begin_with_those_of_a_smaller_ensemble(toy):
    large, small = (played(stage(toy, members, 30, 8)) for members in (2000, 100))

    for name, array in arrays_of(large.outputs).items():
        other = arrays_of(small.outputs)[name]
        assert np.array(array[:100]).tobytes() == np.array(other).tobytes(), name


def same(one, other, but=()):
    """Say whether two runs have the same bits, whatever the order of their labels."""
    for data in ("daily", "weekly", "ledger"):
        a, b = getattr(one, data), getattr(other, data)
        for name in set(a) - set(but):
            if not a[name].equals(b[name].reindex_like(a[name])):
                return False
    return True


STRANGERS = (
    Change(
        "regions",
        add=(
            {
                "region": "atoll", "title": "Atoll", "is_boundary": True, "effort": 0,
                "source": "assumption",
            },
        ),
    ),
    Change(
        "groups",
        add=(
            {
                "group": "absent", "actor": "rovers", "is_interdictor": False,
                "fighters_low": 9, "fighters_high": 9, "cash_low_usd": 0,
                "cash_high_usd": 0, "attacks_low_per_month": 0,
                "attacks_high_per_month": 0, "source": "assumption",
            },
        ),
    ),
    Change(
        "presence",
        add=(
            {
                "region": "atoll", "group": "absent", "control_share": 0,
                "attack_share": 1, "source": "assumption",
            },
        ),
    ),
)  # fmt: skip
"""A region abroad where nothing passes, and a group that does nothing there."""


def test_unrelated_groups_and_regions_change_nobody_elses_luck(base):
    """A group recruits wherever land is contested: here nobody does."""
    alone = changed(base.case, *fixed(recruitment_per_year=0, desertion_per_year=0))
    one_more = Change("groups", {"group": "rovers"}, {"fighters_high": 151})
    runs = [
        simulate(changed(alone, *changes), days=60, members=40, seed=3)
        for changes in ((), STRANGERS, (one_more,))
    ]

    assert "absent" in runs[1].weekly["group"]
    assert "atoll" in runs[1].weekly["region"]
    assert same(runs[0], runs[1])
    assert not same(runs[0], runs[2])


@pytest.mark.parametrize(
    "table", ["groups", "presence", "relations", "attacks", "regions", "partners"]
)
def test_the_order_of_rows_changes_nothing(base, table):
    frame = base.case.tables[table].iloc[::-1].reset_index(drop=True)
    turned = replace(base.case, tables={**base.case.tables, table: frame})

    assert same(base, simulate(turned, like=base))


def test_columns_of_the_country_change_nothing_without_groups(toy):
    alone = ungrouped(toy)
    columns = ("zone", "state_control_share", "soldiers_share", "gold_share")
    bare = changed(alone, Change("regions", {"region": ("lowland", "upland")},
                                 dict.fromkeys(columns, "")))  # fmt: skip
    assert bare.regions[list(columns)].isna().all(axis=None)
    runs = [simulate(case, days=30, members=20, seed=3) for case in (alone, bare)]

    assert same(*runs)
    assert not set(runs[0].ledger) & set(BOOKS)
    assert "attacks" not in runs[0].daily


# the form of the hazards


@pytest.mark.parametrize("name", COVARIATES)
def test_a_covariate_moves_the_hazards_that_respond_to_it(toy, name):
    made = told(stage(toy), **{f"hazard_ratio_{each}": 2.5 for each in COVARIATES})
    now, params = made.state.nation[0].now, made.inputs.params[0]
    for each in COVARIATES:
        now[each] = 0.4
    before = np.array(log_pressures(now, params))
    steps = []
    for value in (0.4, 0.6, 1.0):
        now[name] = value
        steps.append(np.array(log_pressures(now, params)) - before)

    responds = np.array([name in RESPONDS[kind] for kind in KINDS[:3]])
    assert not any(name in RESPONDS[kind] for kind in KINDS[3:])
    assert ((steps[1] > 0) == responds).all()
    # the log of a hazard is linear in its covariates
    assert steps[2] == pytest.approx(3 * steps[1], abs=1e-12)
    assert steps[2] == pytest.approx(responds * 0.6 * np.log(2.5), abs=1e-12)


def paper_hazards(run):
    """Hazards worked out anew from what a run keeps [1/day]."""
    params, daily = run.params, run.daily
    years = np.datetime64("2024-01-01") - np.datetime64("2021-06-01")
    years = years / np.timedelta64(1, "D") / 365.25
    days = np.arange(daily.sizes["day"])
    found = {}
    for kind in KINDS:
        log = 0.0
        for name in RESPONDS[kind]:
            reference = params.get(f"reference_{name}", 0.0 * params["truck_kl"])
            ratio = np.log(params[f"hazard_ratio_{name}"]).to_numpy()[:, np.newaxis]
            level = days_of(daily[f"covariate_{name}"])
            log = log + ratio * (level - reference.to_numpy()[:, np.newaxis])
        column = {"forced": "forced_exit", "natural": "natural_exit"}.get(kind, kind)
        rate = params[f"{column}_per_year"].to_numpy()[:, np.newaxis] / 365
        if kind == "attempt":
            by = [
                params[f"attempt_{name}_exponent"].to_numpy()[:, np.newaxis]
                for name in ("since", "tenure")
            ]
            since = days_of(daily["years_since_attempt"])
            rate = rate * (1 + since) ** -by[0] * (1 + years + days / 365) ** -by[1]
        found[kind] = rate * np.exp(log)
    return found


def days_of(series):
    return series.transpose("member", "day").to_numpy().astype(float)


def test_the_hazards_of_a_run_are_those_of_its_covariates(base):
    """Before the forecast nothing ends, so that each day's covariates are at hand."""
    past = (base.daily["part"] == "past").to_numpy()
    paper = paper_hazards(base)

    for kind in KINDS:
        kept = days_of(base.daily[f"hazard_{kind}"])[:, past]
        expected = np.broadcast_to(paper[kind], (100, past.size))[:, past]
        # both are worked out of what is kept to a thousandth; errors of that even out
        ratio = kept / expected
        assert ratio == pytest.approx(1.0, abs=4 * KEPT), kind
        assert ratio.mean() == pytest.approx(1.0, abs=1e-4), kind
        assert ratio.mean() != pytest.approx(1.001, abs=1e-4)
