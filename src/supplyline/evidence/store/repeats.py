"""Which candidates of a relay repeat a candidate of the text that it relays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from supplyline.evidence.store.schema import CANDIDATES, DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from sqlalchemy import Connection

    Key = Callable[[Mapping[str, Any], str], Hashable]


def link_repeats(
    connection: Connection, original: str, rows: list[dict[str, Any]], text: str
) -> None:
    """Mark the candidates of a relay that the original has already.

    One repeats another if it stands at the same place of the same sentence, or has the
    same value, range, unit and quantity. Each of the original is repeated once.
    """
    query = select(CANDIDATES).where(CANDIDATES.c.document == original)
    known = connection.execute(query.order_by(CANDIDATES.c.ordinal)).all()
    holds = select(DOCUMENTS.c.text).where(DOCUMENTS.c.sha256 == original)
    first = connection.scalar(holds) or ""
    free = {row.candidate: row._asdict() for row in known if row.repeats is None}
    for key in (_place, _value):
        places = _by_key(free.values(), key, first)
        for row in rows:
            names = places.get(key(row, text), [])
            if row["repeats"] is None and names:
                row["repeats"] = names.pop(0)
                del free[row["repeats"]]


def _by_key(
    rows: Iterable[Mapping[str, Any]], key: Key, text: str
) -> dict[Hashable, list[str]]:
    """Gather the candidates of the original by what is compared."""
    candidates: dict[Hashable, list[str]] = {}
    for row in rows:
        if (at := key(row, text)) is not None:
            candidates.setdefault(at, []).append(row["candidate"])
    return candidates


def _place(row: Mapping[str, Any], text: str) -> Hashable:
    """Give the words before the number, the number and those after it."""
    start, end = row["span_start"], row["span_end"]
    parts = (
        text[row["sentence_start"] : start],
        text[start:end],
        text[end : row["sentence_end"]],
    )
    words = tuple(" ".join(part.casefold().split()) for part in parts)
    return words if words[1] else None


def _value(row: Mapping[str, Any], _: str) -> Hashable:
    """Give what is said, where a value and a unit were read."""
    numbers = (row["value"], row["low"], row["high"])
    if row["unit"] is None or numbers == (None, None, None):
        return None
    return (*numbers, row["unit"], row["quantity"])
