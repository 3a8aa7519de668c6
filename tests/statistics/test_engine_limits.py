"""The engine against answers known on paper, and against an engine that is wrong."""

from datetime import date

import numpy as np
import pytest
from scipy import stats

from supplyline.case.change import Change
from supplyline.engine.kernels.encounter import cross_segments
from supplyline.engine.kernels.threat import Posture
from supplyline.engine.kernels.transit import send_convoy
from supplyline.engine.simulate import simulate
from worlds import (
    changed,
    fixed,
    measure,
    stage,
    ungrouped,
    within,
    without,
)

ROAD = "C-ROAD"


@pytest.fixture(scope="module", name="toy")
def supply_alone(toy):
    """The laws of supply on their own: no group that moves, arms or tires."""
    return ungrouped(toy)


def days_of(series):
    return series.transpose("member", "day", ...).to_numpy().astype(float)


@pytest.fixture(scope="module")
def calm(toy):
    """No ban, no rains, enough trucks, and stations with some stock."""
    return changed(
        toy,
        without("ban", "truce"),
        Change("fleets", {"fleet": "coast_trucks"}, {"trucks": ""}),
        Change("depots", {"place": "farfield"}, {"target_kl": ""}),
        Change("depots", {"product": "gas_oil"}, {"capacity_kl": ""}),
        *fixed(rainy_demand_factor=1, regional_stock_days=9, quota_days=2),
    )


def steady_bound(case, members):
    """Bound the mean gain of a stock by the part of a truck that is due [kl].

    Each of two roads to the capital and the road out of it is at most a truck ahead or
    behind, in number and in product, on the first day and now: half a load of standard
    deviation each time.
    """
    _, inputs, _, outputs = stage(case, members)
    load_kl = inputs.load_kl.max(axis=0)
    names = inputs.feeds.corridor
    loads = load_kl[inputs.corridors.fleet[names]]
    ever = np.sqrt(4 * (loads**2).sum()) / 2
    return np.full(outputs.daily.shape[1], ever / np.sqrt(members))


@pytest.mark.statistical
@pytest.mark.parametrize(("demand", "accepted"), [(1.0, True), (1.1, False)])
def test_without_a_ban_the_country_is_in_its_steady_state(calm, demand, accepted):
    """The first day is like the last; a tenth more use is seen."""
    members = 256
    run = simulate(calm, days=60, members=members, seed=5)
    _, inputs, _, _ = stage(calm, members, seed=5)
    capital = inputs.facts[0].capital
    use = inputs.depots[:, capital].demand.sum(axis=1)
    stock = days_of(run.daily["stock_kl"].sum("product"))
    extra = (demand - 1.0) * use[:, np.newaxis] * np.arange(1, stock.shape[1] + 1)
    gain = (stock - stock[:, :1] - extra).mean(axis=0)[:30]

    is_steady = all(
        within(*pair)
        for pair in zip(gain, steady_bound(calm, members)[:30], strict=True)
    )
    assert is_steady is accepted
    assert float(run.daily["served_share"].min()) == 1
    assert float(run.weekly["served_share"].min()) > 1 - 1e-6
    assert float(run.daily["fear"].max()) == 0
    official = [2.0, 1.5]
    assert (days_of(run.daily["price_per_l"]) == official).all()
    assert float(run.daily["trucks_lost"].sum()) == 0
    assert set(np.unique(run.daily["posture"])) == {Posture.BUILD_UP}


@pytest.mark.statistical
@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.1, False)])
def test_in_calm_times_the_trucks_sent_carry_what_is_used(calm, error, accepted):
    members = 256
    run = simulate(calm, days=0, members=members, seed=5)
    _, inputs, _, _ = stage(calm, members, seed=5)
    feeds = inputs.feeds[inputs.feeds.is_import == 1]
    loads = inputs.load_kl[:, inputs.corridors.fleet[feeds.corridor]]
    use = inputs.depots.demand.sum(axis=2)[:, feeds.place]
    trucks = (feeds.share * use / loads).sum(axis=1)
    sent = days_of(run.daily["trucks_sent"])[:, :30].sum(axis=1)

    # what is sent less than used is missing in stocks, which rounding alone moves
    a_day = np.sqrt(feeds.size) / 2
    standard_error = (1 + np.sqrt(30)) * a_day / np.sqrt(members)
    assert within((sent - error * 30 * trucks).mean(), standard_error) is accepted


