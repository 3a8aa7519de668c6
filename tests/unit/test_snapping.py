"""Events on the map: the nearest segment and place, against brute force."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyline.case.case import load_case
from supplyline.case.geography import great_circle_km
from supplyline.evidence.desk.snapping import snap_events, vectors

STEPS = 4_000


def frame(*points, place_km=0.0):
    """Lay out made-up points as events."""
    rows = [{"lat": lat, "lon": lon, "place_km": place_km} for lat, lon in points]
    return pd.DataFrame(rows, columns=["lat", "lon", "place_km"])


def along(place_a, place_b):
    """Walk along the great circle between two places."""
    ends = vectors(
        np.array([place_a["lat"], place_b["lat"]]),
        np.array([place_a["lon"], place_b["lon"]]),
    )
    part = np.linspace(0, 1, STEPS)[:, None]
    walk = ends[0] * (1 - part) + ends[1] * part
    walk /= np.linalg.norm(walk, axis=1, keepdims=True)
    lat = np.degrees(np.arcsin(walk[:, 2]))
    return lat, np.degrees(np.arctan2(walk[:, 1], walk[:, 0]))


def brute(case, lat, lon):
    """Measure to every step of every road."""
    places = case.places.set_index("place")
    best = {}
    for row in case.segments.itertuples():
        if row.mode == "road":
            steps = along(places.loc[row.from_place], places.loc[row.to_place])
            best[row.segment] = min(
                great_circle_km(lat, lon, a, b) for a, b in zip(*steps, strict=True)
            )
    return best


@settings(max_examples=25)
@given(st.floats(9, 15), st.floats(-2, 3))
def test_the_nearest_segment_is_that_of_brute_force(toy, lat, lon):
    found = snap_events(frame((lat, lon)), toy.places, toy.segments, 1e4).iloc[0]
    far = brute(toy, lat, lon)

    assert found["segment_km"] == pytest.approx(min(far.values()), abs=0.05)
    assert far[found["segment"]] == pytest.approx(min(far.values()), abs=0.05)
    towns = {
        row.place: great_circle_km(lat, lon, row.lat, row.lon)
        for row in toy.places.itertuples()
    }
    assert found["distance_km"] == pytest.approx(min(towns.values()), abs=1e-3)
    assert towns[found["place"]] == pytest.approx(min(towns.values()), abs=1e-3)


def test_a_long_segment_is_a_great_circle_and_no_line_on_a_map():
    places = pd.DataFrame(
        {"place": ["a", "b"], "lat": [50.0, 50.0], "lon": [-60.0, 60.0], "region": "r"}
    )
    segments = pd.DataFrame(
        {"segment": ["s"], "mode": "road", "from_place": "a", "to_place": "b"}
    )
    top = np.degrees(np.arctan(np.tan(np.radians(50)) / np.cos(np.radians(60))))

    found = snap_events(frame((top, 0.0), (50.0, 0.0)), places, segments, 1e5)

    assert found["segment_km"].iloc[0] == pytest.approx(0, abs=1e-3)
    assert found["segment_km"].iloc[1] > 1_000


def test_only_roads_carry_attacks_on_the_road(toy):
    beside_the_rail = frame((11.7, 0.7))

    road = snap_events(beside_the_rail, toy.places, toy.segments, 1e3).iloc[0]
    both = snap_events(
        beside_the_rail, toy.places, toy.segments, 1e3, ("road", "rail")
    ).iloc[0]

    assert road["segment"][0] == "A"
    assert both["segment"] == "B2"


@pytest.mark.parametrize(("place_km", "limit", "is_near"), [
    (0, 20, False), (0, 40, True), (25, 20, True), (25, 5, False),
])  # fmt: skip
def test_farther_than_its_uncertainty_and_the_limit_is_no_segment(
    toy, place_km, limit, is_near
):
    found = snap_events(
        frame((11.3, 0.45), place_km=place_km), toy.places, toy.segments, limit
    ).iloc[0]

    assert (found["segment"] is not None) == is_near
    assert np.isfinite(found["segment_km"]) == is_near
    assert found["region"] == "lowland"


def test_ties_are_decided_by_name_and_not_by_order(toy):
    at_millford = frame((11.7, 0.2))
    for table in (toy.segments, toy.segments.iloc[::-1]):
        found = snap_events(at_millford, toy.places.iloc[::-1], table, 5).iloc[0]
        assert (found["segment"], found["place"]) == ("A2", "millford")
        assert found["segment_km"] == pytest.approx(0, abs=1e-6)


def test_an_event_without_coordinates_has_no_place(toy):
    events = frame((np.nan, 0.2), (11.7, 0.2))
    found = snap_events(events, toy.places, toy.segments, 5)

    assert found.iloc[0].isna().all()
    assert found.iloc[1]["place"] == "millford"
    assert snap_events(frame(), toy.places, toy.segments, 5).empty


@pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")
def test_twenty_thousand_events_are_placed_in_two_seconds():
    case = load_case("mali")
    luck = np.random.default_rng(1)
    events = pd.DataFrame(
        {"lat": luck.uniform(10, 20, 20_000), "lon": luck.uniform(-12, 4, 20_000)}
    ).assign(place_km=5.0)

    found = snap_events(events, case.places, case.segments, 10)

    assert found["place"].notna().all()
    assert 0.02 < found["segment"].notna().mean() < 0.6
