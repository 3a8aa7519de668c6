"""The source a document belongs to: a row of the case, or a draft of a new one."""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from supplyline.errors import EvidenceError, Problem
from supplyline.evidence.doubts.grades import draft_reliability
from supplyline.evidence.store.documents import SourceDraft

if TYPE_CHECKING:
    from supplyline.case.case import Case
    from supplyline.evidence.articles.article import Article, DatePrecision

_SAME_TITLE: Final = 95.0
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Published:
    """When a source was published."""

    day: date
    precision: DatePrecision


def read_published(text: str) -> Published | None:
    """Read a year, month or day of publication.

    Examples
    --------
    >>> read_published("2025-10").day
    datetime.date(2025, 10, 31)
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if year is None or month is None:
            return Published(date(int(match.group(1)), 12, 31), "year")
        if day is None:
            last = calendar.monthrange(year, month)[1]
            return Published(date(year, month, last), "month")
        return Published(date(year, month, day), "day")
    except (ValueError, calendar.IllegalMonthError):
        return None


def row_of_source(case: Case, name: str) -> SourceDraft:
    """Give a row of sources.csv by its name."""
    for row in case.tables["sources"].to_dict("records"):
        if row["source"] == name:
            return SourceDraft(**{str(field): value for field, value in row.items()})
    known = list(case.tables["sources"]["source"])
    expected = "a row of sources.csv"
    fault = Problem.unknown("sources.csv", None, "source", name, known, expected)
    raise EvidenceError(case.name, [fault])


def find_source(case: Case, article: Article) -> SourceDraft | None:
    """Find the row of sources.csv that a document is: same address, or same title."""
    rows = case.tables["sources"].to_dict("records")
    mine = _plain_address(article.address)
    if mine is not None:
        for row in rows:
            if _plain_address(row["address"]) == mine:
                return row_of_source(case, str(row["source"]))
    if article.title is None:
        return None
    title = article.title.casefold()
    for row in rows:
        if fuzz.ratio(title, str(row["title"]).casefold()) >= _SAME_TITLE:
            return row_of_source(case, str(row["source"]))
    return None


def draft_source(case: Case, article: Article) -> SourceDraft:
    """Draft a new row of sources.csv for a document."""
    host = urlsplit(article.address or "").hostname
    publisher = article.publisher or host or "not known"
    name = _identifier(article.publisher or host or Path(article.name).stem)
    day = published_text(article.published, article.published_precision)
    stem = f"{name}-{day}" if day else name
    known = set(case.tables["sources"]["source"])
    # the same document always gets the same name, whatever came before it
    source = stem if stem not in known else f"{stem}-{article.sha256[:6]}"
    grade = draft_reliability(publisher, case.tables["sources"])
    reason = "no grade yet" if grade == "F" else "grade of the publisher's other pages"
    return SourceDraft(
        source=f"{source}-{article.sha256[:6]}" if source == name else source,
        title=(article.title or article.name)[:2000],
        publisher=publisher[:2000],
        date=day or "not known",
        address=article.address,
        reliability=grade,
        note=reason,
    )


def _plain_address(address: object) -> str | None:
    """Give an address without scheme, query and final slash."""
    if not isinstance(address, str):
        return None
    parts = urlsplit(address)
    if parts.hostname is None:
        return None
    return parts.hostname.removeprefix("www.") + parts.path.rstrip("/")


def published_text(published: date | None, precision: str | None) -> str | None:
    """Write when a document was published, as exactly as it is known."""
    if published is None:
        return None
    lengths = {"day": 10, "month": 7, "year": 4, "text": 7}
    return published.isoformat()[: lengths[precision or "text"]]


def _identifier(text: str) -> str:
    """Make an identifier of a name."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")[:40] or "document"
