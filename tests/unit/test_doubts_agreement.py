"""Candidates agree with, or contradict, made-up claims of other sources."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_doubts import candidate, claim, claims
from supplyline.case.contradictions import measure_of
from supplyline.evidence.doubts.agreement import compare_with_claims, count_witnesses
from supplyline.evidence.doubts.statement import bounds

WHOLE_YEAR = "2025-01-01 2025-12-31"
HALF = {"start": date(2025, 1, 1), "end": date(2025, 6, 30)}


def verdicts(mine, *said, **other):
    table = compare_with_claims([mine], claims(*said), "own", **other)
    return list(table["agree"])


def level(value=None, unit="count", **other):
    fields = {"subject": "fleet", "quantity": "boats_moored", **other}
    return candidate(name="mine", value=value, unit=unit, **fields)


def said(value, unit="count", topic="fleet boats_moored", period=WHOLE_YEAR, **other):
    area = other.pop("area", "country:XA")
    return claim("F1", topic, area, value, unit, period, **other)


@pytest.mark.parametrize(
    ("stated", "known", "agree"),
    [
        ({"value": 47.0}, 47, [True]),
        ({"value": 47.0}, 48, [False]),
        ({"value": 50.0, "low": 50.0, "hedge": "more than"}, 47, [False]),
        ({"value": 50.0, "low": 50.0, "hedge": "more than"}, 80, [True]),
        ({"value": 50.0, "low": 50.0, "hedge": "more than"}, 500, []),
        ({"value": 725.0, "high": 725.0, "hedge": "up to"}, 800, [False]),
        ({"value": 725.0, "high": 725.0, "hedge": "up to"}, 700, [True]),
        ({"value": 20.0, "high": 20.0, "hedge": "close to"}, 19, [True]),
        ({"value": 20.0, "high": 20.0, "hedge": "close to"}, 12, [False]),
        ({"value": 750.0, "hedge": "about"}, 730, [True]),
        ({"value": 750.0, "hedge": "about"}, 600, [False]),
        ({"value": None, "low": 18.0, "high": 20.0}, 19, [True]),
        ({"value": None, "low": 18.0, "high": 20.0}, 21, [False]),
        ({"value": 5000.0}, 5100, [True]),
    ],
)
def test_a_hedge_and_rounding_leave_a_range(stated, known, agree):
    assert verdicts(level(**stated), said(known)) == agree


@pytest.mark.parametrize(
    ("value", "unit", "known", "other_unit", "agree"),
    [
        (10.0, "gallon", 37.85, "litre", [True]),
        (10.0, "gallon", 60.0, "litre", [False]),
        (2.0, "barrel", 318.0, "litre", [True]),
        (1.5, "tonne", 1500, "kg", [True]),
        (380.0, "mile", 613, "km", [True]),
        (380.0, "mile", 400, "km", [False]),
        (8.45, "USD_per_litre", 32, "USD_per_gallon", [True]),
        (5.0, "USD_per_litre", 32, "USD_per_gallon", [False]),
        (50.0, "percent", 0.5, "ratio", [True]),
        (12.0, "litre", 12, "tonne", []),
        (5e7, "EUR", 5e7, "USD", [False]),
        (5e7, "EUR", 6e7, "USD", []),
        (5e7, "EUR", 6e7, "EUR", [False]),
        (5e7, "EUR", 5e7, "EUR", [True]),
        (100.0, "km2", 38.6, "square_mile", [True]),
    ],
)
def test_units_are_converted(value, unit, known, other_unit, agree):
    mine = level(value, unit)
    assert verdicts(mine, said(known, other_unit)) == agree


@pytest.mark.parametrize(
    "other",
    [
        {"topic": "fleet boats_sunk_per_port"},
        {"topic": "rail boats_moored"},
        {"area": "country:XB"},
        {"period": "2019-01-01 2019-12-31"},
        {"source": "own"},
        {"value": None},
    ],
)
def test_what_is_not_the_same_is_not_compared(other):
    assert verdicts(level(47.0), said(**{"value": 99, **other})) == []


def test_synonyms_and_names_of_places_are_taken_together():
    mine = candidate(
        name="mine", value=3.0, subject="price", quantity="town_population"
    )
    known = said(9, topic="fuel_price city_population")
    assert verdicts(mine, known) == [False]
    mine = candidate(
        name="mine", value=3.0, subject="fire", quantity="houses_lost", area="lomir"
    )
    known = said(9, topic="fire houses_lost_lomir", area="lomir")
    assert verdicts(mine, known) == [False]


@pytest.mark.parametrize(
    ("day", "unit", "period", "agree"),
    [
        (date(2024, 3, 5), "day_of_month", "2024-03-01 2024-03-31", [True]),
        (date(2024, 3, 5), "day_of_month", "2024-06-06", [False]),
    ],
)
def test_dates_of_one_thing_are_compared(day, unit, period, agree):
    mine = level(
        5.0, unit, quantity="withdrawal_date", kind="date", start=day, end=day
    )  # fmt: skip
    known = said(3, "month_of_year", "fleet withdrawal_announced_day", period)
    assert verdicts(mine, known) == agree


@pytest.mark.parametrize(
    ("value", "rate", "agree"),
    [
        (280.0, 750, []),
        (280.0, 900, [False]),
        (370.0, 750, [True]),
        (700.0, 750, [False]),
    ],
)
def test_a_count_and_a_rate_are_compared_per_day(value, rate, agree):
    mine = candidate(
        name="mine", value=value, subject="fire", quantity="fires_attacks", **HALF
    )  # fmt: skip
    assert verdicts(mine, said(rate, "count_per_year", "fire fires_attacks")) == agree


def test_a_level_is_no_flow():
    mine = level(280.0, **HALF)
    assert verdicts(mine, said(900, "count_per_year")) == []


@pytest.mark.parametrize(
    ("value", "precision", "agree"),
    [
        (1200.0, "half_year", [False]),
        (300.0, "half_year", []),
        (1200.0, "inferred", []),
    ],
)
def test_a_part_cannot_exceed_its_whole(value, precision, agree):
    mine = candidate(
        name="mine",
        value=value,
        subject="fire",
        quantity="fires_attacks",
        precision=precision,
        **HALF,
    )
    assert verdicts(mine, said(900, topic="fire fires_attacks")) == agree


def test_a_town_cannot_exceed_its_country():
    within = {"lomir": "region:nord", "region:nord": "country:XA"}
    town = level(1200.0, area="lomir")
    assert verdicts(town, said(900), within=within) == [False]
    assert verdicts(town, said(9000), within=within) == []
    assert verdicts(town, said(900)) == []


def test_a_relay_is_one_witness_with_what_it_repeats():
    rows = [
        claim(name, "fleet boats_moored", "country:XA", value, "count", WHOLE_YEAR,
              source=source)
        for name, value, source in (
            ("F1", 47, "agency"), ("F2", 47, "copy"), ("F3", 99, "agency"),
            ("F4", 60, "rival"), ("F5", 47, "mirror"),
        )
    ]  # fmt: skip
    relays = {"copy": "agency", "mirror": "own"}
    table = compare_with_claims([level(47.0)], claims(*rows), "own", relays=relays)
    assert set(table["source"]) == {"agency", "rival"}
    assert count_witnesses(table, "mine") == (1, 1)
    assert count_witnesses(table, "none") == (0, 0)


def test_no_candidate_and_no_claim_make_an_empty_table():
    table = compare_with_claims([], claims(), None)
    assert table.empty
    assert list(table) == ["candidate", "claim", "source", "agree", "why"]


numbers = st.floats(1, 1e9)


@given(numbers, st.sampled_from(["count", "litre", "mile", "percent"]))
def test_every_number_agrees_with_itself(value, unit):
    assert verdicts(level(value, unit), said(value, unit)) == [True]


@given(numbers, numbers)
def test_comparing_is_symmetric(one, other):
    assert verdicts(level(one), said(other)) == verdicts(level(other), said(one))


@given(numbers, st.sampled_from([None, "about"]))
def test_a_figure_lies_in_its_own_range(value, hedge):
    low, high = bounds(value, None, None, "litre", hedge)
    assert low <= value <= high


def test_a_unit_not_known_measures_itself():
    assert measure_of("furlong").what == "furlong"
    assert measure_of("EUR_per_furlong").what == "money:EUR/furlong"