def test_nobody_in_the_capital_is_rationed_before_the_ban(toy):
    run = simulate(changed(toy, without("ban")), days=0, members=64, seed=5)

    assert float(run.daily["public_served_share"].min()) > 1 - 1e-6


def closed(toy, **values):
    """A closed country whose capital is alone and whose users change nothing."""
    alone = [
        Change("demand", {"place": place}, {"demand_kl_per_day": 0})
        for place in ("millford", "farfield")
    ]
    quiet = {
        "rainy_demand_factor": 1, "holding_days": 0, "holding_fear_days": 0,
        "quota_min_share": 1, "informal_share": 0,
    }  # fmt: skip
    return changed(
        toy,
        without("ban", "truce"),
        measure("closure", date(2024, 1, 1)),
        Change("depots", {"place": "farfield"}, {"initial_kl": 0}),
        *alone,
        *fixed(**{**quiet, **values}),
    )


def first_dry_day(run):
    """Day of each product on which the capital's depot ends empty."""
    dry = days_of(run.daily["stock_kl"]) <= 0
    assert dry.any(axis=1).all()
    return dry.argmax(axis=1)


def paper_dry_day(case, run, seed):
    """Day on which stock and what was under way are used up."""
    members = run.daily.sizes["member"]
    _, inputs, state, _ = stage(case, members, seed=seed)
    capital = inputs.facts[0].capital
    stock = state.depots.stock[:, capital]
    came = days_of(run.daily["imports_kl"]).sum(axis=1)
    use = inputs.depots[:, capital].demand
    return (stock + came) / use


@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.1, False)])
def test_a_closed_country_runs_dry_when_its_stock_is_used_up(toy, error, accepted):
    case = closed(toy)
    run = simulate(case, days=0, members=64, seed=5)

    expected = np.ceil(error * paper_dry_day(case, run, 5) - 1e-9) - 1

    assert (first_dry_day(run) == expected).all() == accepted
    # nothing leaves a gateway; only what was on the road arrives
    assert float(run.daily["trucks_sent"].sum()) == 0


def test_hoarding_brings_the_dry_day_forward_and_rationing_puts_it_off(toy):
    plain = first_dry_day(simulate(closed(toy), days=0, members=64, seed=5))
    hoard = closed(toy, holding_fear_days=8)
    ration = closed(toy, quota_days=8, quota_min_share=0.3)

    hoarded = first_dry_day(simulate(hoard, days=0, members=64, seed=5))
    rationed = first_dry_day(simulate(ration, days=60, members=64, seed=5))

    assert (hoarded <= plain).all()
    assert (hoarded < plain).any(axis=0).all()
    assert (rationed > plain).all()


def lone():
    """Take the place on the way off the road."""
    tables = ("feeds", "depots", "demand")
    return [Change(table, {"place": "millford"}, remove=True) for table in tables]


def lone_road(toy, cuts, **values):
    """A convoy's road of 200 km in so many segments, with one place at its end."""
    even = Change(
        "segments", {"segment": ("A2", "A3")}, {"exposure": 1, "length_km": 100}
    )
    calm = Change("regions", {"is_boundary": False}, {"effort": 1})
    known = {
        "encounter_rate_per_100km": 0.3, "reference_convoy_trucks": 20,
        "convoy_size_exponent": 0.5, "large_loss_trucks": 10_000, "reach_trucks": 25,
        "loss_share_mean": 0.4, "loss_share_concentration": 3,
    }  # fmt: skip
    case = changed(toy, *lone(), even, calm, *fixed(**{**known, **values}))
    return stage(case) if cuts == 2 else one_segment(stage(case))


