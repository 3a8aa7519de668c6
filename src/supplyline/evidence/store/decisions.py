"""Decisions of reviewers: only ever added, never changed.

What holds for a candidate is the last decision on it that is no skip. Each decision
stands alone: to accept takes the candidate as it was read, to correct takes it with the
fields that this decision changes.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from pydantic import ValidationError
from sqlalchemy import case, insert, select

from supplyline.errors import StoreError, nearest, refuse_other, shown
from supplyline.evidence.store.connection import now
from supplyline.evidence.store.review_queue import last_decision, queue
from supplyline.evidence.store.rows import (
    FIELDS,
    replace_unstorable,
    to_candidate,
    to_frame,
)
from supplyline.evidence.store.schema import ACTIONS, CANDIDATES, DECISIONS, DOCUMENTS
from supplyline.tables.facts import Claim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from supplyline.evidence.reading.candidate import Candidate
    from supplyline.evidence.store.connection import Store

CORRECTABLE: Final = (
    "value",
    "low",
    "high",
    "unit",
    "subject",
    "quantity",
    "area",
    "start",
    "end",
    "counted",
    "actor",
    "precision",
    "hedge",
    "speaker",
    "base",
    "claim_note",
)
"""Fields that a reviewer can correct; claim_note is the remark in claims.csv."""
MAX_NUMBER: Final = 1e15
"""Largest number a case holds, either sign [1]."""

_NUMBERS: Final = ("value", "low", "high")
_DAYS: Final = ("start", "end")
_NEEDED: Final = ("unit", "subject", "quantity", "area", "start", "end")
_MOST_TEXT: Final = 2000


def decide(
    store: Store,
    candidate: str,
    action: str,
    *,
    reviewer: str,
    changed: Mapping[str, Any] | None = None,
    note: str | None = None,
    credibility: int | None = None,
) -> int:
    """Keep a decision on a candidate.

    Parameters
    ----------
    store : Store
        The store.
    candidate : str
        The candidate.
    action : str
        What is done: accept, correct, reject or skip.
    reviewer : str
        Who decides.
    changed : mapping of str to object, optional
        Field to value, for a correction; days as dates or as text.
    note : str, optional
        Remark of the reviewer.
    credibility : int, optional
        Admiralty grade of the information, 1 to 6.

    Returns
    -------
    int
        Number of the decision.

    Raises
    ------
    StoreError
        If there is no such candidate, the candidate lacks a field that a claim needs,
        a corrected value cannot be, or nobody decides.
    """
    refuse_other("store", store, "Store", "open_evidence")
    changed = {} if changed is None else dict(changed)
    reviewer = reviewer.strip()
    if action not in ACTIONS:
        message = f"nobody can {shown(action)}; expected {', '.join(ACTIONS)}"
        raise StoreError(message)
    if not reviewer or len(reviewer) > 200:
        message = "a decision needs the name of its reviewer, of at most 200 characters"
        raise StoreError(message)
    if bool(changed) != (action == "correct"):
        message = "a correction, and only a correction, changes fields"
        raise StoreError(message)
    with store.writing() as connection:
        read = _candidate(connection, candidate)
        values = read_changes(candidate, changed)
        if action in ("accept", "correct"):
            _check(read, values)
        row = {
            "candidate": candidate,
            "action": action,
            "changed": to_json(values),
            "credibility": credibility,
            "reviewer": replace_unstorable(reviewer),
            "decided": now(),
            "note": replace_unstorable(note),
        }
        added = connection.execute(insert(DECISIONS).values(row))
        key = added.inserted_primary_key
    return 0 if key is None else int(key[0])


def decisions(store: Store, candidate: str | None = None) -> pd.DataFrame:
    """Give the history of decisions, oldest first."""
    query = select(DECISIONS).order_by(DECISIONS.c.number)
    if candidate is not None:
        query = query.where(DECISIONS.c.candidate == candidate)
    return to_frame(store, query)


def pending(store: Store) -> pd.DataFrame:
    """List what waits for a decision, in the order in which it is reviewed.

    Parameters
    ----------
    store : Store
        The store.

    Returns
    -------
    pandas.DataFrame
        Rows as of `documents.candidates`: first those never skipped; of them first what
        was understood, then what has the fewest doubts, then by document and text.
    """
    refuse_other("store", store, "Store", "open_evidence")
    query = queue("pending")
    columns = query.selected_columns
    order = (
        case((columns["is_skipped"], 1), else_=0),
        case((CANDIDATES.c.is_understood, 0), else_=1),
        columns["doubts"],
        DOCUMENTS.c.number,
        CANDIDATES.c.ordinal,
    )
    return to_frame(store, query.order_by(*order))


def accepted(store: Store) -> pd.DataFrame:
    """List what holds: accepted candidates with their corrections."""
    last = last_decision()
    query = (
        select(
            *CANDIDATES.c,
            DOCUMENTS.c.source,
            last.c.action.label("decision"),
            last.c.changed,
            last.c.credibility,
            last.c.reviewer,
            last.c.decided,
            last.c.note,
        )
        .join(DOCUMENTS, DOCUMENTS.c.sha256 == CANDIDATES.c.document)
        .join(last, last.c.candidate == CANDIDATES.c.candidate)
        .where(last.c.action != "reject", CANDIDATES.c.repeats.is_(None))
        .order_by(DOCUMENTS.c.number, CANDIDATES.c.ordinal)
    )
    frame = to_frame(store, query)
    notes: list[str | None] = []
    for at, text in enumerate(frame.pop("changed")):
        changed = from_json(text)
        is_noted = "claim_note" in changed
        note = changed.pop("claim_note", None)
        for name, value in changed.items():
            frame.loc[at, name] = pd.Timestamp(value) if name in _DAYS else value
        notes.append(note if is_noted else draft_note(dict(frame.loc[at])))
    frame["claim_note"] = pd.Series(notes, dtype="object")
    return frame


def draft_note(row: Mapping[Any, Any]) -> str | None:
    """Write the remark of a claim from how it was read.

    Examples
    --------
    >>> draft_note({"hedge": "more than", "speaker": "a mayor", "base": None,
    ...             "precision": "day"})
    'more than; said by a mayor'
    """
    parts = [row["hedge"]]
    if row["speaker"]:
        parts.append(f"said by {row['speaker']}")
    if row["base"]:
        parts.append(f"against {row['base']}")
    if row["precision"] == "inferred":
        parts.append("period inferred")
    return "; ".join(part for part in parts if part) or None


def corrected(candidate: Candidate, changed: Mapping[str, Any]) -> Candidate:
    """Give a candidate with the fields that a reviewer changed."""
    known = {name: value for name, value in changed.items() if name in FIELDS}
    return replace(candidate, **known)


def find_faults(candidate: Candidate) -> dict[str, str]:
    """Find what a candidate lacks to become a claim, field by field."""
    faults = {
        name: "is missing" for name in _NEEDED if _is_empty(getattr(candidate, name))
    }
    numbers = [getattr(candidate, name) for name in _NUMBERS]
    if numbers == [None, None, None]:
        faults["value"] = "is missing, and so are low and high"
    if faults:
        return faults
    values = {name: getattr(candidate, name) for name in (*_NUMBERS, *_NEEDED)}
    named = {"claim": candidate.candidate, "note": None, "source": "any"}
    try:
        Claim.model_validate({**values, **named})
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_context=False):
            name = str(detail["loc"][0])
            faults[name] = f"cannot be {shown(values.get(name))}"
    faults.update(_range_faults(candidate))
    return faults


def read_changes(candidate: str, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Read the values of a correction."""
    values: dict[str, Any] = {}
    faults: list[str] = []
    for name, value in changed.items():
        if name not in CORRECTABLE:
            near = nearest(name, CORRECTABLE)
            hint = "" if near is None else f" (did you mean {near}?)"
            faults.append(f"{shown(name)} is no field that can be corrected{hint}")
            continue
        try:
            values[name] = _typed(name, value)
        except (ValueError, TypeError):
            expected = _expected(name)
            faults.append(f"{name} is {shown(value)}; expected {expected}")
    if faults:
        message = f"candidate {shown(candidate)}: " + "; ".join(faults)
        raise StoreError(message)
    return values


