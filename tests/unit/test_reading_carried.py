"""What made-up texts leave out: time, place, unit and speaker are carried along."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from made_reading import CONTEXT, article
from supplyline.errors import EvidenceError
from supplyline.evidence.reading.read import read_candidates

if TYPE_CHECKING:
    from supplyline.evidence.reading.candidate import Candidate


def read(text: str, language: str = "en") -> dict[float | None, Candidate]:
    """Read a text published on Tuesday, 20 February 2024, by value."""
    found = read_candidates(article(text, language), CONTEXT)
    return {one.value: one for one in found if one.kind != "date"}


def days(one: Candidate) -> tuple[date | None, date | None]:
    """Give the first and last day of a candidate."""
    return one.start, one.end


SUNDAY = (date(2024, 2, 18), date(2024, 2, 18))


def test_the_day_of_an_act_is_carried_to_what_is_told_of_it() -> None:
    found = read(
        "The Raiders burned 27 tankers near Millford on Sunday.\n\n"
        "The convoy had left Farfield on Saturday. Eleven soldiers were killed.\n\n"
        '"They came on 80 motorcycles," said a driver.'
    )
    assert [days(found[n]) for n in (27, 11, 80)] == [SUNDAY] * 3
    assert found[11].area == "millford"


def test_the_head_of_a_bulletin_dates_its_figures() -> None:
    found = read(
        "Market bulletin - week of 5 February 2024\n\n"
        "Millford : 900, Farfield : 950\n\n"
        "Stocks cover nine days. Prices rose by 12 percent in January."
    )
    assert days(found[9]) == (date(2024, 2, 5), date(2024, 2, 11))
    assert days(found[12]) == (date(2024, 1, 1), date(2024, 1, 31))


def test_what_is_told_hour_by_hour_is_of_the_day_of_the_text() -> None:
    found = read(
        "06:40 We make it 78 tankers past the gate so far.\n\n"
        "08:15 Drivers say 600 are still waiting. On Sunday it was 450.\n\n"
        "09:30 Two lorries are burning."
    )
    today = (date(2024, 2, 20), date(2024, 2, 20))
    assert [days(found[n]) for n in (78, 600, 2)] == [today] * 3
    assert days(found[450]) == SUNDAY


@pytest.mark.parametrize(
    ("act", "claim", "language"),
    [
        (
            "Raiders burned 27 tankers on Sunday. Among the dead are six drivers.",
            "The army, on Monday, spoke of 14 dead.",
            "en",
        ),
        (
            "Des hommes ont brûlé 27 citernes dimanche. Parmi les morts, six civils.",
            "L'armée a fait état lundi de 14 morts.",
            "fr",
        ),
    ],
)
def test_the_day_on_which_it_is_told_is_not_that_of_the_act(
    act: str, claim: str, language: str
) -> None:
    found = read(f"{act} {claim}", language)
    assert [days(found[n]) for n in (27, 6, 14)] == [SUNDAY] * 3


def test_a_number_is_not_of_the_month_that_it_is_above() -> None:
    found = read(
        "Protection monitor, January 2024\n\n"
        "Monitors logged 418 attacks, 17 percent above December."
    )
    january = (date(2024, 1, 1), date(2024, 1, 31))
    assert [days(found[n]) for n in (418, 17)] == [january] * 2


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Prices rose by 12 percent in a week.", "en"),
        ("Les prix ont augmenté de 12 % en une semaine.", "fr"),
    ],
)
def test_a_change_is_told_over_its_stretch(text: str, language: str) -> None:
    found = read(text, language)
    assert days(found[12]) == (date(2024, 2, 14), date(2024, 2, 20))


def test_what_a_number_is_compared_with_keeps_its_own_time() -> None:
    found = read("Power lasts 5 hours a day, down from 18 in January.")
    assert days(found[5]) == (date(2024, 1, 1), date(2024, 2, 20))
    assert days(found[18]) == (date(2024, 1, 1), date(2024, 1, 31))
    assert found[18].unit == "hour"


def test_a_table_takes_unit_times_and_place_from_its_heads() -> None:
    found = read(
        "Prices in Millford (USD per kg)\n\n"
        "Item ; 4 February ; 18 February\n\n"
        "Millet ; 310 ; 365"
    )
    assert [found[n].unit for n in (310, 365)] == ["USD_per_kg"] * 2
    assert days(found[310]) == (date(2024, 2, 4), date(2024, 2, 4))
    assert days(found[365]) == SUNDAY


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        (
            "It needs 430 litres a day; the allowance is 100.",
            "en",
            100,
            "litre_per_day",
        ),
        ("He bakes six sacks a day instead of four.", "en", 4, "count_per_day"),
        ("The customs lost 27 million.", "en", 27e6, "XXX"),
        ("Il a reçu 148 millions de dollars sur 771 millions.", "fr", 771e6, "USD"),
    ],
)
def test_a_unit_left_out_is_that_of_a_neighbour(
    text: str, language: str, value: float, unit: str
) -> None:
    assert read(text, language)[value].unit == unit


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("One household in six has fled.", "en", 16.7),
        ("Un atelier sur deux a licencié.", "fr", 50.0),
        ("A third fewer trucks came.", "en", 33.3),
    ],
)
def test_one_in_so_many_is_a_share(text: str, language: str, value: float) -> None:
    assert read(text, language)[value].unit == "percent"


@pytest.mark.parametrize(
    ("text", "language", "speaker"),
    [
        ("« Nous avons 25 citernes », explique un chauffeur.", "fr", "un chauffeur"),
        ("Selon le syndicat, 25 citernes ont brûlé.", "fr", "le syndicat"),
        ("Selon la saison, 25 citernes arrivent.", "fr", None),
        ("The drivers' union counted 25 tankers.", "en", "The drivers' union"),
        ("A convoy counts 25 tankers.", "en", None),
        (
            "Ann Poe, 47, runs it.\n\nHow so?\n\nWe have 25 tankers.\n\nWhy?\n\nWar.",
            "en",
            "Ann Poe",
        ),
    ],
)
def test_who_speaks(text: str, language: str, speaker: str | None) -> None:
    assert read(text, language)[25].speaker == speaker


def test_both_ends_of_a_road_place_no_number() -> None:
    found = read("The Millford-Farfield bus fare rose to $15.")
    assert found[15].area == "country:XA"


def test_the_head_of_a_line_places_its_numbers() -> None:
    found = read("Farfield: 25 tankers left for Highcourt.")
    assert found[25].area == "farfield"


def test_a_text_of_another_country_is_placed_there() -> None:
    found = read("In Sudan the siege goes on.\n\nThe clinic lost eleven patients.")
    assert found[11].area == "country:SD"


def test_the_label_of_an_answer_and_a_pronoun_name_the_speaker() -> None:
    found = read(
        "Radio: Do you still drive?\n\nZara: I had nine buses.\n\n"
        "Radio: And now?\n\nZara: There are two left."
    )
    assert [found[n].speaker for n in (9, 2)] == ["Zara", "Zara"]
    found = read('Salt is dear, said Omar Lee. "I have 14 sacks," he added.')
    assert found[14].speaker == "Omar Lee"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We saw 140 patients a day in January, now only 60.", "en"),
        ("Nous recevions 140 patients en janvier, nous n'en voyons que 60.", "fr"),
    ],
)
def test_what_is_now_is_not_of_the_month_before(text: str, language: str) -> None:
    found = read(text, language)
    assert days(found[140]) == (date(2024, 1, 1), date(2024, 1, 31))
    assert days(found[60]) == (date(2024, 1, 1), date(2024, 2, 20))


def test_since_then_counts_from_the_time_told_before() -> None:
    found = read("The clinic closed on 4 February. Since then nine women have died.")
    assert days(found[9]) == (date(2024, 2, 4), date(2024, 2, 20))


def test_headings_that_ask_make_nobody_a_guest() -> None:
    text = (
        "- Jan Doe, the head of the council, now faces protests.\n\n"
        "- The Raiders hold the road.\n\n"
        "Why is Jan Doe weak?\n\n"
        "The Raiders burned 12 tankers near Millford.\n\n"
        "What comes next?\n\n"
        "{}The army sent 300 soldiers to Farfield."
    )
    assert read(text.format(""))[12].speaker is None
    told = text.format("I saw it from my window, and I told my sister. ")
    assert read(told)[300].speaker == "Jan Doe"


def test_a_title_is_part_of_a_name() -> None:
    found = read("According to Dr. Ann Lee, a surgeon, 25 people were wounded.")
    assert found[25].speaker == "Dr. Ann Lee"


def test_a_clause_names_nobody() -> None:
    found = read(
        "The council closed all schools of the town early in May following protests "
        "over the arrest of 25 traders in Millford."
    )
    assert found[25].speaker is None


@pytest.mark.parametrize("number", ["1 ", "hundred "])
def test_a_table_given_as_an_article_is_refused(number: str) -> None:
    with pytest.raises(EvidenceError, match="numbers; expected at most 5,000"):
        read(number * 6_000)
