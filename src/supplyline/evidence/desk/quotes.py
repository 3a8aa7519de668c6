"""The sentence behind a claim: what the evidence store knows of how it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplyline.evidence.desk.store_place import place_of_store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from supplyline.case.case import Case
    from supplyline.evidence.store.statements import Statement


@dataclass(frozen=True, slots=True)
class Quote:
    """How a number was read."""

    before: str | None
    number: str | None
    after: str | None
    document: str
    name: str
    repeated_by: tuple[str, ...]
    doubts: tuple[str, ...]
    reading: dict[str, str]

    def lines(self) -> list[tuple[str, str]]:
        """Write the reading for a reader."""
        place = f"{self.name} ({self.document[:9]})"
        lines = [("document", place)]
        if self.number is not None:
            lines.insert(0, ("sentence", f"{self.before}[{self.number}]{self.after}"))
        reading = self.reading
        if "speaker" in reading:
            lines.append(("says", reading["speaker"]))
        if "hedge" in reading:
            lines.append(("hedge", reading["hedge"]))
        if reading:
            grade = f"information {reading['credibility']} of 6"
            who = f"{reading['decision']} by {reading['reviewer']}"
            lines.append(("decided", f"{who}, {reading['decided']}; {grade}"))
        else:
            lines.append(("decided", "not yet: it is a candidate, and feeds nothing"))
        lines.extend(("doubt", text) for text in self.doubts)
        if self.repeated_by:
            count = len(self.repeated_by)
            lines.append(("repeated", f"by {count} of the documents; not counted"))
        return lines


def find_quote(
    case: Case, claim: str, reading: Mapping[str, str], store: str | Path | None
) -> Quote | None:
    """Find the sentence of a claim or candidate."""
    statement = _find(case, claim, store)
    kept = {column: cell for column, cell in reading.items() if cell != ""}
    if statement is None:
        if not kept:
            return None
        return Quote(None, None, None, kept["document"], "not at hand", (), (), kept)
    document = statement.document
    return Quote(
        before=statement.before,
        number=statement.number,
        after=statement.after,
        document=str(document["sha256"]),
        name=str(document["title"] or document["name"]),
        repeated_by=statement.repeated_by,
        doubts=tuple(doubt.text for doubt in statement.doubts),
        reading=kept,
    )


def _find(case: Case, claim: str, store: str | Path | None) -> Statement | None:
    """Ask the store, where there is one: looking for a sentence makes none."""
    where = place_of_store(case) if store is None else store
    if store is None and not place_of_store(case).exists():
        return None
    # only a case with a store needs the extra
    from supplyline.evidence.store.connection import open_store  # noqa: PLC0415
    from supplyline.evidence.store.statements import find_statement  # noqa: PLC0415

    with open_store(where) as kept:
        return find_statement(kept, claim)
