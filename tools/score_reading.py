"""Score the reading of articles against figures that people annotated beforehand.

``PYTHONPATH=src:tools python tools/score_reading.py [FOLDER] [--json] [--misses]``

A folder holds ``documents.csv``, ``figures.csv`` and the documents; the README of
``tests/articles_scored`` describes them. A figure and a candidate belong together where
their characters overlap; a figure that the article's own text does not hold is looked
for by value and unit among the candidates that are left. A candidate is right in

- value: equal within 1e-6, or to one decimal where the figure is a recurring decimal;
  either sign of a percentage; the same two ends where the figure is a range;
- unit and subject: equal to one of the readings listed, where ``price`` is
  ``fuel_price`` and a distance or travel time may be told of the road or the place;
- period: the days that both have are at least half of the days that either has; where
  the text states no period, one lies within the other;
- speaker: a word of three letters or more is in both names.

Recall counts figures in scope. Precision counts candidates that call themselves
understood: those with value, unit and subject of a figure in scope are right; all
others are wrong, also where nobody annotated the number.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from judge_reading import (
    EXTRAS,
    FIELDS,
    Document,
    Figure,
    is_value_right,
    judge,
    locate,
    read_documents,
    read_figures,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from supplyline.evidence.reading.candidate import Candidate

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "articles_scored"
LATEST = date(2025, 12, 31)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader made of one document."""

    text: str
    candidates: tuple[Candidate, ...]
    fault: str | None = None


@dataclass(slots=True)
class Tally:
    """Counts of one set of documents."""

    documents: int = 0
    figures: int = 0
    located: int = 0
    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    extra_asked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    extra_right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    candidates: int = 0
    understood: int = 0
    understood_right: int = 0
    out_of_scope: int = 0
    out_of_scope_accepted: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return counts and shares; a share of nothing is None."""
        return {
            "documents": self.documents,
            "figures": self.figures,
            "located": self.located,
            "recall": {
                name: share(self.right[name], self.figures)
                for name in (*FIELDS, "all_four")
            },
            "of_all_four": {
                name: share(self.extra_right[name], self.extra_asked[name])
                for name in EXTRAS
            },
            "candidates": self.candidates,
            "understood": self.understood,
            "precision": share(self.understood_right, self.understood),
            "out_of_scope": self.out_of_scope,
            "out_of_scope_accepted": self.out_of_scope_accepted,
        }


@dataclass(slots=True)
class Score:
    """Tallies in all, by language and by style, and what went wrong."""

    total: Tally = field(default_factory=Tally)
    languages: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    styles: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    misses: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return all tallies as plain data."""
        return {
            "total": self.total.as_dict(),
            "languages": {k: v.as_dict() for k, v in sorted(self.languages.items())},
            "styles": {k: v.as_dict() for k, v in sorted(self.styles.items())},
            "misses": self.misses,
        }


def share(part: int, whole: int) -> float | None:
    """Return part of whole to four decimals, None where whole is 0."""
    return round(part / whole, 4) if whole else None


def score(
    documents: Sequence[Document],
    figures: Sequence[Figure],
    readings: Mapping[str, Reading],
) -> Score:
    """Return the score of what the reader made of some documents."""
    result = Score()
    for document in documents:
        own = [figure for figure in figures if figure.document == document.name]
        tallies = [
            result.total,
            result.languages[document.language],
            result.styles[document.style],
        ]
        reading = readings[document.name]
        if reading.fault:
            result.misses.append(f"{document.name}: not read: {reading.fault}")
        result.misses += _score_document(own, reading, tallies)
    return result


