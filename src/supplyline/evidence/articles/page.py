"""A page or file to its article: own text, title, publisher, day and language."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from supplyline.evidence.articles import datelines
from supplyline.evidence.articles.article import Article, DatePrecision, Media
from supplyline.evidence.articles.decoding import (
    EXPECTED,
    clean,
    decode,
    find_media,
    is_html,
    refused,
)
from supplyline.evidence.articles.language import find_language
from supplyline.evidence.articles.markdown import strip_marks
from supplyline.evidence.articles.own_text import Own, find_own
from supplyline.evidence.articles.paragraphs import name_roles, split_lines
from supplyline.evidence.articles.pdf_pages import read_pdf
from supplyline.evidence.articles.web_pages import plain, read_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

MAX_CHARACTERS: Final = 5_000_000
"""Longest own text that is taken in [characters]."""
MAX_LINES: Final = 100_000
"""Most lines of a text that are taken in."""
MAX_TAGS: Final = 500_000
"""Most tags of a page that is taken in."""

_WEB: Final = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatedMetadata:
    """What is known of a document from elsewhere; it wins over the page."""

    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    published_precision: DatePrecision | None = None
    language: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class _Draft:
    """What one form of document gives, before what was stated is laid over it."""

    media: Media
    own: Own
    publisher: str | None = None
    published: date | None = None
    precision: DatePrecision | None = None
    language: str | None = None
    address: str | None = None
    warnings: tuple[str, ...] = ()


def read_article(
    content: bytes,
    name: str,
    stated: StatedMetadata | None = None,
    latest: date | None = None,
) -> Article:
    """Read a document: its article's own text, and what it says of itself."""
    stated = stated or StatedMetadata()
    last = latest or datelines.today()
    name = plain(name, 500) or "document"
    draft = _draft(content, name, stated, last)
    text = clean("\n\n".join(draft.own.paragraphs))
    if not any(c.isalnum() for c in text):
        raise refused(name, "a document without text", EXPECTED)
    return _article(content, name, stated, last, draft, text)


def _draft(content: bytes, name: str, stated: StatedMetadata, latest: date) -> _Draft:
    """Read a document by its form."""
    media = find_media(content, name)
    if media == "pdf":
        return _of_pdf(content, name, stated)
    text, warnings = decode(content, name)
    if is_html(text, name):
        if text.count("<") > MAX_TAGS:
            fault = f"a page of over {MAX_TAGS:,} tags"
            raise refused(name, fault, "a page that was written to be read")
        draft = _of_html(text, name, stated, latest)
    else:
        _check_size(len(text), text.count("\n"), name)
        if media == "markdown":
            draft = _of_markdown(text, stated, latest)
        else:
            draft = _Draft("text", find_own(split_lines(text), stated.title))
    return replace(draft, warnings=(*warnings, *draft.warnings))


def _check_size(characters: int, lines: int, name: str) -> None:
    """Refuse a text that is no article, before much time is spent on it."""
    if characters > MAX_CHARACTERS:
        fault = f"a text of {characters:,} characters"
        raise refused(name, fault, f"at most {MAX_CHARACTERS:,}")
    if lines > MAX_LINES:
        fault = f"a text of {lines:,} lines"
        raise refused(name, fault, f"at most {MAX_LINES:,}")


def _of_pdf(content: bytes, name: str, stated: StatedMetadata) -> _Draft:
    """Read a PDF; the date of its file is no date of publication."""
    blocks, fields, warnings = read_pdf(content, name)
    _check_size(sum(len(block[0]) for block in blocks), len(blocks), name)
    own = find_own(name_roles(blocks), stated.title)
    title = own.title or plain(fields.get("Title"))
    return _Draft("pdf", replace(own, title=title), warnings=tuple(warnings))


def _of_html(text: str, name: str, stated: StatedMetadata, latest: date) -> _Draft:
    """Read a saved page."""
    address = stated.address or (name if _WEB.fullmatch(name) else None)
    page = read_page(text, address, latest)
    if not page.blocks:
        raise refused(name, "a page without text", EXPECTED)
    size = sum(len(line) for block in page.blocks for line in block)
    _check_size(size, len(page.blocks), name)
    own = find_own(name_roles(page.blocks), stated.title or page.title)
    return _Draft(
        "html",
        own,
        page.publisher,
        page.published,
        page.precision,
        page.language,
        page.address,
        page.warnings,
    )


def _of_markdown(text: str, stated: StatedMetadata, latest: date) -> _Draft:
    """Read Markdown; its front matter and first heading tell of it."""
    stripped, fields, heading = strip_marks(text)
    own = find_own(
        split_lines(stripped), stated.title or plain(fields.get("title")) or heading
    )
    day, precision = _of_field(fields.get("date", ""), latest)
    publisher = plain(fields.get("publisher") or fields.get("site"))
    language = fields.get("language") or fields.get("lang")
    return _Draft("markdown", own, publisher, day, precision, language)


def _of_field(
    text: str, latest: date
) -> tuple[date, DatePrecision] | tuple[None, None]:
    """Read the date of a field."""
    dates = list(datelines.find_dates(text))
    for last in (latest, datelines.today()):
        for one in dates:
            if one.day <= last:
                return one.day, one.precision
    return None, None


def _article(
    content: bytes,
    name: str,
    stated: StatedMetadata,
    latest: date,
    draft: _Draft,
    text: str,
) -> Article:
    """Lay what was stated over what was read."""
    warnings = [*draft.warnings, *draft.own.warnings]
    language = stated.language or find_language(text, draft.language)
    if language is None:
        warnings.append("the language could not be told")
    published, precision = _published(stated, draft, text, latest, language)
    if published is None:
        warnings.append("no day of publication was found")
    elif precision == "text":
        warnings.append("day of publication inferred from the dates of the text")
    elif datelines.first_day(published, precision) > latest:
        warnings.append(
            f"published {published}, after the cut-off, {latest}: claims of what "
            "begins after it are held back until the cut-off is moved "
            "(supplyline evidence export CASE --cutoff DAY)"
        )
    is_web = _WEB.fullmatch(name) is not None
    return Article(
        sha256(content).hexdigest(),
        # folders are the machine's, not the document's
        name if is_web else re.split(r"[/\\]", name)[-1] or name,
        draft.media,
        stated.title or plain(draft.own.title),
        stated.publisher or draft.publisher,
        published,
        precision,
        language,
        stated.address or draft.address or (name if is_web else None),
        text,
        tuple(warnings),
    )


def _published(
    stated: StatedMetadata, draft: _Draft, text: str, latest: date, language: str | None
) -> tuple[date, DatePrecision] | tuple[None, None]:
    """Find the day of publication: stated, in the head, in a dateline, in the text."""
    if stated.published is not None:
        return stated.published, stated.published_precision or "day"
    if draft.published is not None and draft.precision is not None:
        return draft.published, draft.precision
    lines: Sequence[str] = (*draft.own.around, *draft.own.paragraphs[:1])
    # 03/11/2025 is read only where the language leaves no doubt
    day_first = True if language not in {None, "en"} else None
    for last in (latest, datelines.today()):
        line_day = datelines.find_dateline(lines, last, day_first=day_first)
        if line_day is not None:
            return line_day
    inferred = datelines.latest_date(f"{draft.own.title or ''}\n{text}", latest)
    return (None, None) if inferred is None else (inferred, "text")
