"""The leader's heat, the conflict, the futures and the scorecard in the brief."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_country import LEADER, made_country, without_country
from made_runs import made_run
from sections import judged, meant, page_of_leader, towns_in
from supplyline.analysis.futures import RULES, futures
from supplyline.analysis.heat import heat
from supplyline.case.regime import COVARIATES, DRIVERS
from supplyline.quantities import Quantity
from supplyline.report.conflict import conflict_charts, zones_of
from supplyline.report.evidence import claims
from supplyline.report.futures import futures_of, futures_page, why_no_futures
from supplyline.report.heat_charts import draw_heat, draw_history
from supplyline.report.leader import (
    adding_up,
    direction,
    driver_of,
    split,
    standing_line,
    why_no_heat,
)
from supplyline.report.marks import share_mark
from supplyline.report.meaning import longest
from supplyline.report.money import STREAMS, group_money
from supplyline.report.panels import Panel, month_axis, path
from supplyline.report.scorecard import scorecard_of
from supplyline.report.sentences import plain
from supplyline.report.series import by_week, rounded
from supplyline.report.territory import control_map, regions_of


@pytest.fixture(scope="module")
def run(toy):
    return made_country(toy, members=300)


@pytest.fixture(scope="module")
def found(run):
    return heat(run)


def number(text):
    return float(text.replace(",", ""))


@given(st.lists(st.floats(-500, 500), min_size=1, max_size=8))
def test_rounded_parts_add_up_to_the_rounded_sum(values):
    parts = adding_up(values)
    assert round(sum(parts), 6) == pytest.approx(round(sum(values) * 10) / 10)
    for part, value in zip(parts, values, strict=True):
        assert abs(part - value) < 0.1 + 1e-9


@pytest.mark.parametrize("which", ["levels", "drivers"])
def test_printed_bars_add_up_to_the_printed_total(found, which):
    told = split(getattr(found, which)(), "run x")
    parts = [number(bar.part.number) for bar in told.bars]
    assert sum(parts) == pytest.approx(number(told.total.number))
    assert told.factor.value == pytest.approx(np.exp(sum(parts) / 100), rel=0.01)


def test_the_change_printed_is_that_of_the_risk(found):
    total = sum(driver.contribution.value for driver in found.drivers())
    told = split(found.drivers(), "run x").total.value
    assert told == pytest.approx(100 * total, abs=0.051)


@pytest.mark.parametrize(
    ("change", "word"),
    [(-5.0, "cooling"), (-1.9, "steady"), (1.9, "steady"), (5.0, "warming")],
)
def test_a_trend_has_a_word(change, word):
    assert direction(Quantity(change, "points", basis="run x")) == word


def test_the_leader_in_one_line(found):
    words = r"Leader: \d+ of 100, (cold|mild|hot), (warming|cooling|steady); .*: \w+\."
    assert re.fullmatch(words, standing_line(found))


def test_the_page_holds_what_was_measured(found):
    page = page_of_leader(found)
    assert page.name == LEADER
    assert page.definition == found.definition
    assert page.value.value == round(found.value().value)
    assert len(page.sensitivities) == len(COVARIATES)
    assert [row.title for row in page.aims] == list(found.run.case.aims["title"])
    assert {row.driver for row in page.aims} <= {*DRIVERS, ""}
    assert [one.reader for one in page.meanings] == [
        "Relief planner", "Importer or insurer", "Analyst", "Resident or journalist",
    ]  # fmt: skip


def test_each_reader_gets_sentences_with_numbers_of_the_run(found):
    for meaning in meant(found):
        assert 2 <= len(meaning.sentences) <= 3
        parts = [part for sentence in meaning.sentences for part in sentence]
        own = [part for part in parts if isinstance(part, Quantity)]
        assert own
        assert all(part.origin == "model" for part in own)


def test_readers_learn_what_differs_where_he_falls(run):
    fallen = np.arange(run.daily.sizes["member"]) % 3 == 0
    kinds = run.daily["exit_kind"].copy()
    kinds[{"day": -1}] = np.where(fallen, 1.0, 0.0)
    daily = run.daily.assign(exit_kind=kinds)
    told = meant(heat(replace(run, daily=daily)))
    assert "In the courses in which he falls" in plain(told[0].sentences[2])
    few = run.daily.assign(exit_kind=run.daily["exit_kind"] * 0)
    told = meant(heat(replace(run, daily=few)))
    assert "Too few courses" in plain(told[0].sentences[2])


def test_the_longest_stretch():
    rows = [[0, 1, 1, 0, 1], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1]]
    assert longest(np.array(rows, dtype=bool)).tolist() == [2, 0, 5]


def test_outputs_lead_to_drivers():
    assert driver_of("covariate_shortage") == "supply"
    assert driver_of("state_control_share") == "security"
    assert driver_of("legitimacy") == "street"
    assert driver_of("something_else") == ""


def test_the_heat_is_drawn_with_a_table(found):
    svg, rows = draw_heat(found)
    assert "forecast from" in svg
    assert svg.count("<rect") == 3
    for _, value, band in rows:
        assert 0 <= value.low <= value.high <= 100
        assert band in ("cold", "mild", "hot")


def test_the_record_is_drawn_from_the_day_he_took_power(found):
    svg, facts = draw_history(found)
    assert svg.count("<circle") == len(facts)
    case = found.run.case
    none = case.tables["leader"].iloc[:0]
    bare = replace(case, tables={**case.tables, "leader": none})
    assert draw_history(heat(replace(found.run, case=bare))) == (None, ())


def test_why_there_is_no_leader(run, toy):
    assert not why_no_heat(run)
    assert "no armed groups" in why_no_heat(made_run(without_country(toy)))
    config = run.case.config.model_copy(update={"leader": None})
    assert "names no leader" in why_no_heat(
        replace(run, case=replace(run.case, config=config))
    )


def test_one_of_six_judgements_is_on_the_leader(run, found):
    towns = towns_in(run)
    told = judged(run, [], towns, found)
    assert len(told) == 6
    (one,) = [each for each in told if LEADER in plain(each.sentence)]
    assert one.probability.value == pytest.approx(1 - found.keeps_power.value)
    assert one.probability.low == pytest.approx(1 - found.keeps_power.high, abs=1e-6)
    assert "heat" in plain(one.detail)
    (capital,) = [town for town in towns.rows if town.is_capital]
    assert capital.days_of_supply.unit == "days"


def test_conflict_charts_have_a_table_each(run):
    charts = conflict_charts(run)
    names = [chart.name for chart in charts]
    assert len(names) == len(set(names))
    assert {"attacks", "state-control", "displaced", "harm-killed"} <= set(names)
    for chart in charts:
        assert all(fan.rows() for fan in chart.fans)
        assert np.isfinite(chart.fans[0].quantiles).all()


def test_shares_of_zones_are_of_attacks_inside_the_country(run):
    zones = zones_of(run)
    table = run.case.tables["regions"].set_index("region")
    regions = [str(name) for name in run.weekly["region"].to_numpy()]
    for zone, picks in zones.items():
        for spot in picks:
            assert table.loc[regions[spot], "zone"] == zone
            assert not table.loc[regions[spot], "is_boundary"]
    fans = [c.fans[0] for c in conflict_charts(run) if c.name.startswith("zone")]
    assert len(fans) == len(zones)
    assert all((fan.quantiles <= 1).all() for fan in fans)


def test_weeks_add_up_days(run):
    weekly = by_week(run, "attacks")
    days = run.daily["attacks"].to_numpy()
    assert weekly[:, 0] == pytest.approx(days[:, :7].sum(axis=1))
    last = by_week(run, "displaced", how="last")
    assert last[:, 0] == pytest.approx(run.daily["displaced"].to_numpy()[:, 6])


def test_streams_of_money_add_up(run):
    groups = group_money(run)
    assert len(groups) == run.weekly.sizes["group"]
    for group in groups:
        *streams, total = group.rows
        assert len(streams) == len(STREAMS)
        assert sum(row.ahead.value for row in streams) == pytest.approx(
            total.ahead.value, rel=1e-5
        )


def test_regions_are_told_and_drawn(run):
    regions = regions_of(run)
    inside = ~run.case.tables["regions"]["is_boundary"].astype(bool)
    assert len(regions) == inside.sum()
    attacks = [region.attacks_per_week for region in regions]
    assert attacks == sorted(attacks, reverse=True)
    for region in regions:
        assert sum(region.shares) == pytest.approx(1)
    svg = control_map(run, regions, name="m", width=400)
    assert all(region.title in svg for region in regions)
    assert control_map(run, (), name="m", width=400) is None


def test_the_futures_are_told_in_order(run):
    page = futures_page(futures(run))
    assert [row.title for row in page.rows] == [rule.title for rule in RULES]
    assert sum(row.share.value for row in page.rows) == pytest.approx(1)
    assert page.likeliest.share.value == max(row.share.value for row in page.rows)
    for row in page.rows:
        assert bool(row.features) == (row.share.value > 0)


def test_futures_are_left_out_where_they_cannot_be_told(toy):
    assert "no armed groups" in why_no_futures(made_run(without_country(toy)))
    short = made_country(toy, members=20, forecast_days=5)
    assert futures_of(short) is None


def test_the_scorecard_counts_its_rows(run):
    card = scorecard_of(run, claims(run.case))
    assert [score.claim for score in card.scores][-1] == "F5"
    assert sum(count.value for _, count in card.counts) == len(card.scores)
    for score in card.scores:
        has_none = score.verdict == "no counterpart"
        assert (score.modelled is None) == has_none
        assert bool(score.reason) == has_none
    assert {"F1", "F3", "F5"} <= set(card.claims())


def test_a_case_without_a_scorecard_has_none(toy):
    bare = without_country(toy)
    assert scorecard_of(made_run(bare), claims(bare)) is None


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(31.4, 0, "31"), (-0.3, 0, "0"), (0.27, 0, "0"), (1.267, 2, "1.27")],
)
def test_numbers_are_rounded_without_a_minus_before_zero(value, decimals, text):
    told = rounded(Quantity(value, "points", basis="run x"), decimals)
    assert told.number == text


def test_a_line_breaks_where_a_value_is_missing():
    found = path(np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, np.nan, 2.0, 3.0]))
    assert found == "M0 1M2 2l1 1"


@pytest.mark.parametrize("days", [40, 400, 4000])
def test_names_of_months_stay_inside_the_drawing(days):
    panel = Panel(40.0, 25.0, 280.0, 140.0, 20000.0, 20000.0 + days, 0.0, 1.0)
    for x, anchor, words in re.findall(
        r'<text x="([\d.]+)"[^>]*text-anchor="(\w+)">([^<]+)', month_axis(panel)
    ):
        half = len(words) * 3.1
        assert float(x) - (0 if anchor == "start" else half) >= -half
        assert float(x) <= panel.right
        assert anchor in ("middle", "end")


def test_a_share_is_drawn_on_its_scale():
    svg = share_mark(0.2, 0.1, 0.3, 0.25)
    assert max(map(float, re.findall(r"[MHV](\d+\.\d)", svg))) <= 160


def test_facts_before_the_cutoff_only(found):
    _, facts = draw_history(found)
    cutoff = pd.Timestamp(found.run.manifest.cutoff)
    assert all(pd.Timestamp(day.value) <= cutoff for day, *_ in facts)
