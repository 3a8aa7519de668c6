"""Charts, maps and small drawings."""

import copy
import re
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_runs import made_run
from supplyline.case.case import load_case
from supplyline.errors import SupplylineWarning
from supplyline.quantities import Quantity
from supplyline.report.charts import draw_charts
from supplyline.report.figures import BLUE, COLOURS, describe, fan_chart
from supplyline.report.labels import Label, place_labels
from supplyline.report.maps import RISKS, Frame, draw_map, passages
from supplyline.report.marks import interval_mark, percentile_mark, probability_mark
from supplyline.report.panels import path
from supplyline.report.series import LEVELS, Fan, Observation, quantiles, summary
from supplyline.report.territory import _middle


def fan(name="fan", observed=(), unit="days"):
    times = pd.date_range("2025-08-04", periods=40, freq="7D").to_numpy()
    values = np.random.default_rng(1).gamma(3, 2, (300, 40))
    return Fan(
        name, "Title <b>", unit, times, quantiles(values), pd.Timestamp("2026-01-01"),
        tuple(observed), "run abc",
    )  # fmt: skip


@pytest.fixture(scope="module")
def run():
    with warnings.catch_warnings(action="ignore", category=SupplylineWarning):
        return made_run(load_case("mali"), members=20)


@given(st.integers(1, 60), st.integers(0, 1000))
def test_quantiles_equal_those_of_numpy(members, seed):
    values = np.random.default_rng(seed).normal(size=(members, 3))
    expected = np.quantile(values, LEVELS, axis=0)
    assert np.allclose(quantiles(values), expected)


def test_summary_is_a_median_or_a_mean():
    values = np.array([0.0, 0.0, 10.0])
    assert summary(values, "days", "run x").value == 0
    assert summary(values, "days", "run x", middle="mean").value == pytest.approx(
        10 / 3
    )


def test_a_chart_can_share_a_page():
    first, second = (fan_chart(fan(name), colour=BLUE).svg for name in ("one", "two"))
    ids = [re.findall(r' id="([^"]+)"', svg) for svg in (first, second)]
    assert not set(ids[0]) & set(ids[1])
    for svg, found in zip((first, second), ids, strict=True):
        assert set(re.findall(r"(?:url\(#|href=\"#)([^\")]+)", svg)) <= set(found)
        assert "width=" not in svg.split(">")[0]


def test_a_chart_escapes_its_title():
    assert "Title &lt;b&gt;" in fan_chart(fan(), colour=BLUE).svg


def test_a_chart_hatches_the_model_and_tells_the_forecast():
    svg = fan_chart(fan(), colour=BLUE).svg
    assert "<pattern" in svg
    assert "forecast from 1 Jan 2026" in svg


def test_reported_values_are_drawn_and_told():
    seen = Observation(
        pd.Timestamp("2025-10-01"), pd.Timestamp("2025-10-09"),
        Quantity(6.0, "days", low=4.0, high=8.0, basis="claim F0001"),
    )  # fmt: skip
    assert len(fan_chart(fan(observed=[seen]), colour=BLUE).svg) > len(
        fan_chart(fan(), colour=BLUE).svg
    )
    assert "1 reported values are drawn" in describe(fan(observed=[seen]))


def test_a_series_of_zeros_has_a_chart():
    zeros = fan(unit="trucks")
    flat = Fan(**{f: getattr(zeros, f) for f in zeros.__slots__} | {
        "quantiles": np.zeros_like(zeros.quantiles)
    })  # fmt: skip
    assert "<svg" in fan_chart(flat, colour=BLUE).svg


def test_the_table_under_a_chart_tells_past_from_forecast():
    rows = fan().rows()
    assert [is_ahead for *_, is_ahead in rows] == sorted(a for *_, a in rows)
    assert str(rows[0][0]) == "4 August 2025"
    assert rows[0][1].low <= rows[0][1].value <= rows[0][1].high


def test_charts_of_a_case_show_what_was_reported(run):
    charts = draw_charts(run)
    claims = charts.claims()
    assert {"F0154", "F0170", "F0189"} <= set(claims)
    names = [chart.name for chart in (*charts.supply, *charts.corridors)]
    assert len(names) == len(set(names))


def test_shared_segments_are_drawn_once_with_all_trucks(run):
    through = passages(run)
    rows = run.case.corridor_segments
    shared = rows["segment"].value_counts().index[0]
    corridors = set(rows.loc[rows["segment"] == shared, "corridor"])
    start = pd.Timestamp(run.case.config.cutoff) + pd.Timedelta(days=1)
    sent = run.weekly["corridor_trucks_sent"].sel(
        week=slice(start, None), corridor=sorted(corridors)
    )
    assert len(corridors) > 1
    assert through[shared].trucks_per_week == pytest.approx(
        float(sent.mean(("member", "week")).sum()), rel=1e-5
    )


@pytest.mark.parametrize("width", [900.0, 400.0])
def test_a_map_names_the_capital_and_shows_every_class_of_risk(run, width):
    svg = draw_map(run.case, passages(run), name="map", width=width)
    assert ">Bamako</text>" in svg
    assert any(colour in svg for _, _, colour, _ in RISKS)
    assert "<desc" in svg


