"""Claims are compared in one unit; those whose ranges do not meet are listed."""

import pandas as pd
import pytest

from supplyline.case.contradictions import compare_claims, find_contradictions

DAY = pd.Timestamp("2024-01-01")
NEXT = pd.Timestamp("2024-01-02")


def claim(name, value, unit="kl", low=None, high=None, **other):
    row = {
        "claim": name,
        "subject": "supply",
        "quantity": "imports",
        "area": "country:XA",
        "value": value,
        "low": low,
        "high": high,
        "unit": unit,
        "start": DAY,
        "end": DAY,
        "source": f"source-{name}",
    }
    return {**row, **other}


def pairs(*claims):
    return compare_claims(pd.DataFrame(list(claims)))


def test_claims_of_the_same_thing_are_set_side_by_side():
    (row,) = pairs(claim("F1", 10), claim("F2", 12)).to_dict("records")
    assert (row["claim"], row["other_claim"]) == ("F1", "F2")
    assert (row["source"], row["other_source"]) == ("source-F1", "source-F2")
    assert not row["agree"]


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ((10, None, None), (10, None, None), True),
        ((10, 8, 12), (13, 11, 15), True),
        ((10, 8, 12), (13, 12.5, 15), False),
        ((10, None, 14), (13, None, None), True),
        ((10, 4, None), (5, None, None), True),
        ((None, 4, 6), (7, None, None), False),
    ],
)
def test_ranges_that_meet_agree(one, other, agree):
    value, low, high = one
    value_2, low_2, high_2 = other
    table = pairs(
        claim("F1", value, low=low, high=high),
        claim("F2", value_2, low=low_2, high=high_2),
    )
    assert list(table["agree"]) == [agree]


@pytest.mark.parametrize(
    ("unit", "value"), [("l", 10_000), ("litre", 10_000), ("m3", 10), ("Ml", 0.01)]
)
def test_units_are_converted(unit, value):
    table = pairs(claim("F1", 10), claim("F2", value, unit=unit))
    assert list(table["agree"]) == [True]


def test_a_pair_is_told_in_the_unit_of_its_first_claim():
    (row,) = pairs(claim("F1", 30, "days"), claim("F2", 360, "hour")).to_dict("records")
    assert (row["unit"], row["low"], row["other_low"]) == ("days", 30, 15)


def test_per_cent_is_a_share():
    table = pairs(claim("F1", 0.5, "share"), claim("F2", 50, "percent"))
    assert list(table["agree"]) == [True]


@pytest.mark.parametrize(
    "other",
    [
        {"subject": "price"},
        {"quantity": "exports"},
        {"area": "country:XB"},
        {"unit": "tonne"},
        {"start": NEXT, "end": NEXT},
        {"value": None},
    ],
)
def test_what_is_not_the_same_is_not_compared(other):
    assert pairs(claim("F1", 10), {**claim("F2", 99), **other}).empty


def test_contradictions_are_those_that_do_not_agree():
    table = pd.DataFrame([claim("F1", 10), claim("F2", 10), claim("F3", 99)])
    found = find_contradictions(table)
    assert list(zip(found["claim"], found["other_claim"], strict=True)) == [
        ("F1", "F3"),
        ("F2", "F3"),
    ]
    assert "agree" not in found


def test_no_claims_make_no_contradictions():
    table = pd.DataFrame([claim("F1", 10)])
    assert find_contradictions(table).empty
    assert find_contradictions(table.iloc[:0]).empty
