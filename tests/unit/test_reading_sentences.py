"""Short sentences and what they say: a row of the lexicon has a text that needs it.

Each sentence holds one number, day or name; what it says was decided from its meaning.
The words that a pattern of the code must find stand in patterns.csv.
"""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

from made_reading import CONTEXT, article
from supplyline.evidence.reading.actors import Cast
from supplyline.evidence.reading.cues import fold
from supplyline.evidence.reading.mentions import find_mentions
from supplyline.evidence.reading.naming import Gazetteer
from supplyline.evidence.reading.read import read_candidates
from supplyline.evidence.reading.sentence import Sentence
from supplyline.evidence.reading.sentences import Span, split_sentences
from supplyline.evidence.reading.times import Anchor, find_times

FOLDER = Path(__file__).parents[1] / "reading_sentences"
KINDS = {**CONTEXT.actor_kinds, "cabinet": "government"}
ROLES = {
    "armed": "raiders",
    "mercenary": "legion",
    "government": "cabinet",
    "force": "army",
}
ROUNDED = 0.05
"""A share is told to one decimal."""


def rows(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row.values()) for row in csv.DictReader(file)]


def differences(text, mention, reading):
    """Tell where a number differs from what its sentence says."""
    noun = text[mention.noun_start or 0 : mention.noun_end or 0]
    wrong = {}
    for part in reading.split("; "):
        name, _, wanted = part.partition("=")
        read = noun if name == "counted" else getattr(mention, name)
        if wanted and isinstance(read, float):
            nearly = ROUNDED if mention.unit == "percent" else 1e-9 * abs(read)
            is_right = abs(read - float(wanted)) <= nearly
        else:
            is_right = (read or "") == wanted
        if not is_right:
            wrong[name] = read
    return wrong


def number_misread(language, text, reading):
    mentions = find_mentions(text, Span(0, len(text)), language)
    if len(mentions) != bool(reading):
        return [text[one.start : one.end] for one in mentions]
    return mentions and differences(text, mentions[0], reading)


def test_a_number_is_read_as_its_sentence_says():
    misread = {row[1]: number_misread(*row) for row in rows("numbers")}

    assert {text: wrong for text, wrong in misread.items() if wrong} == {}


def test_a_time_is_placed_by_the_day_of_its_text():
    for language, day, text, *wanted in rows("days"):
        anchor = Anchor(date.fromisoformat(day), "day", CONTEXT.cutoff)

        times = find_times(text, Span(0, len(text)), language, anchor)

        read = [[str(one.first), str(one.last), one.precision] for one in times]
        assert (day, text, read) == (day, text, [wanted])


def test_an_abbreviation_ends_no_sentence():
    for (text,) in rows("whole"):
        assert split_sentences(text) == [Span(0, len(text))], text


def test_a_text_is_parted_where_its_sentences_end():
    for text, parts in rows("parts"):
        read = [text[first:last].strip() for first, last in split_sentences(text)]

        assert read == parts.split("|")


def test_a_country_and_an_area_are_known():
    gazetteer = Gazetteer(CONTEXT)
    for name, kind, row in rows("names"):
        hits = gazetteer.find(f"the {name} now", 0, len(name) + 8)

        read = [(hit.start - 4, hit.end - 4, hit.row(kind)) for hit in hits]
        assert (name, *read) == (name, (0, len(name), row))


def test_a_general_word_stands_for_an_actor():
    cast = Cast(replace(CONTEXT, actor_kinds=KINDS), "raiders", "army", "raiders")
    for name, role in rows("roles"):
        text = f"Then {name} came."
        sentence = Sentence(text, fold(text), Span(0, len(text)), 0, [], [], [])

        read = [
            (text[part.start : part.end], part.row) for part in cast.parts(sentence)
        ]
        assert (name, ROLES[role]) in read


def test_a_number_has_the_sense_of_its_sentence():
    misread = {}
    for language, text, *wanted in rows("meanings"):
        read = [
            [f"{one.value or 0:.10g}", one.unit, one.quantity, one.subject]
            for one in read_candidates(article(text, language), CONTEXT)
        ]
        if wanted not in read:
            misread[text] = read

    assert misread == {}


def test_a_pattern_finds_the_words_it_is_for():
    missed = []
    for module, name, text, words in rows("patterns"):
        pattern = getattr(import_module(f"supplyline.evidence.reading.{module}"), name)
        match = re.search(pattern, text)
        if match is None or match.group() != words:
            missed.append((module, name, text))

    assert missed == []