def test_risk_grows_with_the_share_lost(run):
    assert [least for _, least, _, _ in RISKS] == sorted(r[1] for r in RISKS)
    for passage in passages(run).values():
        assert passage.loss_share >= RISKS[passage.risk][1]


points = st.builds(
    Label,
    text=st.text("abcdefgh", min_size=1, max_size=18),
    x=st.floats(0, 400),
    y=st.floats(0, 300),
    radius=st.floats(1, 6),
    rank=st.integers(0, 9),
)


@given(st.lists(points, max_size=25))
def test_names_on_a_map_never_overlap(labels):
    placed = place_labels(labels, 400, 300)
    for number, one in enumerate(placed):
        left, top, right, bottom = one.box
        assert 0 <= left <= right <= 400
        assert 0 <= top <= bottom <= 300
        for other in placed[number + 1 :]:
            a, b, c, d = other.box
            assert right <= a or c <= left or bottom <= b or d <= top


@pytest.mark.parametrize("value", [-5.0, 0.0, 3.0, 1e9])
def test_marks_stay_on_their_scale(value):
    svg = interval_mark(value, value - 1, value + 1, 4.0)
    for number in re.findall(r'(?:cx|x1|x2)="([-\d.]+)"', svg):
        assert 0 <= float(number) <= 160


def test_marks_repeat_what_stands_beside_them_and_are_not_read_out():
    for svg in (probability_mark(0.6, 0.55, 0.8), percentile_mark(0.2, is_main=False)):
        assert 'aria-hidden="true"' in svg


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    lin = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2]


@pytest.mark.parametrize("colour", [*COLOURS, *(risk[2] for risk in RISKS)])
def test_colours_stand_out_from_paper(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def moved(run, shift):
    """Move a whole case around the Earth, longitudes kept between -180 and 180."""

    def turned(lon):
        return (lon + shift + 180.0) % 360.0 - 180.0

    places = run.case.places.assign(lon=turned(run.case.places["lon"].astype(float)))
    outline = copy.deepcopy(run.case.outline)
    for feature in outline["features"]:
        polygons = feature["geometry"]["coordinates"]
        if feature["geometry"]["type"] == "Polygon":
            polygons = [polygons]
        for ring in (ring for polygon in polygons for ring in polygon):
            for point in ring:
                point[0] = turned(point[0])
    tables = {**run.case.tables, "places": places}
    return replace(run, case=replace(run.case, tables=tables, outline=outline))


def numbers(svg):
    return [float(number) for number in re.findall(r"-?\d+\.\d", svg)]


# Mali and its corridors reach from 17 degrees west to 4 degrees east
@pytest.mark.parametrize("shift", [0.0, 184.0, 170.0, -165.0, 180.0])
def test_a_case_looks_the_same_wherever_on_the_earth_it_lies(run, shift):
    here, there = (
        draw_map(each.case, passages(each), name="map", width=900.0)
        for each in (run, moved(run, shift))
    )
    assert numbers(there) == pytest.approx(numbers(here), abs=0.11)


@pytest.mark.parametrize("lons", [(179.2, -179.2), (-179.2, 179.2), (179.9, -178.5)])
def test_a_road_across_the_date_line_is_short(lons):
    page = Frame.around([*lons, 178.9], [10.0, 10.5, 12.0], 900.0)
    ends = [page.at(lon, 10.0)[0] for lon in lons]
    degree = abs(page.at(178.9, 10.0)[0] - page.at(177.9, 10.0)[0])
    assert abs(ends[0] - ends[1]) == pytest.approx(1.6 * degree, rel=1e-6)
    assert all(0 <= end <= 900 for end in ends)


def test_a_region_across_the_date_line_lies_in_its_middle(run):
    places = run.case.places
    region = run.case.regions.loc[~run.case.regions["is_boundary"].astype(bool)]
    name = str(region["region"].iloc[0])
    own = places.loc[places["region"] == name].iloc[[0, 0]].copy()
    own["lon"] = [179.0, -179.0]
    case = replace(run.case, tables={**run.case.tables, "places": own})
    assert _middle(replace(run, case=case), name)[0] == pytest.approx(180.0)


@pytest.mark.parametrize("seed", range(5))
def test_a_path_of_steps_passes_through_its_points(seed):
    rng = np.random.default_rng(seed)
    points = rng.uniform(-300, 300, (40, 2))
    points[1:] = np.where(rng.random((39, 2)) < 0.3, points[:-1] + 0.5, points[1:])
    points[20] = np.nan
    number = r"-?(?:\d+\.\d+|\d+|\.\d+)"
    read = []
    for part in path(*points.T).split("M")[1:]:
        numbers = [float(each) for each in re.findall(number, part)]
        read.append(np.cumsum(np.reshape(numbers, (-1, 2)), axis=0))
    rounded = np.round(points, 1)
    for found, expected in zip(read, (rounded[:20], rounded[21:]), strict=True):
        steps = np.abs(np.diff(expected, axis=0, prepend=np.inf)).max(axis=1) > 0.01
        assert found == pytest.approx(expected[steps], abs=1e-6)
