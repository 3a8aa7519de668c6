"""Units that made-up texts leave out: tables, neighbours, sums and prices."""

from __future__ import annotations

import pytest

from supplyline.evidence.reading.cues import fold
from supplyline.evidence.reading.elided import with_elided_units
from supplyline.evidence.reading.mentions import find_mentions
from supplyline.evidence.reading.sentence import Sentence
from supplyline.evidence.reading.sentences import Span, split_sentences


def units(text: str, language: str) -> list[tuple[object, str | None]]:
    """Tell value, or range, and unit of every number of a text."""
    sentences = [
        Sentence(
            text=text,
            folded=fold(text),
            span=Span(*span),
            paragraph=text.count("\n", 0, span[0]),
            hits=(),
            times=(),
            mentions=find_mentions(text, Span(*span), language),
        )
        for span in split_sentences(text)
    ]
    return [
        (m.value if m.value is not None else (m.low, m.high), m.unit)
        for sentence in with_elided_units(sentences, language, "XOF")
        for m in sentence.mentions
    ]


@pytest.mark.parametrize(
    ("text", "language", "last"),
    [
        # the nearest number of its size, in the sentence or the one before
        ("The tank took 30,000 litres on Monday and 12,000 today.", "en", "litre"),
        ("They stock 500 tonnes. Before the rains it was 620.", "en", "tonne"),
        ("Lights come on for six hours; in June it was 14.", "en", "hour"),
        ("Diesel on site: Northpit 20 days, Southpit 31.", "en", "days"),
        ("Tolls make up 40 per cent, ransoms 15.", "en", "percent"),
        ("Of the 90,000 tonnes ordered, 22,000 have arrived.", "en", "tonne"),
        ("Le camion a livré 30 000 litres ; hier, 12 000.", "fr", "litre"),
        ("Il faut neuf heures. Jeudi, il en a fallu vingt.", "fr", "hour"),
        ("Le riz coûte 450 francs le kilo ; il valait 380.", "fr", "XOF_per_kg"),
        ("Les taxes pèsent 30 % du prix, contre 24 avant.", "fr", "percent"),
        # where that one counts things, this one does too
        ("The market drew 400 sellers. It used to draw 900.", "en", "count"),
        ("They burned 20 trucks; 12 were empty.", "en", "count"),
        ("Il roule 30 kilomètres. Ils étaient douze.", "fr", "count"),
        ("Elle a payé 900 francs. Nous étions 600.", "fr", "count"),
        # a price of which the currency or the measure is left out
        ("In Northtown petrol sells at 1,400.", "en", "XOF_per_litre"),
        ("Traders ask 2,400 a litre.", "en", "XOF_per_litre"),
        ("The kilo of beans fetches 600 francs.", "en", "XOF_per_kg"),
        ("A hen costs 2,750.", "en", "XOF"),
        ("Au tableau : super 815, gasoil 760.", "fr", "XOF_per_litre"),
        ("Le bidon se vend 31 000.", "fr", "XOF"),
        ("Mardi, 1 300 le litre.", "fr", "XOF_per_litre"),
        ("What does a litre cost?\nOfficially 790 francs.", "en", "XOF_per_litre"),
        ("The gallon sells at $9. In May it sold at $6.", "en", "USD_per_gallon"),
        ("Cars may buy three litres, at 810 francs.", "en", "XOF_per_litre"),
        ("Le sac de mil est à 18 500.", "fr", "XOF"),
        # millions are of what the last ones were of, milliards else of money
        ("We burn 6 million litres. Only 2 million got in.", "en", "litre"),
        ("They listed 212 million francs. In May it was 31 million.", "en", "XOF"),
        ("L'État a mis 22 milliards depuis juillet.", "fr", "XOF"),
        ("Some 4 million people fled; 2 million came back.", "en", "count"),
        ("It got 2.4 million litres of the 3.1 million promised.", "en", "litre"),
        # what only looks like one
        ("The petrol queue numbered 350.", "en", "count"),
        ("La file d'essence comptait 350 motos, hier 500.", "fr", "count"),
        ("Ils ont demandé la libération de 250.", "fr", "count"),
        ("They fired for two hours, said a driver, 38, who fled.", "en", "count"),
        ("They pay 900 francs. Call +33 44.", "en", "count"),
        ("It lasted seven months, said a teacher of 44.", "en", "count"),
    ],
)
def test_a_bare_number_takes_the_unit_it_is_told_with(text, language, last):
    assert units(text, language)[-1][1] == last


@pytest.mark.parametrize(
    ("text", "language", "last"),
    [
        ("Prices took 9.8 billion francs, escorts 2.1.", "en", 2.1e9),
        ("Ils demandent 5 millions de francs ; on leur offre 1,5.", "fr", 1.5e6),
        ("The plan needs $60m; it has got 12.", "en", 12e6),
        ("They took 28 billion francs, against 12 then.", "en", 12e9),
    ],
)
def test_a_bare_number_takes_the_scale_too(text, language, last):
    value, unit = units(text, language)[-1]
    assert (value, unit) in {(last, "XOF"), (last, "USD")}


def test_a_bare_number_takes_the_unit_of_the_one_it_leads_to():
    text = "A bull that made 420,000 in June goes for 265,000 francs."
    assert units(text, "en") == [(420000, "XOF"), (265000, "XOF")]


def test_the_columns_of_a_table_have_units_of_their_own():
    table = "Port ; Tonnes ; Delay, days ; Trucks\nEastport ; 97,000 ; 18 ; 140"
    assert units(table, "en") == [(97000, "tonne"), (18, "days"), (140, "count")]
    table = (
        "Marché ; Essence, litre ; Sorgho, kg ; Mouton, tête\nKaba ; 890 ; 265 ; 92 500"
    )
    assert [unit for _, unit in units(table, "fr")] == [
        "XOF_per_litre",
        "XOF_per_kg",
        "XOF",
    ]
    table = "Saisies ; Quantité ; Affaires\nEssence (litres) ; 41 300 ; 29"
    assert units(table, "fr") == [(41300, "litre"), (29, "count")]


def test_pounds_are_those_that_were_named_in_full():
    text = "A sack costs 9,000 Sudanese pounds. Smugglers pay 15,000 pounds each."
    assert [unit for _, unit in units(text, "en")] == ["SDG", "SDG"]
