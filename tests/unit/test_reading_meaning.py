"""What numbers of made-up sentences mean: subject, area, period, speaker."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_reading import CONTEXT, PUBLISHED, article
from supplyline.case.case import load_case
from supplyline.evidence.desk.case_names import context_of
from supplyline.evidence.reading.context import Named
from supplyline.evidence.reading.cues import family, fold, senses
from supplyline.evidence.reading.mentions import find_mentions
from supplyline.evidence.reading.naming import Gazetteer
from supplyline.evidence.reading.read import read_candidates
from supplyline.evidence.reading.sentences import split_sentences
from supplyline.evidence.reading.times import Anchor

if TYPE_CHECKING:
    from supplyline.evidence.reading.candidate import Candidate


def read(text: str, language: str = "en") -> list[Candidate]:
    """Read the understood candidates of a made-up text."""
    found = read_candidates(article(text, language), CONTEXT)
    return [one for one in found if one.is_understood]


@pytest.mark.parametrize(
    ("text", "value", "unit", "subject"),
    [
        ("The Raiders carried out 31 attacks in January.", 31, "count", "raiders"),
        ("Some 25 tankers were burned near Millford.", 25, "count", "losses"),
        ("A convoy of 60 tankers reached Highcourt.", 60, "count", "convoy"),
        ("Each tanker carries 45,000 litres.", 45_000, "litre", "tanker"),
        ("Stocks will last nine days.", 9, "days", "storage"),
        ("Power cuts last 18 hours a day.", 18, "hour", "power"),
        ("Fuel prices have risen by 40 percent.", 40, "percent", "price"),
        ("Fuel prices have tripled.", 3, "ratio", "price"),
        ("Half of the petrol stations are shut.", 50, "percent", "distribution"),
        ("Customs clearance takes 3 days.", 3, "days", "customs"),
        ("The schools were closed for 2 weeks.", 2, "weeks", "closure"),
        ("About 4,000 people have been displaced.", 4_000, "count", "displacement"),
        ("The aid appeal of $9 million is unfunded.", 9e6, "USD", "aid"),
        ("The army killed 12 civilians.", 12, "count", "abuses"),
        ("The Rovers killed 12 villagers.", 12, "count", "rovers"),
        ("The Raiders killed 7 soldiers.", 7, "count", "army"),
        ("The Hired Legion has 900 troops.", 900, "count", "legion"),
        ("The Raiders hold 30 percent of the territory.", 30, "percent", "territory"),
        ("The Raiders took a ransom of $2 million.", 2e6, "USD", "raiders_revenue"),
        ("Inflation reached 6 percent.", 6, "percent", "macro"),
        ("The siege of Farfield has lasted 40 days.", 40, "days", "blockade"),
        ("Gunmen kidnapped three engineers.", 3, "count", "kidnapping"),
        ("The truce lasted 11 days.", 11, "days", "negotiation"),
        ("The train takes 15 hours to Millford.", 15, "hour", "rail"),
        ("Four out of ten families need food aid.", 40, "percent", "aid"),
    ],
)
def test_subject(text: str, value: float, unit: str, subject: str) -> None:
    assert (value, unit, subject) in [(c.value, c.unit, c.subject) for c in read(text)]


@pytest.mark.parametrize(
    ("text", "value", "unit", "subject"),
    [
        ("Au moins 25 citernes ont été incendiées.", 25, "count", "losses"),
        ("Les stocks couvrent cinq jours.", 5, "days", "storage"),
        ("Le prix du carburant a augmenté de 30 %.", 30, "percent", "price"),
        ("Les écoles sont fermées pendant deux semaines.", 2, "weeks", "closure"),
        ("Le pays consomme 9 millions de litres.", 9e6, "litre", "supply_normal"),
        ("Quelque 80 citernes sont arrivées.", 80, "count", "convoy"),
        ("On compte 40 000 personnes déplacées.", 40_000, "count", "displacement"),
    ],
)
def test_subject_in_french(text: str, value: float, unit: str, subject: str) -> None:
    found = [(c.value, c.unit, c.subject) for c in read(text, "fr")]
    assert (value, unit, subject) in found


@pytest.mark.parametrize(
    ("text", "value", "subject"),
    [
        # what is counted was named before
        ("We counted 9 checkpoints, 3 of them new.", 3, "corridor"),
        ("The army lost 60 soldiers, against 40 in 2023.", 40, "army"),
        ("Attacks by the Raiders in January: 13.", 13, "raiders"),
        # a change beside a number is of the same thing
        ("A goat costs $30, up 20 percent.", 20, "macro"),
        (
            "Fuel deliveries reached 900,000 litres, 40 percent less.",
            40,
            "supply_series",
        ),
        # who did it
        ("The Hired Legion lost 80 fighters.", 80, "legion"),
        ("A drone strike killed ten civilians.", 10, "abuses"),
        ("A soldier was jailed over the deaths of 7 villagers.", 7, "abuses"),
        ("Jihadists charge $50 for passage.", 50, "raiders_revenue"),
    ],
)
def test_subject_of_what_is_told_in_few_words(
    text: str, value: float, subject: str
) -> None:
    found = read_candidates(article(text), CONTEXT)
    assert (value, subject) in [(c.value, c.subject) for c in found]


@pytest.mark.parametrize(
    ("text", "value", "subject"),
    [
        ("The ward has 12 cots.\n\nHealth\n\nIt needs 30.", 30, None),
        ("Health\n\nThe ward wants 30 cots.", 30, "aid"),
        ("The judge heard 14 relatives of the accused.", 14, "regime"),
        ("The hens of the herder laid 14 eggs.", 14, None),
    ],
)
def test_a_topic_is_proposed_and_left_to_a_person(
    text: str, value: float, subject: str | None
) -> None:
    found = read_candidates(article(text), CONTEXT)
    (one,) = [c for c in found if c.value == value]
    assert not one.is_understood
    assert one.reason
    assert one.quantity != ""
    assert subject is None or one.subject == subject


@pytest.mark.parametrize(
    "text",
    [
        "Since January 2024, the Raiders have burned 90 tankers.",
        "The siege was broken, said a driver, 38, who escaped.",
        "Some 25 tankers burned, two security sources said.",
        "The pump opened at nine.",
    ],
)
def test_what_is_told_by_the_way_is_left_to_a_person(text: str) -> None:
    assert {c.value for c in read(text)} <= {25, 90}


@pytest.mark.parametrize(
    ("text", "value", "unit", "subject"),
    [
        ("The blockade was imposed in January 2024.", 1, "month_of_year", "blockade"),
        ("The Raiders were formed in 2015.", 2015, "year", "raiders"),
        ("Norland withdrew its troops in 2021.", 2021, "year", "norland"),
        ("Jan Doe, in power since 2015, fell ill.", 2015, "year", "regime"),
        ("The election was postponed to 2026.", 2026, "year", "regime"),
    ],
)
def test_dates_that_are_statements(
    text: str, value: float, unit: str, subject: str
) -> None:
    dates = [c for c in read(text) if c.kind == "date"]
    assert (value, unit, subject) in [(c.value, c.unit, c.subject) for c in dates]


def test_two_numbers_and_two_places_in_one_sentence() -> None:
    found = read("Millford and Farfield have a population of 40,000 and 30,000.")
    assert [(c.value, c.unit, c.area) for c in found] == [
        (40_000, "persons", "millford"),
        (30_000, "persons", "farfield"),
    ]


def test_numbers_of_two_years_keep_their_years() -> None:
    found = read("The Raiders carried out 20 attacks in 2021 and 45 attacks in 2023.")
    years = {c.value: c.start and c.start.year for c in found}
    assert years == {20: 2021, 45: 2023}


def test_a_part_names_its_whole() -> None:
    found = {
        c.value: c for c in read("The army killed 25 people, including 4 children.")
    }
    assert found[4].base == "25 people"
    assert found[4].subject == found[25].subject == "abuses"


def test_a_list_is_counted() -> None:
    text = "The Raiders banned fuel imports from Ghana, Togo, and Benin."
    (one,) = [c for c in read(text) if c.quantity == "countries_of_origin_banned"]
    assert (one.value, one.subject) == (3, "blockade")
    assert text[one.span_start : one.span_end] == "Ghana, Togo, and Benin"


def test_a_list_that_the_text_counts_is_not_counted_again() -> None:
    text = "The Raiders banned fuel imports from three countries: Ghana, Togo, Benin."
    assert len([c for c in read(text) if c.value == 3]) == 1


def test_a_pronoun_stands_for_the_one_named_before() -> None:
    found = read("The Hired Legion came from Norland. It sent 900 troops.")
    assert [(c.value, c.subject) for c in found] == [(900, "legion")]


def test_a_number_without_a_time_takes_the_year_up_to_the_text() -> None:
    (one,) = read("Stocks last nine days.")
    assert (one.start, one.end) == (date(2024, 1, 1), PUBLISHED)
    assert one.precision == "inferred"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("According to Jan Doe, 25 tankers were burned.", "Jan Doe"),
        ("“25 tankers were burned,” said Jan Doe.", "Jan Doe"),
        ("Jan Doe told the Herald that 25 tankers were burned.", "Jan Doe"),
        ("Some 25 tankers were burned.", None),
    ],
)
def test_speaker(text: str, speaker: str | None) -> None:
    (one,) = [c for c in read(text) if c.value == 25]
    assert one.speaker == speaker


@pytest.mark.parametrize(
    "text",
    [
        "Ann Poe, 43, sells bread.",
        "Take the N6 and the N7.",
        "One resident spoke.",
        "See page 14 of the report.",
        "Resolution 2690 was adopted.",
        "A 20-litre jerrycan stood there.",
    ],
)
def test_trivia_is_not_understood(text: str) -> None:
    assert not read(text)


def test_names_are_found_whole_and_longest_first() -> None:
    text = "Highcourtiers left HIGHCOURT, and the army met the Hired Legion."
    hits = Gazetteer(CONTEXT).find(text, 0, len(text))
    rows = [hit.row("place", "actor") for hit in hits]
    assert rows == ["highcourt", "army", "legion"]


def test_the_lexicon_names_units_that_exist() -> None:
    units = ["count_per_day", "USD", "XOF_per_litre", "litre_per_day", "kg_per_year"]
    units += ["years", "km2", "km", "percent", "ratio", "rank", "persons", "head"]
    units += ["MW", "MWh"]
    assert set(senses()) <= {family(unit) for unit in units}


def test_context_of_the_made_up_case() -> None:
    context = context_of(load_case("toy"))
    assert context.names["Haut-Court"] == Named("place", "highcourt")
    assert context.names["Raiders"] == Named("actor", "raiders")
    assert context.names["Jan Doe"] == Named("person", "doe")
    assert context.place_regions["millford"] == "lowland"


WORDS: Final = st.sampled_from(
    [
        *[
            "The",
            "Raiders",
            "attacked",
            "killed",
            "12",
            "tankers",
            "400%",
            "in",
            "2023",
        ],
        *["and", "Millford", ",", "litres", "of", "three", "fuel", "price", "$5"],
        *["million", "(", ")", "“", "”", "said", "Jan", "Doe", "soldiers", "1,5"],
        *[
            "half",
            "a",
            "year",
            "since",
            "January",
            ".",
            ";",
            "—",
            "the",
            "two",
            "twice",
        ],
        *["20-30", "km", "per", "day", "3rd", "⅔", "1.234.567", "last", "will", "to"],
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, max_size=30).map(" ".join), st.sampled_from(["en", "fr", "xx"]))
def test_no_number_is_dropped(text: str, language: str) -> None:
    found = read_candidates(article(text, language), CONTEXT)
    anchor = Anchor(PUBLISHED, "day", CONTEXT.cutoff)
    for span in split_sentences(text):
        for mention in find_mentions(text, span, language, anchor):
            assert any(
                c.span_start <= mention.start and mention.end <= c.span_end
                for c in found
            ), text[mention.start : mention.end]
    for one in found:
        assert one.is_understood == (one.reason is None)
        assert one.is_understood or one.kind == "unknown"
        if one.is_understood:
            assert None not in (one.subject, one.quantity, one.unit)


@given(st.text(max_size=60))
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)
