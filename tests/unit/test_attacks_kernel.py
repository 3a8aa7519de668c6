"""Attacks by hand: how many, of what kind, and what they do."""

import math

import numpy as np
import pytest
from scipy import stats

from supplyline.engine.kernels.attacks import (
    background_rate,
    carry_out_attack,
    draw_kind,
    kept_excitation,
    next_excitation,
    offensive_attacks,
    open_offensive,
    opening_attacks,
)
from supplyline.engine.kernels.force import draw_killed
from supplyline.engine.kernels.groups import Attack, GroupState
from supplyline.engine.kernels.luck import draw_hazard, heavy_tailed
from supplyline.engine.kernels.records import records
from supplyline.engine.kernels.threat import Posture, Talks
from worlds import copied, played, stage, told

RAIDERS, ROVERS = 0, 1


@pytest.fixture(scope="module")
def begun(toy):
    """A country on its first evening."""
    return played(stage(toy), 0, 1)


@pytest.fixture
def made(begun):
    return copied(begun)


def params_of(made):
    return made.inputs.params[0]


@pytest.mark.parametrize("u", [0.0, 0.3, 0.999])
def test_a_wait_is_exponential(u):
    assert draw_hazard(u) == pytest.approx(stats.expon.ppf(u))


@pytest.mark.parametrize("tail", [1.5, 2.2, 3.0])
def test_an_amount_is_lomax_with_its_mean(tail):
    u = np.linspace(0, 0.9999, 501)
    theory = stats.lomax(tail, scale=2.0 * (tail - 1))

    assert [heavy_tailed(x, 2.0, tail) for x in u] == pytest.approx(theory.ppf(u))
    assert theory.mean() == pytest.approx(2)
    assert heavy_tailed(0.7, 0.0, tail) == 0


def test_deaths_are_whole_and_capped(made):
    told(made, death_tail=1.8, deaths_cap=30.0)
    params = params_of(made)

    assert draw_killed(0.0, 0.999, 3.0, params) == 0
    assert draw_killed(1 - 1e-12, 0.5, 3.0, params) == 30
    middle = heavy_tailed(0.8, 3.0, 1.8)
    assert draw_killed(0.8, 0.0, 3.0, params) == math.floor(middle)
    assert draw_killed(0.8, 0.9999, 3.0, params) == math.ceil(middle)


def test_an_opening_is_between_least_and_most(made):
    told(made, pulse_tail=2.0, pulse_attacks_min=3.0, pulse_attacks_cap=30.0)

    drawn = [opening_attacks(u, params_of(made)) for u in (0.0, 0.75, 0.999)]

    assert drawn == pytest.approx([3, 6, 30])


def test_background_and_excitation_give_the_attacks_of_the_start(made):
    told(made, event_excitation=0.4, event_decay_per_day=0.2)
    params, group = params_of(made), records(GroupState, 1)[0]
    group.fighters = group.first_fighters = 200
    group.attacks_per_day = 5.0

    usual = 0.4 * 5
    assert background_rate(group, 1.0, params) + usual == pytest.approx(5)
    assert background_rate(group, 0.5, params) == pytest.approx(1.5)
    group.fighters = 50
    assert background_rate(group, 1.0, params) == pytest.approx(0.75)
    group.first_fighters = 0
    assert background_rate(group, 1.0, params) == 0
    # five attacks a day keep it where it is; none let it fade
    kept = kept_excitation(params)
    assert kept == pytest.approx(math.exp(-0.2))
    assert next_excitation(usual, 5.0, kept, params) == pytest.approx(usual)
    assert next_excitation(usual, 0.0, kept, params) == pytest.approx(usual * kept)


def test_one_attack_brings_about_as_many_as_its_excitation(made):
    told(made, event_excitation=0.4, event_decay_per_day=0.2)
    params = params_of(made)
    kept = kept_excitation(params)
    left, brought = next_excitation(0.0, 1.0, kept, params), 0.0
    for _ in range(200):
        brought += left
        left = next_excitation(left, 0.0, kept, params)

    assert brought == pytest.approx(0.4)


def test_the_kind_follows_the_shares_of_its_day():
    kinds = records(Attack, 3)
    kinds.share, kinds.pulse_share = [0.5, 0.3, 0.2], [0.0, 0.1, 0.9]
    luck = (0.0, 0.49, 0.51, 0.79, 0.81, 0.9999)

    assert [draw_kind(kinds, False, u) for u in luck] == [0, 0, 1, 1, 2, 2]
    assert [draw_kind(kinds, True, u) for u in luck] == [1, 2, 2, 2, 2, 2]


