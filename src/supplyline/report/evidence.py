"""What a brief rests on: claims, their sources, and where they disagree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from supplyline.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from supplyline.case.case import Case

RESERVED: Final = frozenset({"run", "map", "options", "top", "main"})
"""Anchors of the brief that no claim may take."""
WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
"""An identifier inside a text."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of one number by one source, ready to be printed."""

    name: str
    anchor: str
    subject: str
    quantity: str
    area: str
    figure: Quantity | None
    start: Quantity
    end: Quantity
    title: str
    publisher: str
    date: str
    grade: str
    address: str | None
    note: str
    disputes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A publication, ready to be printed."""

    name: str
    title: str
    publisher: str
    date: str
    grade: str
    address: str | None


def sources(case: Case) -> tuple[Source, ...]:
    """List the sources of a case."""
    return tuple(
        Source(
            name=str(row["source"]),
            title=_text(row["title"]),
            publisher=_text(row["publisher"]),
            date=_text(row["date"]),
            grade=_text(row["reliability"]),
            address=web_address(row["address"]),
        )
        for row in case.tables["sources"].to_dict("records")
    )


def anchor(claim: str) -> str:
    """Name the place of a claim in the brief."""
    is_taken = claim in RESERVED or not re.match(r"^[A-Z]\d", claim)
    return f"claim-{claim}" if is_taken else claim


def claims(case: Case) -> tuple[Claim, ...]:
    """List every claim of a case with its source and those that contradict it."""
    sources = {row["source"]: row for row in case.tables["sources"].to_dict("records")}
    disputes = contradicted(case)
    places = dict(
        zip(*(case.tables["places"][c] for c in ("place", "title")), strict=True)
    )
    return tuple(
        _claim(
            row, sources.get(row.source, {}), places, disputes.get(str(row.claim), ())
        )
        for row in case.tables["claims"].itertuples()
    )


def contradicted(case: Case) -> dict[str, tuple[str, ...]]:
    """Find the claims that contradict each claim."""
    known = {str(name) for name in case.tables["claims"]["claim"]}
    table = case.contradictions()
    columns = [name for name in table.columns if "claim" in str(name)]
    opposed: dict[str, set[str]] = {}
    for row in table[columns].itertuples(index=False):
        cells = [str(cell) for cell in row if not _is_missing(cell)]
        names = {word for cell in cells for word in WORD.findall(cell) if word in known}
        for name in names:
            opposed.setdefault(name, set()).update(names - {name})
    return {name: tuple(sorted(others)) for name, others in opposed.items()}


def _claim(
    row: Any,  # noqa: ANN401 - a cell, a row or an array
    source: Mapping[Hashable, Any],
    places: dict[str, str],
    disputes: tuple[str, ...],
) -> Claim:
    """Make one claim printable."""
    name = str(row.claim)
    basis = f"claim {name}"
    return Claim(
        name=name,
        anchor=anchor(name),
        subject=_words(row.subject),
        quantity=_words(row.quantity),
        area=places.get(str(row.area), _words(row.area)),
        figure=_figure(row, basis),
        start=Quantity(pd.Timestamp(row.start).date(), "date", basis=basis),
        end=Quantity(pd.Timestamp(row.end).date(), "date", basis=basis),
        title=_text(source.get("title")) or str(row.source),
        publisher=_text(source.get("publisher")),
        date=_text(source.get("date")),
        grade=_text(source.get("reliability")),
        address=web_address(source.get("address")),
        note=_text(row.note),
        disputes=disputes,
    )


def web_address(address: object) -> str | None:
    """Let only web addresses become links."""
    text = _text(address).strip()
    return text if re.match(r"^https?://[^\s\"'<>]+$", text) else None


def _figure(row: Any, basis: str) -> Quantity | None:  # noqa: ANN401 - a cell, a row or an array
    """Read value and interval as reported."""
    value, low, high = (
        None if _is_missing(cell) else float(cell)
        for cell in (row.value, row.low, row.high)
    )
    known = [number for number in (value, low, high) if number is not None]
    if not known:
        return None
    middle = sum(known) / len(known) if value is None else value
    has_ends = low is not None and high is not None and low != high
    return Quantity(
        middle,
        str(row.unit),
        low=low if has_ends else None,
        high=high if has_ends else None,
        basis=basis,
        digits=None,
    )


def _text(cell: object) -> str:
    """Read a text cell; missing is empty."""
    return "" if _is_missing(cell) else str(cell)


def _words(cell: object) -> str:
    """Read an identifier as words."""
    return _text(cell).replace("_", " ").replace(":", " ")


def _is_missing(cell: object) -> bool:
    """Tell whether a cell is empty."""
    return cell is None or (not isinstance(cell, str) and bool(pd.isna(cell)))  # type: ignore[call-overload]


def used_first(everything: Iterable[Claim], used: Iterable[str]) -> list[Claim]:
    """Pick the claims that the brief prints, and those that contradict them."""
    known = {claim.name: claim for claim in everything}
    wanted: set[str] = set()
    asked = [name for name in used if name in known]
    while asked:
        name = asked.pop()
        if name not in wanted:
            wanted.add(name)
            asked += known[name].disputes
    return [claim for name, claim in known.items() if name in wanted]