def to_json(changed: Mapping[str, Any]) -> str:
    """Write changed fields as JSON."""
    plain = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in changed.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> dict[str, Any]:
    """Read changed fields from JSON."""
    return {
        name: date.fromisoformat(value) if name in _DAYS and value else value
        for name, value in json.loads(text).items()
    }


def _candidate(connection: Connection, candidate: str) -> Candidate:
    """Find the candidate that is decided on."""
    named = CANDIDATES.c.candidate == candidate
    row = connection.execute(select(CANDIDATES).where(named)).first()
    if row is None:
        message = f"the store has no candidate {shown(candidate)}"
        raise StoreError(message)
    if row.repeats is not None:
        message = (
            f"candidate {shown(candidate)} repeats {row.repeats} of another document; "
            "decide on that one"
        )
        raise StoreError(message)
    return to_candidate(row)


def _is_empty(value: object) -> bool:
    """Tell whether a field holds nothing that can be seen."""
    if isinstance(value, str):
        return not any(c.isprintable() and not c.isspace() for c in value)
    return value is None


def _check(candidate: Candidate, changed: Mapping[str, Any]) -> None:
    """Refuse what cannot become a claim."""
    faults = find_faults(corrected(candidate, changed))
    if faults:
        told = "; ".join(f"{name} {fault}" for name, fault in faults.items())
        message = (
            f"candidate {shown(candidate.candidate)} cannot become a claim: {told}; "
            "correct it"
        )
        raise StoreError(message)


def _range_faults(candidate: Candidate) -> dict[str, str]:
    """Find numbers and days in the wrong order."""
    faults: dict[str, str] = {}
    low, high = candidate.low, candidate.high
    if low is not None and high is not None and low > high:
        faults["low"] = f"is {low:g}, more than high, {high:g}"
    if candidate.start and candidate.end and candidate.start > candidate.end:
        faults["start"] = f"is {candidate.start}, after end, {candidate.end}"
    for name in _NUMBERS:
        number = getattr(candidate, name)
        if number is not None and not abs(number) <= MAX_NUMBER:
            faults[name] = f"is {number:g}; expected at most {MAX_NUMBER:g}"
    return faults


def _typed(name: str, value: Any) -> Any:  # noqa: ANN401 - value of any field
    """Read the value of one field."""
    if value is None or value == "":
        return None
    if name in _NUMBERS:
        number = float(value)
        if not abs(number) <= MAX_NUMBER:
            raise ValueError(value)
        return number
    if name in _DAYS:
        return value if isinstance(value, date) else date.fromisoformat(value)
    text = replace_unstorable(str(value).strip())
    if not text or len(text) > _MOST_TEXT:
        raise ValueError(value)
    return text


def _expected(name: str) -> str:
    """Say what a field holds."""
    if name in _NUMBERS:
        return "a number such as 12.5"
    if name in _DAYS:
        return "a day such as 2025-09-03"
    return f"text of at most {_MOST_TEXT:,} characters"
