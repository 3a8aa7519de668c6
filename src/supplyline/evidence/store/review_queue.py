"""How each candidate stands: pending, accepted, rejected or repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, func, select

from supplyline.errors import StoreError, shown
from supplyline.evidence.store.schema import CANDIDATES, DECISIONS, DOCUMENTS, DOUBTS

if TYPE_CHECKING:
    from sqlalchemy import Select, Subquery

STATES: Final = ("pending", "accepted", "rejected", "repeated")
"""States of a candidate."""


def last_decision() -> Subquery:
    """Write the question for the decision that holds: the last that is no skip."""
    last = (
        select(func.max(DECISIONS.c.number))
        .where(DECISIONS.c.action != "skip")
        .group_by(DECISIONS.c.candidate)
    )
    return select(DECISIONS).where(DECISIONS.c.number.in_(last)).subquery("last")


def queue(status: str | None = None) -> Select[Any]:
    """Write the question for candidates with their state."""
    if status is not None and status not in STATES:
        message = f"no candidate is {shown(status)}; expected {', '.join(STATES)}"
        raise StoreError(message)
    last = last_decision()
    skips = select(DECISIONS.c.candidate).where(DECISIONS.c.action == "skip")
    doubted = (
        select(func.count())
        .where(DOUBTS.c.candidate == CANDIDATES.c.candidate)
        .scalar_subquery()
    )
    state = case(
        (CANDIDATES.c.repeats.is_not(None), "repeated"),
        (last.c.action.in_(("accept", "correct")), "accepted"),
        (last.c.action == "reject", "rejected"),
        else_="pending",
    )
    query = (
        select(
            *CANDIDATES.c,
            DOCUMENTS.c.source,
            state.label("status"),
            CANDIDATES.c.candidate.in_(skips).label("is_skipped"),
            doubted.label("doubts"),
        )
        .join(DOCUMENTS, DOCUMENTS.c.sha256 == CANDIDATES.c.document)
        .outerjoin(last, last.c.candidate == CANDIDATES.c.candidate)
    )
    return query if status is None else query.where(state == status)