def read_all(folder: Path, documents: Sequence[Document]) -> dict[str, Reading]:
    """Return what the reader makes of each document, with the case of Mali."""
    # the reader is imported here so that the scoring can be tested without it
    from supplyline.case.case import load_case  # noqa: PLC0415
    from supplyline.errors import EvidenceError  # noqa: PLC0415
    from supplyline.evidence.articles.page import StatedMetadata, read_article  # noqa: PLC0415
    from supplyline.evidence.desk.case_names import context_of  # noqa: PLC0415
    from supplyline.evidence.reading.read import read_candidates  # noqa: PLC0415

    context = context_of(load_case("mali"))
    readings = {}
    for document in documents:
        told = StatedMetadata(
            title=document.title,
            publisher=document.publisher,
            published=document.published,
            published_precision="day",
            language=document.language,
        )
        content = (folder / document.name).read_bytes()
        try:
            article = read_article(content, document.name, told, LATEST)
            candidates = tuple(read_candidates(article, context))
        except EvidenceError as error:
            readings[document.name] = Reading("", (), str(error))
        else:
            readings[document.name] = Reading(article.text, candidates)
    return readings


def main(
    arguments: Sequence[str] | None = None,
    read: Callable[[Path, Sequence[Document]], Mapping[str, Reading]] = read_all,
) -> Score:
    """Score a folder and print the result."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--json", action="store_true", help="print plain data")
    parser.add_argument("--misses", action="store_true", help="list what went wrong")
    options = parser.parse_args(arguments)
    documents = read_documents(options.folder)
    figures = read_figures(options.folder)
    result = score(documents, figures, read(options.folder, documents))
    if options.json:
        found = result.as_dict()
        if not options.misses:
            del found["misses"]
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return result
    for line in _table(result):
        print(line)
    for line in result.misses if options.misses else ():
        print(line)
    return result


def _score_document(
    figures: Sequence[Figure], reading: Reading, tallies: Sequence[Tally]
) -> list[str]:
    """Add one document to the tallies; return what went wrong."""
    spans = {f.figure: locate(f, reading.text) for f in figures}
    near = {
        f.figure: _near(spans[f.figure], reading.candidates)
        for f in figures
        if spans[f.figure] is not None
    }
    taken = {c.candidate for candidates in near.values() for c in candidates}
    rest = [c for c in reading.candidates if c.candidate not in taken]
    misses = []
    for tally in tallies:
        tally.documents += 1
        tally.candidates += len(reading.candidates)
        tally.located += sum(
            f.is_in_scope and spans[f.figure] is not None for f in figures
        )
    for figure in figures:
        if not figure.is_in_scope:
            misses += _count_outside(figure, near.get(figure.figure, []), tallies)
            continue
        best = _best(figure, near.get(figure.figure), rest)
        misses += _count_figure(figure, best, tallies)
    misses += _count_understood(figures, near, reading, tallies)
    return misses


def _best(
    figure: Figure, near: Sequence[Candidate] | None, rest: list[Candidate]
) -> Candidate | None:
    """Return the candidate that belongs to a figure, if need be out of the rest."""
    if near is not None:
        return max(near, key=lambda c: _rank(figure, c), default=None)
    fit = [c for c in rest if is_value_right(figure, c) and c.unit in figure.units]
    best = max(fit, key=lambda c: _rank(figure, c), default=None)
    if best is not None:
        rest.remove(best)
    return best


def _rank(figure: Figure, candidate: Candidate) -> tuple[int, bool]:
    """Return how well a candidate fits, more is better."""
    verdict = judge(figure, candidate)
    return sum(verdict[name] for name in FIELDS), candidate.is_understood


def _count_figure(
    figure: Figure, best: Candidate | None, tallies: Sequence[Tally]
) -> list[str]:
    """Count one figure in scope; return a line where it was missed."""
    verdict = judge(figure, best) if best else dict.fromkeys((*FIELDS, *EXTRAS), False)
    is_found = all(verdict[name] for name in FIELDS)
    asked = {
        "area": bool(figure.areas),
        "hedge": bool(figure.hedge),
        "speaker": bool(figure.speaker),
    }
    for tally in tallies:
        tally.figures += 1
        tally.right["all_four"] += is_found
        for name in FIELDS:
            tally.right[name] += verdict[name]
        for name in EXTRAS:
            tally.extra_asked[name] += is_found and asked[name]
            tally.extra_right[name] += is_found and asked[name] and verdict[name]
    if is_found:
        return []
    wrong = ", ".join(name for name in FIELDS if not verdict[name])
    return [f"{figure.figure} {figure.phrase!r}: {wrong} wrong; read {_shown(best)}"]


def _count_outside(
    figure: Figure, near: Sequence[Candidate], tallies: Sequence[Tally]
) -> list[str]:
    """Count one number out of scope; return a line where it was taken for a claim."""
    accepted = [c for c in near if c.is_understood]
    for tally in tallies:
        tally.out_of_scope += 1
        tally.out_of_scope_accepted += bool(accepted)
    return [
        f"{figure.figure} {figure.phrase!r}: out of scope; read {_shown(c)}"
        for c in accepted
    ]


def _count_understood(
    figures: Sequence[Figure],
    near: Mapping[str, Sequence[Candidate]],
    reading: Reading,
    tallies: Sequence[Tally],
) -> list[str]:
    """Count candidates that call themselves understood; return those nobody listed."""
    right, listed = set(), set()
    for figure in figures:
        for candidate in near.get(figure.figure, ()):
            listed.add(candidate.candidate)
            verdict = judge(figure, candidate)
            if figure.is_in_scope and all(
                verdict[name] for name in ("value", "unit", "subject")
            ):
                right.add(candidate.candidate)
    understood = [c for c in reading.candidates if c.is_understood]
    for tally in tallies:
        tally.understood += len(understood)
        tally.understood_right += sum(c.candidate in right for c in understood)
    name = figures[0].document if figures else "?"
    text = reading.text
    return [
        f"{name} {text[c.span_start : c.span_end]!r}: not listed; read {_shown(c)}"
        for c in understood
        if c.candidate not in listed
    ]


def _near(
    span: tuple[int, int] | None, candidates: Iterable[Candidate]
) -> list[Candidate]:
    """Return the candidates that share characters with a span."""
    if span is None:
        return []
    return [c for c in candidates if c.span_start < span[1] and span[0] < c.span_end]


def _shown(candidate: Candidate | None) -> str:
    """Return a candidate in one line."""
    if candidate is None:
        return "nothing"
    c = candidate
    number = c.value if c.value is not None else f"{c.low}..{c.high}"
    state = "" if c.is_understood else f" ({c.reason or 'not understood'})"
    return f"{number} {c.unit} {c.subject} {c.area} {c.start}..{c.end}{state}"


def _table(result: Score) -> list[str]:
    """Return the score as lines of a table."""
    head = ("set", "documents", "figures", *FIELDS, "all four", "precision", "outside")
    lines = [" ".join(f"{word:>10}" for word in head)]
    sets = {"all": result.total, **result.languages, **result.styles}
    for name, tally in sets.items():
        found = tally.as_dict()
        shares = [found["recall"][n] for n in (*FIELDS, "all_four")]
        cells = [
            str(tally.documents),
            str(tally.figures),
            *(_percent(x) for x in (*shares, found["precision"])),
            f"{tally.out_of_scope_accepted}/{tally.out_of_scope}",
        ]
        lines.append(" ".join(f"{cell:>10}" for cell in cells) + f"  {name}")
    lines[0] = lines[0][11:] + "  set"
    extra = result.total.as_dict()["of_all_four"]
    told = ", ".join(f"{name} {_percent(extra[name])}" for name in EXTRAS)
    lines.append(f"Of figures right in all four, where annotated: {told}")
    return lines


def _percent(value: float | None) -> str:
    """Return a share as a percentage."""
    return "-" if value is None else f"{100 * value:.1f}%"


if __name__ == "__main__":
    main()