def one_segment(set_stage):
    """Join the two segments of the road to one."""
    names, inputs, state, _ = set_stage
    road = names.corridors.index(ROAD)
    first = inputs.corridors[road].first_entry
    state.exposure[:, first] = 2.0
    feed = names.feeds.index(f"{ROAD}/highcourt")
    inputs.feeds[feed].entries, inputs.feeds[feed].last_entry = 1, first
    return set_stage


def sent_convoys(toy, cuts, count, trucks, **values):
    """Send convoys, each with luck of its own; give losses and arrivals of each."""
    names, inputs, state, outputs = lone_road(toy, cuts, **values)
    road = names.corridors.index(ROAD)
    last = inputs.feeds[inputs.corridors[road].first_feed].last_entry
    assert state.exposure[0, last] == pytest.approx(2)
    lost, arrived = np.zeros(count), np.zeros(count)
    state.places.need = 1
    for member in range(count):
        state.fleets.lost, state.arriving[:], state.nation.log_rows = 0, 0, 0
        send_convoy(inputs, state, outputs, 0, road, trucks, 1.0, 24.0, member, 3, 0)
        lost[member], arrived[member] = state.fleets.lost.sum(), state.arriving.sum()
    return lost, arrived


@pytest.mark.statistical
@pytest.mark.parametrize("cuts", [1, 2])
@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.1, False)])
def test_segments_in_series_are_passed_by_the_product_of_chances(
    toy, cuts, error, accepted
):
    """Every convoy that is met is broken and turned back: survival is exp(-hazard)."""
    count = 20_000
    fatal = {"defence_unescorted": 0, "escort_effect": 1e-9, "turn_back_probability": 1}
    rate = 0.3 * error
    _, arrived = sent_convoys(
        toy, cuts, count, 20.0, **fatal, encounter_rate_per_100km=rate
    )

    survival = np.exp(-0.3 * 1) ** 2
    standard_error = np.sqrt(survival * (1 - survival) / count)
    assert within((arrived > 0).mean() - survival, standard_error) is accepted


def encounters(toy, cuts, count, rate):
    """Count encounters of groups that always repulse them, by the days they lose."""
    names, inputs, state, outputs = lone_road(
        toy, cuts, encounter_rate_per_100km=rate, escort_effect=1000,
        contest_exponent=4, encounter_delay_days=1,
    )  # fmt: skip
    road = names.corridors.index(ROAD)
    corridor = inputs.corridors[road]
    begin = corridor.first_entry
    luck = stats.expon.ppf(np.random.default_rng(3).random(count))
    met = np.zeros(count)
    for member in range(count):
        _, _, met[member], _, _ = cross_segments(
            inputs, state, outputs, 0, road, begin, begin + cuts, 20.0, 1.0, 1.0,
            luck[member], corridor.outcome, corridor.loss, member, 3, 0,
        )  # fmt: skip
    return met


@pytest.mark.statistical
@pytest.mark.parametrize("cuts", [1, 2])
@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.1, False)])
def test_a_segment_meets_a_group_at_most_once(toy, cuts, error, accepted):
    """Encounters on equal segments are Binomial(segments, 1 - exp(-hazard of each))."""
    count = 20_000
    met = encounters(toy, cuts, count, 0.6 * error)

    chance = 1 - np.exp(-0.6 * 2 / cuts)
    theory = stats.binom(cuts, chance)
    observed = [(met == number).mean() for number in range(cuts + 1)]
    expected = theory.pmf(range(cuts + 1))
    errors = np.sqrt(expected * (1 - expected) / count)
    is_right = all(
        within(o - e, s) for o, e, s in zip(observed, expected, errors, strict=True)
    )
    assert is_right is accepted


