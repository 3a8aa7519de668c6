"""Figures that people annotated in a text, and whether a reader's candidate agrees."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from supplyline.evidence.reading.candidate import Candidate

CONTEXTS = (40, 24, 12, 6)
"""Letters and digits beside a number that must agree, the strictest first."""
ON_THE_WAY = {"km", "mile", "minute", "hour", "days"}
FIELDS = ("value", "unit", "period", "subject")
EXTRAS = ("area", "hedge", "speaker")
_WORD = r"\w{3,}"
_ARTICLES = {"the", "les", "des", "une", "son", "ses", "his", "her"}


@dataclass(frozen=True, slots=True)
class Document:
    """One text and what the reader is told of it."""

    name: str
    language: str
    published: date
    publisher: str
    title: str
    style: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a text as a person reads it."""

    document: str
    figure: str
    phrase: str
    before: str
    after: str
    value: float | None
    low: float | None
    high: float | None
    units: tuple[str, ...]
    subjects: tuple[str, ...]
    areas: tuple[str, ...]
    start: date | None
    end: date | None
    is_period_stated: bool
    hedge: str
    speaker: str
    is_in_scope: bool


def read_documents(folder: Path) -> list[Document]:
    """Return the rows of documents.csv."""
    return [
        Document(
            name=row["document"],
            language=row["language"],
            published=date.fromisoformat(row["published"]),
            publisher=row["publisher"],
            title=row["title"],
            style=row["style"],
        )
        for row in _rows(folder / "documents.csv")
    ]


def read_figures(folder: Path) -> list[Figure]:
    """Return the rows of figures.csv."""
    return [
        Figure(
            document=row["document"],
            figure=row["figure"],
            phrase=row["phrase"],
            before=row["before"],
            after=row["after"],
            value=_number(row["value"]),
            low=_number(row["low"]),
            high=_number(row["high"]),
            units=_words(row["unit"]),
            subjects=_words(row["subject"]),
            areas=_words(row["area"]),
            start=_day(row["start"]),
            end=_day(row["end"]),
            is_period_stated=row["period_stated"] == "true",
            hedge=row["hedge"],
            speaker=row["speaker"],
            is_in_scope=row["in_scope"] == "true",
        )
        for row in _rows(folder / "figures.csv")
    ]


def locate(figure: Figure, text: str) -> tuple[int, int] | None:
    """Return the characters of a figure in a text, None where it is not there.

    Only letters and digits are compared, so that marks of layout and broken lines do no
    harm; the words beside the number tell like numbers apart.
    """
    places = [i for i, letter in enumerate(text) if letter.isalnum()]
    letters = "".join(text[i] for i in places)
    wanted = _letters(figure.phrase)
    before, after = _letters(figure.before), _letters(figure.after)
    if not wanted:
        return None
    for size in CONTEXTS:
        left, right = before[-size:], after[:size]
        if not left and not right:
            break
        at = letters.find(left + wanted + right)
        if at >= 0:
            first = at + len(left)
            return places[first], places[first + len(wanted) - 1] + 1
    return _alone(figure.phrase, text)


def is_speaker_right(figure: Figure, candidate: Candidate) -> bool:
    """Whether both names of a speaker share a word, as "the army" and "army"."""
    said, read = figure.speaker.casefold(), (candidate.speaker or "").casefold()
    shared = set(re.findall(_WORD, said)) & set(re.findall(_WORD, read))
    return said == read or bool(shared - _ARTICLES)


def judge(figure: Figure, candidate: Candidate) -> dict[str, bool]:
    """Return in which fields a candidate agrees with a figure."""
    return {
        "value": is_value_right(figure, candidate),
        "unit": candidate.unit in figure.units,
        "period": is_period_right(figure, candidate),
        "subject": is_subject_right(figure, candidate),
        "area": candidate.area in figure.areas,
        "hedge": bool(candidate.hedge),
        "speaker": is_speaker_right(figure, candidate),
    }


def is_value_right(figure: Figure, candidate: Candidate) -> bool:
    """Tell whether the number is the same."""
    if figure.value is None:
        return _same(candidate.low, figure.low) and _same(candidate.high, figure.high)
    value = candidate.value
    if value is not None and "percent" in figure.units:
        value = abs(value)
    return _same(value, figure.value)


def is_subject_right(figure: Figure, candidate: Candidate) -> bool:
    """Tell whether the subject is one of those listed, or a synonym."""
    subject = candidate.subject
    accepted = set(figure.subjects)
    if subject is None:
        return False
    if accepted & {"price", "fuel_price"}:
        accepted |= {"price", "fuel_price"}
    # a place stands for its road only where it is the place that the figure is about
    if ON_THE_WAY & set(figure.units):
        if "corridor" in accepted and subject in {candidate.area, *figure.areas}:
            return True
        if accepted & set(figure.areas):
            accepted.add("corridor")
    return subject in accepted


def is_period_right(figure: Figure, candidate: Candidate) -> bool:
    """Tell whether the days agree."""
    first, last = candidate.start, candidate.end
    if first is None or last is None or figure.start is None or figure.end is None:
        return False
    common = _days(max(first, figure.start), min(last, figure.end))
    mine, theirs = _days(first, last), _days(figure.start, figure.end)
    if not figure.is_period_stated:
        return common > 0 and common in {mine, theirs}
    return common > 0 and common / (mine + theirs - common) >= 0.5


def _alone(phrase: str, text: str) -> tuple[int, int] | None:
    """Return where a phrase stands if it stands once, as a word of its own."""
    at = text.find(phrase)
    if at < 0 or text.find(phrase, at + 1) >= 0:
        return None
    end = at + len(phrase)
    beside = text[max(0, at - 1) : at] + text[end : end + 1]
    return None if any(letter.isalnum() for letter in beside) else (at, end)


def _same(found: float | None, wanted: float | None) -> bool:
    """Tell whether two numbers are equal, as exactly as the wanted one can be told."""
    if found is None or wanted is None:
        return found is wanted
    if math.isclose(found, wanted, rel_tol=1e-6, abs_tol=1e-12):
        return True
    # two thirds may be told as 66.7 or as 66.6667
    is_recurring = not math.isclose(wanted * 1000, round(wanted * 1000), abs_tol=1e-6)
    decimals = 1 if wanted > 1 else 2
    return is_recurring and round(found, decimals) == round(wanted, decimals)


def _days(first: date, last: date) -> int:
    """Return how many days a span has, 0 where it ends before it begins."""
    return max(0, (last - first).days + 1)


def _letters(text: str) -> str:
    """Return only the letters and digits."""
    return "".join(letter for letter in text if letter.isalnum())


def _rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _number(cell: str) -> float | None:
    """Return a cell as a number."""
    return float(cell) if cell else None


def _day(cell: str) -> date | None:
    """Return a cell as a day."""
    return date.fromisoformat(cell) if cell else None


def _words(cell: str) -> tuple[str, ...]:
    """Return the readings of a cell, the best first."""
    return tuple(word for word in cell.split(";") if word)
