"""Add documents to the evidence of a case: pages and files to candidate claims."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from supplyline.errors import DownloadError, EvidenceError, Problem, refuse_other, shown
from supplyline.evidence.articles.page import StatedMetadata, read_article
from supplyline.evidence.articles.relays import find_original, sketch
from supplyline.evidence.desk.case_names import context_of
from supplyline.evidence.desk.case_tables import areas_within, known_of
from supplyline.evidence.desk.inputs import find_inputs, is_address, listed
from supplyline.evidence.desk.sources import (
    draft_source,
    find_source,
    read_published,
    row_of_source,
)
from supplyline.evidence.doubts.agreement import (
    compare_with_claims,
    count_witnesses,
)
from supplyline.evidence.doubts.find import Doubt, find_doubts
from supplyline.evidence.doubts.grades import credibility
from supplyline.evidence.downloads.fetch_page import fetch_page
from supplyline.evidence.reading.read import read_candidates
from supplyline.evidence.store.documents import documents, put_document, sketches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from supplyline.case.case import Case
    from supplyline.evidence.articles.article import Article
    from supplyline.evidence.reading.candidate import Candidate
    from supplyline.evidence.reading.context import Context
    from supplyline.evidence.store.connection import Store
    from supplyline.evidence.store.documents import SourceDraft

SUFFIXES: Final = (".html", ".htm", ".txt", ".md", ".markdown", ".pdf")
"""Endings of the files that are taken from a folder."""
MOST_BYTES: Final = 50_000_000
"""Longest document that is read [bytes]."""


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """What one document says."""

    article: Article
    source: SourceDraft
    candidates: tuple[Candidate, ...]
    doubts: tuple[Doubt, ...]
    agreement: pd.DataFrame
    credibility: dict[str, int]


@dataclass(frozen=True, slots=True)
class AddedDocument:
    """One document as it stands in the store."""

    name: str
    reading: DocumentReading
    is_new: bool
    relay_of: str | None


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What documents of one case are read against."""

    case: Case
    vocabulary: Context
    stated: StatedMetadata
    source: str | None

    @classmethod
    def of(
        cls, case: Case, stated: StatedMetadata | None = None, source: str | None = None
    ) -> ReadingContext:
        """Gather the context of a case."""
        return cls(case, context_of(case), stated or StatedMetadata(), source)


def add_documents(
    case: Case,
    inputs: str | Path | Sequence[str | Path],
    store: Store,
    *,
    stated: StatedMetadata | None = None,
    source: str | None = None,
    report: Callable[[AddedDocument], None] | None = None,
) -> tuple[AddedDocument, ...]:
    """Read documents: their numbers become candidate claims in the store.

    Each document is kept in one step; repeating the call changes nothing. One that
    cannot be read does not hold up the others.

    Parameters
    ----------
    case : Case
        The case.
    inputs : str, pathlib.Path or sequence of them
        Files, folders or addresses; an address is fetched.
    store : Store
        Evidence store; see `open_evidence`.
    stated : StatedMetadata, optional
        What is known of the documents besides what they say.
    source : str, optional
        Row of sources.csv that they are.
    report : callable, optional
        Takes each document once it is kept.

    Returns
    -------
    tuple of AddedDocument
        One entry for each document.

    Raises
    ------
    EvidenceError
        If any document cannot be read or fetched; the others are kept, and every
        problem listed.
    """
    refuse_other("case", case, "Case", "load_case")
    refuse_other("store", store, "Store", "open_evidence")
    context = ReadingContext.of(case, stated, source)
    added: list[AddedDocument] = []
    names, faults = find_inputs(listed(inputs), "**/*", SUFFIXES)
    for name in names:
        try:
            entry = add_document(context, name, store)
        except EvidenceError as error:
            faults.extend(error.problems)
            continue
        except DownloadError as error:
            reason = str(error).removeprefix(f"{shown(name)}: ")
            faults.append(Problem(name, None, None, reason))
            continue
        added.append(entry)
        if report is not None:
            report(entry)
    if faults:
        raise EvidenceError(case.name, faults)
    return tuple(added)


def add_document(context: ReadingContext, name: str, store: Store) -> AddedDocument:
    """Read one document and keep it with what it says; again changes nothing."""
    content, address = _content(name)
    stated = (
        context.stated if address is None else replace(context.stated, address=address)
    )
    reading = read_document(context, content, name, stated)
    article = reading.article
    mine = sketch(article.text)
    others = {
        sha: other for sha, other in sketches(store).items() if sha != article.sha256
    }
    original = _first(store, article.sha256, find_original(mine, others))
    is_new = put_document(
        store,
        article,
        content,
        reading.candidates,
        reading.doubts,
        source=reading.source,
        relay_of=original,
        sketch=mine,
    )
    return AddedDocument(name, reading, is_new, original)


def read_document(
    context: ReadingContext, content: bytes, name: str, stated: StatedMetadata
) -> DocumentReading:
    """Read one document without keeping it."""
    case = context.case
    latest = case.config.cutoff
    given = None if context.source is None else row_of_source(case, context.source)
    article = read_article(content, name, _with_source(stated, given), latest)
    source = given or find_source(case, article)
    if given is None and source is not None:
        article = read_article(content, name, _with_source(stated, source), latest)
    source = source or draft_source(case, article)
    candidates = read_candidates(article, context.vocabulary)
    known = known_of(case, source.source)
    doubts = find_doubts(article, candidates, known)
    claims = case.tables["claims"]
    agreement = compare_with_claims(
        candidates, claims, source.source, within=areas_within(case)
    )
    grades = {
        candidate.candidate: _grade(candidate, agreement, doubts)
        for candidate in candidates
    }
    return DocumentReading(article, source, candidates, doubts, agreement, grades)


def _content(name: str) -> tuple[bytes, str | None]:
    """Give the bytes of a document, and its address if it is fetched."""
    if is_address(name):
        return fetch_page(name)
    path = Path(name)
    try:
        size = path.stat().st_size
        if size <= MOST_BYTES:
            return path.read_bytes(), None
        expected = f"at most {MOST_BYTES:,}"
        fault = Problem(name, None, None, f"has {size:,} bytes", expected)
    except OSError as error:
        fault = Problem(name, None, None, f"cannot be read: {error.strerror}")
    raise EvidenceError(name, [fault])


def _with_source(stated: StatedMetadata, source: SourceDraft | None) -> StatedMetadata:
    """Add what sources.csv says of a document to what the user says."""
    if source is None:
        return stated
    published = read_published(source.date)
    stated = replace(
        stated,
        title=stated.title or source.title,
        publisher=stated.publisher or source.publisher,
        address=stated.address or source.address,
    )
    if stated.published is not None or published is None:
        return stated
    return replace(
        stated, published=published.day, published_precision=published.precision
    )


def _first(store: Store, mine: str, original: str | None) -> str | None:
    """Give the document whose text is repeated: never one that itself repeats."""
    if original is None:
        return None
    frame = documents(store)
    relays = dict(zip(frame["sha256"], frame["relay_of"], strict=True))
    # what was kept before stays what it was
    first = relays[mine] if mine in relays else relays.get(original) or original
    return first if isinstance(first, str) and first != mine else None


def _grade(
    candidate: Candidate, agreement: pd.DataFrame, doubts: Sequence[Doubt]
) -> int:
    """Grade one candidate by independent sources and doubts."""
    agreeing, contradicting = count_witnesses(agreement, candidate.candidate)
    against = [doubt for doubt in doubts if doubt.candidate == candidate.candidate]
    return credibility(candidate, agreeing, contradicting, against)