@pytest.mark.statistical
@pytest.mark.parametrize(
    ("name", "error", "accepted"),
    [
        ("", 1.0, True),
        ("encounter_rate_per_100km", 1.1, False),
        ("loss_share_mean", 1.1, False),
        ("reach_trucks", 1.1, False),
        ("group_quality", 1.3, False),
    ],
)
def test_the_losses_of_a_convoy_are_those_of_theory(toy, name, error, accepted):
    """P(encounter) x P(break) x E[beta share of the trucks within reach, in whole]."""
    count, trucks, reach = 40_000, 40.0, 25
    values = {
        "encounter_rate_per_100km": 0.3, "loss_share_mean": 0.4, "reach_trucks": reach,
        "group_quality": 1, "defence_unescorted": 0.3, "escort_effect": 0.7,
        "escort_span_trucks": 40, "contest_exponent": 1.5,
    }  # fmt: skip
    if name:
        values[name] *= error
    lost, _ = sent_convoys(toy, 1, count, trucks, **values)

    met = 1 - np.exp(-2 * 0.3 * (trucks / 20) ** 0.5)
    broken = met / (1 + (0.3 + 0.7) ** 1.5)
    whole = np.arange(reach + 1)
    share = stats.beta(0.4 * 3, 0.6 * 3)
    chance = share.cdf((whole + 0.5) / reach) - share.cdf((whole - 0.5) / reach)
    assert chance.sum() == pytest.approx(1)
    mean, square = (chance * whole).sum(), (chance * whole**2).sum()
    theory = broken * mean
    standard_error = np.sqrt((broken * square - theory**2) / count)
    assert within(lost.mean() - theory, standard_error) is accepted
    assert lost.max() <= values["reach_trucks"] + 0.5


@pytest.mark.statistical
@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.1, False)])
def test_unescorted_flows_lose_what_their_groups_lose(toy, error, accepted):
    """In a whole run: trucks sent alone x chance that a group of five loses them."""
    groups = 5
    case = changed(
        toy,
        without("ban", "truce", "escort_step", "clearance"),
        measure("ban", date(2023, 12, 1), target=ROAD),
        measure("escort_suspension", date(2023, 12, 1)),
        *lone(),
        Change("feeds", {"corridor": ROAD}, {"share": 1}),
        Change("feeds", {"corridor": "C-RAIL"}, {"share": 0}),
        Change("segments", {"segment": "A2"}, {"exposure": 1, "length_km": 100}),
        Change("segments", {"segment": "A3"}, {"exposure": 0}),
        Change("fleets", {"fleet": "coast_trucks"}, {"trucks": 5000}),
        *fixed(
            encounter_rate_per_100km=0.2 * error, convoy_size_exponent=0.3,
            group_trucks=groups, reference_convoy_trucks=20, ban_willingness_share=1,
            loss_aversion=0, driver_aversion=0, strike_probability=0,
            turn_back_probability=0, group_quality=1, defence_unescorted=0.4,
            contest_exponent=1, loss_share_mean=0.5, loss_share_concentration=2,
            reach_trucks=100, pulse_multiplier=1, pause_multiplier=1, halted_share=0,
            alarm_days=365, driver_abducted_probability=0.5, fleet_effort_sd_log=0,
            fleet_daring_sd_log=0, pulse_willingness_share=1,
        ),
    )  # fmt: skip
    run = simulate(case, days=0, members=640, seed=2)

    def taken(size):
        """Mean and mean square of what a group loses, met or not."""
        met = 1 - np.exp(-0.2 * (size / 20) ** 0.3)
        whole = np.arange(size + 1)
        # the share is uniform
        edges = np.clip((np.arange(size + 2) - 0.5) / size, 0, 1)
        chance = np.diff(edges)
        broken = met / (1 + 0.4)
        return broken * np.array([(chance * whole).sum(), (chance * whole**2).sum()])

    sent = days_of(run.daily["trucks_sent"]).astype(int)
    sizes = np.array([taken(size) if size else (0, 0) for size in range(groups)])
    mean, square = np.moveaxis(sizes[sent % groups], -1, 0)
    full_mean, full_square = taken(groups)
    variance = square - mean**2 + sent // groups * (full_square - full_mean**2)
    expected = (mean + sent // groups * full_mean).sum()
    assert not run.losses["is_escorted"].any()
    lost = float(run.daily["trucks_lost"].sum())
    assert within(lost - expected, np.sqrt(variance.sum())) is accepted


def months_of_posture(toy, members=96, **values):
    """Postures of a ban that lasts, on days by which the beginning is forgotten."""
    short = {
        "pressure_days": 8, "pressure_sd_log": 0.6, "pulse_days": 4,
        "pulse_sd_log": 0.5, "pause_days": 6, "pause_sd_log": 0.6,
        "pause_probability": 0.6, "pause_answer_share": 0, "pause_pulse_probability": 0,
    }  # fmt: skip
    case = changed(
        toy,
        without("ban", "truce"),
        measure("ban", date(2023, 12, 1), target=ROAD),
        *fixed(**{**short, **values}),
    )
    run = simulate(case, days=1500, members=members, seed=9)
    return days_of(run.daily["posture"])[:, 100:].astype(int)


def stay(median, sd_log):
    """Mean and variance of a stay in whole days: the lognormal, rounded up."""
    days = np.arange(0, 400)
    longer = stats.lognorm(sd_log, scale=median).sf(days)
    longer[0] = 1.0
    mean = longer.sum()
    return mean, ((2 * days + 1) * longer).sum() - mean**2


def stays(posture, kind):
    """Lengths of the stays in a posture that begin and end in sight."""
    found = []
    for row in posture:
        cuts = np.flatnonzero(np.diff(row)) + 1
        pieces = np.split(row, cuts)[1:-1]
        found += [len(piece) for piece in pieces if piece[0] == kind]
    return np.array(found)


@pytest.mark.statistical
@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.1, False)])
def test_a_stay_has_the_length_of_its_prior(toy, error, accepted):
    posture = months_of_posture(
        toy, pulse_days=4 * error, pause_days=6 * error, pressure_days=8 * error
    )

    lengths = {
        Posture.PRESSURE: (8, 0.6), Posture.PULSE: (4, 0.5), Posture.PAUSE: (6, 0.6),
    }  # fmt: skip
    for kind, (median, sd_log) in lengths.items():
        seen = stays(posture, kind)
        mean, variance = stay(median, sd_log)
        standard_error = np.sqrt(variance / len(seen))
        assert within(seen.mean() - mean, standard_error) is accepted
        longer = stats.lognorm(sd_log, scale=median).sf(median)
        at_least = (seen > median).mean()
        is_half = within(at_least - longer, np.sqrt(0.25 / len(seen)))
        assert is_half is accepted