@pytest.mark.parametrize(
    ("before", "posture", "gap", "talks", "is_open"),
    [
        (Posture.PRESSURE, Posture.PULSE, 9.0, Talks.NONE, True),
        (Posture.PULSE, Posture.PULSE, 9.0, Talks.NONE, False),
        (Posture.BUILD_UP, Posture.BUILD_UP, 0.001, Talks.TALKS, True),
        (Posture.BUILD_UP, Posture.BUILD_UP, 0.001, Talks.TRUCE, False),
        (Posture.PRESSURE, Posture.PRESSURE, 0.001, Talks.NONE, False),
    ],
)
def test_an_offensive_opens_with_a_pulse_or_now_and_then(
    made, before, posture, gap, talks, is_open
):
    told(made, campaigns_per_year=6.0, pulse_attacks_min=3.0)
    nation = made.state.nation[0]
    nation.posture, nation.talks = posture, talks
    nation.campaign_gap, nation.campaigns = gap, 0
    facts = made.inputs.facts[0]

    open_offensive(nation, facts, before, params_of(made), 4)

    assert (nation.burst >= 3) == is_open == (nation.campaigns == 1)
    assert nation.campaign_gap > 0 or not is_open


@pytest.mark.parametrize(
    ("alliance", "given", "share"),
    [(0.5, -1.0, 0.5), (-0.8, -1.0, 0.0), (0.5, 0.0, 0.0), (-0.8, 0.9, 0.9)],
)
def test_allies_join_an_offensive_as_far_as_they_are_allied(
    made, alliance, given, share
):
    made.state.nation.burst = 10.0
    made.state.alliances[:] = alliance
    made.inputs.group_days.alliance[5, ROVERS] = given

    assert offensive_attacks(made.inputs, made.state, 0, RAIDERS, 5) == 10
    assert offensive_attacks(made.inputs, made.state, 0, ROVERS, 5) == pytest.approx(
        10 * share
    )


def struck(made, region, **kind):
    """Let one attack happen of the one kind there is."""
    for name, value in {"share": 1.0, "pulse_share": 1.0, **kind}.items():
        made.inputs.attacks[name][0] = value
    told(made, deaths_cap=1000.0)
    before = [np.array(part.copy()) for part in made.state]
    carry_out_attack(*made[1:], 0, RAIDERS, region, False, 3, 1)
    return type(made.state)(*(part.view(np.recarray) for part in before))


def test_an_attack_books_what_it_does(made):
    region = made.names.regions.index("lowland")
    killed = {"soldiers_killed": 90.0, "civilians_killed": 800.0, "fighters_killed": 40}
    before = struck(made, region, **killed, materiel=7.0, overrun_probability=1.0)
    state, kept = made.state, made.outputs.daily_country[0, 1]

    assert kept.soldiers_killed > 0
    assert kept.civilians_killed > 0
    assert kept.fighters_killed > 0
    lost = {
        "soldiers_killed": before.nation.soldiers[0] - state.nation.soldiers[0],
        "civilians_killed": (
            before.regions.residents[0, region] - state.regions.residents[0, region]
        ),
        "fighters_killed": before.groups.fighters[0, 0] - state.groups.fighters[0, 0],
    }
    for name, number in lost.items():
        assert kept[name] == pytest.approx(number), name
    deaths = (
        state.regions.week_deaths[0, region] - before.regions.week_deaths[0, region]
    )
    assert deaths == pytest.approx(sum(lost.values()))
    assert state.groups.materiel[0, 0] == before.groups.materiel[0, 0] + 7
    jump = params_of(made).town_jump * before.regions.state_control[0, region]
    won = state.presence.control[0, 0, region] - before.presence.control[0, 0, region]
    assert won == pytest.approx(jump)
    fallen = before.regions.state_control - state.regions.state_control
    assert fallen[0, region] == pytest.approx(jump)


def test_abroad_only_the_groups_own_losses_count(made):
    region = made.names.regions.index("coast")
    killed = {"soldiers_killed": 90.0, "civilians_killed": 800.0, "fighters_killed": 40}
    before = struck(made, region, **killed, overrun_probability=1.0)

    assert made.state.groups.fighters[0, 0] < before.groups.fighters[0, 0]
    for part in ("nation", "regions"):
        assert (np.array(getattr(before, part)) == getattr(made.state, part)).all()
    assert made.outputs.daily_country[0, 1].soldiers_killed == 0


def test_no_more_fall_than_there_are(made):
    region = made.names.regions.index("lowland")
    made.state.nation.soldiers, made.state.groups.fighters[0, 0] = 2.0, 1.0
    made.state.regions.residents[0, region] = 3.0
    killed = dict.fromkeys(
        ("soldiers_killed", "civilians_killed", "fighters_killed"), 1e6
    )
    struck(made, region, **killed)

    assert made.state.nation.soldiers[0] == 0
    assert made.state.groups.fighters[0, 0] == 0
    assert made.state.regions.residents[0, region] == 0
