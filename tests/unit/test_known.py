"""A case as it was known on an earlier day holds nothing that came later."""

from datetime import date

import pandas as pd
import pytest

import supplyline as sl
from made_regime import with_rows

FIRST, MIDDLE, LAST = date(2025, 9, 30), date(2025, 10, 31), date(2025, 11, 30)


@pytest.fixture(scope="module")
def mali():
    return sl.load_case("mali")


def later_days(case, day):
    """Count the rows of a case that speak of days after one."""
    days = {
        "events": "date",
        "leader": "date",
        "control": "date",
        "observed": "end",
        "targets": "end",
        "measures": "start",
    }
    return {
        name: int((case.tables[name][column] > pd.Timestamp(day)).sum())
        for name, column in days.items()
    }


@pytest.mark.parametrize("day", [FIRST, MIDDLE, LAST])
def test_a_case_knows_nothing_of_later_days(mali, day):
    known = mali.known_by(day)

    assert known.config.cutoff == day
    assert not any(later_days(known, day).values())
    # without it there is much that it would know
    assert all(later_days(mali, day)[name] for name in ("events", "targets"))


@pytest.mark.parametrize(
    ("measure", "first_known"),
    [
        ("ban-C-SN-N", FIRST),
        # begun in November, but told on 6 December
        ("truce-november", None),
    ],
)
def test_a_measure_is_known_when_it_was_told(mali, measure, first_known):
    days = [
        day
        for day in (FIRST, MIDDLE, LAST)
        if measure in set(mali.known_by(day).measures["measure"])
    ]

    assert days[:1] == ([] if first_known is None else [first_known])
    assert measure in set(mali.known_by(mali.config.cutoff).measures["measure"])


@pytest.mark.parametrize(
    ("told", "is_known"),
    [
        ("2024-02-10", True),
        ("2024-02-11", False),
        ("2024-02", False),
        ("2024-01", True),
        ("2024", False),
        ("2023", True),
    ],
)
def test_a_month_or_year_of_publication_counts_as_its_last_day(toy, told, is_known):
    measures = toy.measures
    case = with_rows(toy, sources=toy.sources.assign(date=told))

    known = case.known_by(date(2024, 2, 10))

    begun = measures[measures["start"] <= "2024-02-10"]
    # what holds from the first day on is what the case begins from
    is_ground = begun["start"] <= pd.Timestamp(toy.config.start)
    is_assumed = begun["source"] == "assumption"
    told_of = begun if is_known else begun[is_ground | is_assumed]
    assert list(known.measures["measure"]) == list(told_of["measure"])
    assert len(begun) > 0


@pytest.mark.parametrize("day", [FIRST, MIDDLE, LAST])
def test_a_known_case_is_a_case(mali, day, tmp_path):
    known = mali.known_by(day)

    read = sl.load_case(known.save(tmp_path / "known"))

    assert read.hashes == known.hashes
    assert read.hashes != mali.hashes
    assert read.config == known.config
    for name, table in known.tables.items():
        pd.testing.assert_frame_equal(table, read.tables[name])


def test_a_case_on_its_own_cutoff_is_as_it_is(mali):
    known = mali.known_by(mali.config.cutoff)

    assert known.hashes == mali.hashes
    assert known.lines == mali.lines


def test_lines_are_those_of_the_file(mali):
    known = mali.known_by(MIDDLE)

    whole = dict(zip(mali.targets["target"], mali.lines["targets"], strict=True))
    kept = dict(zip(known.targets["target"], known.lines["targets"], strict=True))
    assert kept.items() <= whole.items()
    assert 0 < len(kept) < len(whole)


def test_a_row_that_repeats_a_later_one_still_only_checks(mali):
    # the hours of early October are those of the target of the whole month
    known = mali.known_by(date(2025, 10, 15)).observed.set_index("claim")

    assert known.loc["F0154", "use"] == "check"
    assert known.loc["F0154", "same_as"] is None
    assert "electricity-october" in known.loc["F0154", "note"]


@pytest.mark.parametrize("day", [date(2025, 7, 31), date(2026, 1, 1)])
def test_a_day_outside_the_past_is_told(mali, day):
    with pytest.raises(ValueError, match=f"day is {day}; expected one from 2025-08-01"):
        mali.known_by(day)


def rows_after(case, day):
    """Name the sources and claims of a case that nobody could know on a day."""
    published = case.sources.set_index("source")["date"].map(
        lambda told: pd.Period(told).end_time.normalize()
    )
    late = set(published.index[published > pd.Timestamp(day)])
    tables = [case.tables[name] for name in case.tables if name != "sources"]
    cited = {name for t in tables if "source" in t for name in t["source"]}
    claims = case.claims
    ends_later = claims["end"] > pd.Timestamp(day)
    return late - cited, set(claims["claim"][claims["source"].isin(late) & ends_later])


@pytest.mark.parametrize("day", [FIRST, MIDDLE, LAST, date(2025, 12, 7)])
def test_sources_and_claims_that_came_later_are_left_out(mali, day):
    assert rows_after(mali.known_by(day), day) == (set(), set())


def test_a_source_of_a_later_day_stays_where_a_row_rests_on_it(mali):
    known = mali.known_by(LAST)
    told = set(known.sources["source"])

    # the need of the country is a number of an article of January
    assert "ap-2026-01-23" in told
    assert "rfi-2025-12-06" not in told
