"""What frames a number: the words that lead in to it, its column, the number before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from made_reading import CONTEXT, article
from supplyline.evidence.reading.read import read_candidates

if TYPE_CHECKING:
    from supplyline.evidence.reading.candidate import Candidate


def read(text: str, language: str = "en") -> dict[float | None, Candidate]:
    """Read all candidates of a made-up text by their values."""
    found = read_candidates(article(text, language), CONTEXT)
    return {one.value: one for one in found}


@pytest.mark.parametrize(
    ("text", "value", "subject"),
    [
        (
            "We asked clinics and found:\n\n- 31 were short;\n\n- 40 were not.",
            40,
            "aid",
        ),
        ("Hours on the grid: Millford 22 hours, Farfield 11.", 22, "power"),
        ("How many hostages are left?\n\nAs far as I know 23.", 23, "kidnapping"),
    ],
)
def test_words_that_lead_in_still_hold(text: str, value: float, subject: str) -> None:
    assert read(text)[value].subject == subject


def test_what_led_in_ends_with_its_list() -> None:
    found = read("The clinics say:\n\n- 31 more.\n\nIt rained.\n\nThere were 40.")
    assert found[40].reason


def test_a_column_tells_what_its_numbers_are() -> None:
    text = "Region ; Tankers burned ; People displaced\n\nLowland ; 14 ; 900\n"
    found = read(text)
    assert found[14].subject == "losses"
    assert found[900].subject == "displacement"


def test_the_corner_of_a_table_tells_its_subject() -> None:
    text = "Seizures by customs ; Cases ; Places\n\nSugar ; 31 ; 7\n"
    assert {one.subject for one in read(text).values()} == {"customs"}


def test_a_number_goes_on_about_the_one_before() -> None:
    found = read("The Raiders kidnapped 12 people. Then they took 7 more.")
    assert found[7].subject == "kidnapping"
    assert not found[7].is_understood


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Nine people were killed on the road.", "losses"),
        ("Nine people were killed in an air strike.", "abuses"),
        ("The Raiders killed nine people.", "raiders"),
        ("The army counts nine dead in its ranks.", "army"),
    ],
)
def test_whose_dead_they_are(text: str, subject: str) -> None:
    assert read(text)[9].subject == subject


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Un couvre-feu court de 20 heures à 5 heures.", "fr"),
        ("The pumps stood idle, said Ann P., 41 years, a driver.", "en"),
        ("He has waited at the port for nine years.", "en"),
        ("Some 40 litres of diesel.", "en"),
    ],
)
def test_what_tells_too_little_is_left_to_a_person(text: str, language: str) -> None:
    assert not any(one.is_understood for one in read(text, language).values())


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("We burn 900 litres a day.", "supply_normal"),
        ("A biker may buy 900 litres.", "distribution"),
        ("The town received 900 litres of petrol.", "supply_series"),
        ("Customs seized 900 litres of petrol.", "customs"),
        ("The generator burns 900 litres of diesel.", "power"),
    ],
)
def test_the_verb_tells_what_litres_are_for(text: str, subject: str) -> None:
    assert read(text)[900].subject == subject
