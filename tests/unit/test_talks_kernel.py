"""Talks by hand: when they move, what breaks them, whom they free."""

import pytest

from supplyline.engine.kernels.layout import NationState
from supplyline.engine.kernels.records import records
from supplyline.engine.kernels.regime import Exit
from supplyline.engine.kernels.talks import breakdown_rate, progress_rate, step_talks
from supplyline.engine.kernels.threat import Talks
from worlds import copied, played, stage, told


@pytest.fixture(scope="module")
def begun(toy):
    known = {
        "talks_per_year": 2.0, "truce_per_year": 3.0, "deal_per_year": 1.0,
        "breakdown_per_year": 4.0, "corridor_talks_per_year": 1.0,
        "operations_per_day": 0.5, "harm_killed": 4.0,
    }  # fmt: skip
    return told(played(stage(toy), 0, 1), **known)


@pytest.fixture
def made(begun):
    return copied(begun)


@pytest.mark.parametrize(
    ("stage_of", "a_year"),
    [
        (Talks.NONE, 2 * (0.8 + 0.2) / 2),
        (Talks.TALKS, 3 * 0.6),
        (Talks.TRUCE, 1),
        (Talks.DEAL, 0),
    ],
)
def test_each_stage_has_its_own_way_forward(made, stage_of, a_year):
    nation = records(NationState, 1)[0]
    nation.now.shortage, nation.now.cohesion = 0.8, 0.2
    nation.talks, nation.pay_cover = stage_of, 0.6
    params = made.inputs.params[0]

    assert progress_rate(nation, params) == pytest.approx(a_year / 365)


def test_harm_breaks_talks(made):
    nation, params = records(NationState, 1)[0], made.inputs.params[0]

    for harm, factor in ((0.0, 0), (2.0, 1), (6.0, 3)):
        nation.harm = harm
        assert breakdown_rate(nation, params) == pytest.approx(4 * factor / 365)
    params.operations_per_day = 0
    assert breakdown_rate(nation, params) == 0


def test_a_used_up_wait_moves_the_talks_and_sets_another(made):
    nation = made.state.nation[0]
    nation.harm, nation.talks_gap, nation.talks = 0.0, 1e-9, Talks.TALKS
    nation.pay_cover = 1.0
    step_talks(made.inputs, made.state, 0, 3, 5)

    assert nation.talks == Talks.TRUCE
    assert nation.talks_count == 1
    assert nation.talks_gap > 0
    nation.harm, nation.talks_gap, params = 1e9, 1e-9, made.inputs.params[0]
    params.deal_per_year = 0
    step_talks(made.inputs, made.state, 0, 3, 6)
    assert nation.talks == Talks.NONE


def test_a_dated_deal_and_a_capture_settle_it(made):
    nation = made.state.nation[0]
    made.inputs.days.is_deal[7] = 1
    step_talks(made.inputs, made.state, 0, 3, 7)
    assert nation.talks == Talks.DEAL
    nation.talks = Talks.NONE
    made.state.nation.exit_kind = Exit.CAPTURE
    step_talks(made.inputs, made.state, 0, 3, 8)
    assert nation.talks == Talks.DEAL


def test_a_corridor_makes_and_breaks_its_own_accord(made):
    road = made.names.corridors.index("C-ROAD")
    own = made.state.corridors[0, road]
    made.inputs.corridor_days.is_banned[:, road] = 1
    made.state.nation.now.shortage = 0.5
    own.talks_gap = 0.5 / 365 + 1e-12

    step_talks(made.inputs, made.state, 0, 3, 9)
    assert own.is_free == 0
    assert own.talks_gap == pytest.approx(1e-12, abs=1e-15)
    step_talks(made.inputs, made.state, 0, 3, 10)
    assert own.is_free == 1
    own.talks_gap = 4 / 365 - 1e-9
    step_talks(made.inputs, made.state, 0, 3, 11)
    assert own.is_free == 0


def test_without_a_ban_a_corridor_has_nothing_to_settle(made):
    road, far = (made.names.corridors.index(name) for name in ("C-ROAD", "I-FAR"))
    made.inputs.corridor_days.is_banned[:] = 0
    made.state.corridors.is_free[0, road] = 1
    made.state.corridors.talks_gap[0, far] = -1
    step_talks(made.inputs, made.state, 0, 3, 9)

    assert made.state.corridors.is_free[0, road] == 0
    assert made.state.corridors.talks_count[0, far] == 0
