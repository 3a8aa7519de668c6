"""More hazard never helps: on the same luck, truck by truck, and on the whole."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyline.case.change import Change
from supplyline.engine.kernels.encounter import (
    encounter_rate,
    group_size,
    weigh_groups,
)
from supplyline.engine.kernels.transit import (
    follow_groups,
    groups_met,
    send_convoy,
)
from supplyline.engine.simulate import simulate
from worlds import changed, fixed, stage

ROAD = "C-ROAD"


@cache
def road(case):
    """A convoy's road to the capital alone, with no other place to unload at."""
    lone = Change("feeds", {"place": "millford", "corridor": ROAD}, remove=True)
    depot = Change("depots", {"place": "millford"}, remove=True)
    people = Change("demand", {"place": "millford"}, remove=True)
    return stage(changed(case, depot, people, lone), members=1)


def delivered(toy, member, trucks, **values):
    """Trucks of a convoy that arrive on a given luck."""
    names, inputs, state, outputs = road(toy)
    params = inputs.params[0]
    for name, value in values.items():
        params[name] = value
    for array in (state.arriving, state.returning):
        array[:] = 0
    state.fleets.lost = 0
    number = names.corridors.index(ROAD)
    send_convoy(
        inputs, state, outputs, 0, number, trucks, 1.0, 24.0, member, 3, 0
    )  # fmt: skip
    return state.arriving.sum()


HAZARDS = {
    "encounter_rate_per_100km": st.floats(0.01, 5),
    "loss_share_mean": st.floats(0.05, 0.95),
    "escort_effect": st.floats(0.01, 4),
}
PLAIN = {
    "encounter_rate_per_100km": 1.0,
    "loss_share_mean": 0.4,
    "loss_share_concentration": 3.0,
    "escort_effect": 1.0,
    "defence_unescorted": 0.2,
    "turn_back_probability": 0.3,
    "reach_trucks": 30.0,
}


@pytest.mark.parametrize("name", HAZARDS)
@given(data=st.data(), member=st.integers(0, 10_000), trucks=st.integers(1, 40))
def test_more_hazard_never_delivers_more_of_a_convoy(toy, name, data, member, trucks):
    """With a size that does not matter, on the same luck, convoy by convoy."""
    first, second = sorted((data.draw(HAZARDS[name]), data.draw(HAZARDS[name])))
    if name == "escort_effect":
        first, second = second, first
    given = {**PLAIN, "convoy_size_exponent": 0.0}

    calm = delivered(toy, member, float(trucks), **{**given, name: first})
    rough = delivered(toy, member, float(trucks), **{**given, name: second})

    assert rough <= calm <= trucks


@given(
    rates=st.tuples(st.floats(0.01, 5), st.floats(0.01, 5)),
    member=st.integers(0, 10_000),
    trucks=st.integers(1, 120),
)
def test_more_encounters_never_deliver_more_of_any_convoy(toy, rates, member, trucks):
    calm, rough = (
        delivered(
            toy, member, float(trucks), **{**PLAIN, "encounter_rate_per_100km": rate}
        )
        for rate in sorted(rates)
    )

    assert rough <= calm


def groups_delivered(toy, member, trucks, rate):
    """Trucks of a day's unescorted flow that arrive on a given luck."""
    names, inputs, state, outputs = road(toy)
    params = inputs.params[0]
    for name, value in {**PLAIN, "encounter_rate_per_100km": rate}.items():
        params[name] = value
    state.arriving[:] = 0
    weigh_groups(state.nation[0], params)
    fed = names.feeds.index(f"{ROAD}/highcourt")
    size = group_size(params)
    exposure = state.exposure[0, inputs.feeds[fed].last_entry]
    hazard = encounter_rate(size, 1.0, params) * exposure
    hits, is_rest_hit, _ = groups_met(trucks, size, hazard, 0.0, 1.0, 0.4, 0.6, params)
    followed, _ = follow_groups(
        inputs, state, outputs, 0, fed, 2,
        trucks, 1.0, hazard, 2.0, hits, is_rest_hit, member, 3, 9,
    )  # fmt: skip
    return trucks - followed + state.arriving.sum()


@given(
    rates=st.tuples(st.floats(0.01, 5), st.floats(0.01, 5)),
    member=st.integers(0, 10_000),
    groups=st.integers(1, 8),
)
def test_more_encounters_never_deliver_more_of_a_flow(toy, rates, member, groups):
    size = group_size(road(toy).inputs.params[0])
    calm, rough = (
        groups_delivered(toy, member, groups * size, rate) for rate in sorted(rates)
    )

    assert rough <= calm <= groups * size


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("encounter_rate_per_100km", 0.02, 0.2),
        ("loss_share_mean", 0.15, 0.6),
        ("escort_effect", 4.0, 0.3),
    ],
)
def test_more_hazard_delivers_less_on_the_whole(toy, name, low, high):
    known = {"encounter_rate_per_100km": 0.1, "escort_packages_initial": 3.0}
    calm, rough = (
        simulate(
            changed(toy, *fixed(**{**known, name: value})), days=30, members=130, seed=7
        )
        for value in (low, high)
    )

    def arrived(run):
        return run.daily["trucks_delivered"].sum("day")

    assert float((arrived(calm) - arrived(rough)).mean()) > 0
    assert float(rough.daily["trucks_lost"].sum()) > float(
        calm.daily["trucks_lost"].sum()
    )
