"""Review of candidate claims, one after the other, without a terminal.

A session asks the store for what waits, each time anew: so it goes on where the last
one ended, and two reviewers at once do not wait for each other.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from supplyline.errors import StoreError, nearest, shown
from supplyline.evidence.desk.case_tables import areas_within
from supplyline.evidence.doubts.agreement import compare_with_claims, count_witnesses
from supplyline.evidence.doubts.grades import credibility
from supplyline.evidence.store.decisions import (
    accepted,
    corrected,
    decide,
    find_faults,
    pending,
    read_changes,
)
from supplyline.evidence.store.documents import documents, sources
from supplyline.evidence.store.statements import find_statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from supplyline.case.case import Case
    from supplyline.evidence.reading.candidate import Candidate
    from supplyline.evidence.store.connection import Store
    from supplyline.evidence.store.documents import SourceDraft
    from supplyline.evidence.store.statements import Statement

_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Other:
    """A claim of another source that speaks of the same."""

    claim: str
    source: str
    agrees: bool
    why: str
    said: str


@dataclass(frozen=True, slots=True)
class Item:
    """One candidate as a reviewer sees it."""

    statement: Statement
    candidate: Candidate
    source: SourceDraft
    others: tuple[Other, ...]
    credibility: int
    faults: Mapping[str, str]
    waiting: int


@dataclass(slots=True)
class Session:
    """Review by one person: give the next candidate, keep the decision."""

    store: Store
    case: Case
    reviewer: str
    done: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)

    def next(self) -> Item | None:
        """Give the next candidate that waits and was not seen in this session."""
        waiting = [
            name for name in pending(self.store)["candidate"] if name not in self._seen
        ]
        if not waiting:
            return None
        return self.item(waiting[0], waiting=len(waiting))

    def item(
        self,
        candidate: str,
        changed: Mapping[str, Any] | None = None,
        waiting: int = 1,
    ) -> Item:
        """Show one candidate, as read or as it would be corrected."""
        statement = find_statement(self.store, candidate)
        if statement is None:
            message = f"the store has no candidate {shown(candidate)}"
            raise StoreError(message)
        read = corrected(statement.candidate, changed or {})
        source = str(statement.document["source"])
        table = self._claims(candidate)
        agreement = compare_with_claims(
            [read], table, source, self._relays(), areas_within(self.case)
        )
        agreeing, against = count_witnesses(agreement, candidate)
        return Item(
            statement=statement,
            candidate=read,
            source=sources(self.store)[source],
            others=_others(agreement, table),
            credibility=credibility(read, agreeing, against, statement.doubts),
            faults={**find_faults(read), **case_faults(self.case, read)},
            waiting=waiting,
        )

    def accept(self, item: Item, note: str | None = None) -> None:
        """Accept a candidate as it was read."""
        self._refuse(item)
        self._decide(item, "accept", note=note)

    def correct(
        self, item: Item, changed: Mapping[str, Any], note: str | None = None
    ) -> None:
        """Accept a candidate with corrections."""
        tried = self.item(item.candidate.candidate, changed)
        self._refuse(tried)
        self._decide(tried, "correct", changed, note)

    def reject(self, item: Item, note: str | None = None) -> None:
        """Reject a candidate."""
        self._decide(item, "reject", note=note)

    def skip(self, item: Item) -> None:
        """Leave a candidate for later: it waits at the end of the queue."""
        self._decide(item, "skip")

    def _decide(
        self,
        item: Item,
        action: str,
        changed: Mapping[str, Any] | None = None,
        note: str | None = None,
    ) -> None:
        """Keep a decision."""
        decide(
            self.store,
            item.candidate.candidate,
            action,
            reviewer=self.reviewer,
            changed=changed,
            note=note,
            credibility=None if action == "skip" else item.credibility,
        )
        self._seen.add(item.candidate.candidate)
        self.done[action] += 1

    def _refuse(self, item: Item) -> None:
        """Refuse what cannot become a claim of the case."""
        if item.faults:
            told = "; ".join(f"{name} {what}" for name, what in item.faults.items())
            message = f"{item.candidate.candidate} cannot become a claim: {told}"
            raise StoreError(message)

    def _claims(self, candidate: str) -> pd.DataFrame:
        """Give the claims of the case and those accepted since."""
        table = self.case.tables["claims"]
        new = accepted(self.store).rename(columns={"candidate": "claim"})
        new = new[~new["claim"].isin({*table["claim"], candidate})]
        told = table[table["claim"] != candidate]
        if new.empty:
            return told
        return pd.concat([told, new[list(told.columns)]], ignore_index=True)

    def _relays(self) -> dict[str, str]:
        """Give the source of each relay with the source that it repeats."""
        listed = documents(self.store)
        names = list(zip(listed["sha256"], listed["source"], strict=True))
        source = {str(sha256): str(name) for sha256, name in names}
        relays: dict[str, str] = {}
        for (_, own), first in zip(names, listed["relay_of"], strict=True):
            if first is not None and own != source[str(first)]:
                relays[str(own)] = source[str(first)]
        return relays


def check_change(case: Case, name: str, text: str) -> object:
    """Read one correction, and refuse what the case does not know."""
    value = read_changes(name, {name: text})[name]
    fault = None if value is None else _fault(case, name, value)
    if fault is not None:
        message = f"{name} {fault}"
        raise StoreError(message)
    return value


def case_faults(case: Case, candidate: Candidate) -> dict[str, str]:
    """Find fields of a candidate that name what the case does not have."""
    faults = {
        name: _fault(case, name, value)
        for name in ("area", "actor")
        if (value := getattr(candidate, name)) is not None
    }
    return {name: fault for name, fault in faults.items() if fault is not None}


def known_words(case: Case, name: str) -> tuple[str, ...]:
    """List the words that the case uses in a field."""
    tables = case.tables
    if name == "actor":
        return tuple(tables["actors"]["actor"])
    if name == "area":
        regions = [f"region:{row}" for row in tables["regions"]["region"]]
        used = [area for area in tables["claims"]["area"] if ":" in area]
        return tuple(dict.fromkeys([*tables["places"]["place"], *regions, *used]))
    if name in ("subject", "quantity", "unit"):
        return tuple(dict.fromkeys(tables["claims"][name]))
    return ()


def _fault(case: Case, name: str, value: object) -> str | None:
    """Say what is wrong with a word in a field of names."""
    text = str(value)
    if name == "area":
        return _area_fault(case, text)
    if name == "actor":
        return _unknown(text, known_words(case, name), "a row of actors.csv")
    if name in ("subject", "quantity") and not _NAME.fullmatch(text):
        return f"is {shown(text)}; expected letters, digits, '_', '.' or '-'"
    return None


def _area_fault(case: Case, area: str) -> str | None:
    """Say what is wrong with an area."""
    kind, colon, row = area.partition(":")
    if not colon:
        return _unknown(area, case.tables["places"]["place"], "a row of places.csv")
    if kind == "region":
        regions = case.tables["regions"]["region"]
        return _unknown(row, regions, "a row of regions.csv after 'region:'")
    if kind == "country" and not _COUNTRY.fullmatch(row):
        return f"is {shown(area)}; expected two capital letters, as in country:XX"
    if kind not in ("country", "area") or not _NAME.fullmatch(row):
        kinds = "a place, region:ROW, country:XX or area:NAME"
        return f"is {shown(area)}; expected {kinds}"
    return None


def _unknown(text: str, known: Iterable[str], expected: str) -> str | None:
    """Tell of a name that the case does not have, and offer the nearest."""
    names = list(known)
    if text in names:
        return None
    near = nearest(text, names)
    hint = "" if near is None else f" (did you mean {shown(near)}?)"
    return f"is {shown(text)}; expected {expected}{hint}"


def _others(agreement: pd.DataFrame, table: pd.DataFrame) -> tuple[Other, ...]:
    """Set the claims that were compared side by side, those against it first."""
    claims = table.set_index("claim")
    rows = agreement.sort_values("agree", kind="stable").to_dict("records")
    return tuple(
        Other(
            claim=str(row["claim"]),
            source=str(row["source"]),
            agrees=bool(row["agree"]),
            why=str(row["why"]),
            said=say_range(claims.loc[row["claim"]].to_dict()),
        )
        for row in rows
    )


def say_range(claim: Mapping[Any, Any]) -> str:
    """Say a number with its range, unit and period."""
    value, low, high = (_number(claim[name]) for name in ("value", "low", "high"))
    if low or high:
        ends = f"{low or 'less'} to {high or 'more'}"
        number = f"{value} ({ends})" if value else ends
    else:
        number = value or "no number"
    days = [
        "?" if pd.isna(claim[name]) else f"{claim[name]:%Y-%m-%d}"
        for name in ("start", "end")
    ]
    period = days[0] if days[0] == days[1] else " to ".join(days)
    return f"{number} {claim['unit'] or 'no unit'}, {period}"


def _number(value: Any) -> str:  # noqa: ANN401 - value of any column
    """Write a number, or nothing."""
    if pd.isna(value):
        return ""
    # a year is written without a comma
    return f"{value:,.10g}" if abs(value) >= 10_000 else f"{value:.10g}"