@pytest.mark.statistical
@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.1, False)])
def test_the_share_of_time_in_pause_is_that_of_renewal_theory(toy, error, accepted):
    posture = months_of_posture(toy, pause_days=6 * error)
    pressure, pulse, pause = stay(8, 0.6), stay(4, 0.5), stay(6, 0.6)
    p = 0.6

    cycle = pressure[0] + p * pause[0] + (1 - p) * pulse[0]
    share = p * pause[0] / cycle
    # variance of (time in pause - share x cycle) over a cycle
    weights = {"pressure": -share, "pause": 1 - share, "pulse": -share}
    second = p * (pause[1] + pause[0] ** 2) * weights["pause"] ** 2
    second += (1 - p) * (pulse[1] + pulse[0] ** 2) * weights["pulse"] ** 2
    first = p * pause[0] * weights["pause"] + (1 - p) * pulse[0] * weights["pulse"]
    variance = second - first**2 + pressure[1] * weights["pressure"] ** 2
    standard_error = np.sqrt(variance / cycle / posture.size)
    assert within((posture == Posture.PAUSE).mean() - share, standard_error) is accepted


@pytest.mark.statistical
@pytest.mark.parametrize(("error", "accepted"), [(1.0, True), (1.3, False)])
def test_a_pause_ends_in_a_pulse_with_its_chance(toy, error, accepted):
    posture = months_of_posture(toy, pause_pulse_probability=0.3 * error)

    before, after = posture[:, :-1], posture[:, 1:]
    ends = (before == Posture.PAUSE) & (after != Posture.PAUSE)
    count, share = ends.sum(), (after[ends] == Posture.PULSE).mean()
    assert within(share - 0.3, np.sqrt(0.21 / count)) is accepted
