"""A saved page to its paragraphs, and to what its head says of it."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

import lxml.html  # type: ignore[import-untyped]
import trafilatura
from htmldate import find_date
from lxml import etree
from trafilatura.metadata import extract_metadata

from supplyline.evidence.articles import datelines
from supplyline.evidence.articles.decoding import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.evidence.articles.article import DatePrecision

MAX_ELEMENTS: Final = 40_000
"""Elements up to which a page is judged as a whole; a larger one is read by line."""
MAX_ELEMENT_TEXT: Final = 500_000
"""Characters of text up to which a page is judged as a whole."""

_MAX_FIELD: Final = 300
_MAX_ADDRESS: Final = 2_000
# what trafilatura, htmldate and lxml raise on pages made to break them
_FAULTS: Final = (
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    etree.LxmlError,
)
_UNSEEN: Final = (
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "object",
    "embed",
    "svg",
    "math",
    "canvas",
    "video",
    "audio",
    "select",
    "textarea",
    "button",
)
_ASIDE: Final = frozenset({"nav", "footer", "aside", "form", "figure", "dialog"})
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "br",
        "title",
    ]
)
_OF_OTHERS: Final = re.compile(
    r"(?:^|[\s_-])(?:related|teasers?|recommended|recirc\w*|most-?(?:read|popular)|trending|"
    r"sidebar|newsletter|comments?|promo|latest|more-(?:from|stories)|read-?more|"
    r"a-lire|lire-aussi|plus-lus|articles-lies)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DATE_NAMES: Final = frozenset(
    [
        "article:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
        "publish-date",
        "publication_date",
        "dc.date",
        "dc.date.issued",
        "dcterms.date",
        "dcterms.created",
        "og:published_time",
        "parsely-pub-date",
        "sailthru.date",
        "citation_publication_date",
        "citation_date",
        "article.published",
        "cxenseparse:recs:publishtime",
        "og:article:published_time",
    ]
)
_JSON_DATE: Final = re.compile(r'"datePublished"\s{0,5}:\s{0,5}"([^"]{4,40})"')
_TAG: Final = re.compile(r"<[!/?a-zA-Z][^<>]{0,500}>")
_XML_HEAD: Final = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
# entities defined by the page itself have no place in HTML, only in attacks
# thousands of attributes take minutes to compare; so long a tag is no honest one
_LONG_TAG: Final = re.compile(r"<[a-zA-Z][^<>]{20000,}>?")
_DOCTYPE: Final = re.compile(
    r"<!(?:DOCTYPE|ENTITY)[^<>\[]{0,300}(?:\[|>)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Page:
    """What was read of a page."""

    title: str | None
    publisher: str | None
    address: str | None
    language: str | None
    published: date | None
    precision: DatePrecision | None
    blocks: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...] = ()


def read_page(text: str, address: str | None, latest: date) -> Page:
    """Read the paragraphs of a page, and what its head says of it."""
    tree = _parse(text)
    if tree is None:
        return Page(None, None, None, None, None, None, ())
    page = _head(tree, address, latest)
    etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    elements = sum(1 for _ in zip(range(MAX_ELEMENTS + 1), tree.iter(), strict=False))
    length = sum(map(len, tree.itertext()))
    if elements > MAX_ELEMENTS or length > MAX_ELEMENT_TEXT:
        warning = "a very large page: its lines were read one by one"
        blocks = _lines(tree)
        return replace(page, blocks=blocks, warnings=(*page.warnings, warning))
    if page.published is None:
        day, precision = _date_by_search(tree, address, latest)
        page = replace(page, published=day, precision=precision)
    lines = _lines(tree, skipped=_ASIDE)
    own = _own(tree)
    # what stands out is used only if it is a fair part of what there is to read
    if own is None or 5 * _size(own) < _size(lines) < 20 * _size(own) + 2_000:
        own = lines if own is None or _size(own) < 400 else own
    return replace(page, blocks=own or _lines(tree))


def plain(text: str | None, length: int = _MAX_FIELD) -> str | None:
    """Make one line of a field: no markup, no control characters, no great length."""
    if not text:
        return None
    words = " ".join(_TAG.sub(" ", clean(text[: 10 * length])).split())
    return words[:length].strip() or None


def _web_address(text: str | None) -> str | None:
    """Keep an address of the web; other schemes are none."""
    if not text or len(text) > _MAX_ADDRESS:
        return None
    return text if re.fullmatch(r"https?://[^\s<>\"']+", text, re.IGNORECASE) else None


def _parse(text: str) -> etree._Element | None:
    """Parse a page; broken markup is mended, depth and entities are bounded."""
    source = _LONG_TAG.sub("", _DOCTYPE.sub("", _XML_HEAD.sub("", text)))
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        tree = lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser)
    except _FAULTS:
        return None
    return tree


def _head(tree: etree._Element, address: str | None, latest: date) -> Page:
    """Read title, publisher, address, language and date from the head of a page."""
    metadata = None
    try:
        metadata = extract_metadata(
            _head_copy(tree), default_url=address, date_config=_date_options(latest)
        )
    except _FAULTS:
        metadata = None
    day, precision = _date_in_head(tree, latest)
    language = plain(tree.get("lang"), 12)
    return Page(
        plain(metadata.title) if metadata is not None else None,
        plain(metadata.sitename if metadata is not None else None)
        or _behind_title(tree),
        _web_address(metadata.url if metadata is not None else None),
        language.replace("_", "-").partition("-")[0].lower() if language else None,
        day,
        precision,
        (),
    )


def _behind_title(tree: etree._Element) -> str | None:
    """Read the publisher behind the headline in the title of the window."""
    title, heading = (
        plain(" ".join(element.itertext())) if element is not None else None
        for element in (tree.find("head/title"), tree.find(".//h1"))
    )
    if not title or not heading or not title.startswith(heading):
        return None
    match = re.fullmatch(r"\s[|\-\u2013\u2014:]\s(.{2,60})", title[len(heading) :])
    return None if match is None else match[1]


def _head_copy(tree: etree._Element) -> etree._Element:
    """Copy the head and the first headlines of a page: all that tells of it."""
    copy = lxml.html.Element("html")
    head = tree.find("head")
    if head is not None:
        copy.append(lxml.html.fromstring(lxml.html.tostring(head)[:2_000_000]))
    body = etree.SubElement(copy, "body")
    for script in tree.findall(".//body//script[@type='application/ld+json']")[:5]:
        part = etree.SubElement(body, "script", type="application/ld+json")
        part.text = (script.text or "")[:200_000]
    for heading in tree.findall(".//h1")[:3]:
        etree.SubElement(body, "h1").text = " ".join(
            "".join(heading.itertext()).split()
        )
    return copy


def _date_options(latest: date) -> dict[str, object]:
    """Say how a date is looked for: what was published, never later than believed."""
    return {
        "original_date": True,
        "extensive_search": False,
        "max_date": latest.isoformat(),
    }


def _date_in_head(
    tree: etree._Element, latest: date
) -> tuple[date, DatePrecision] | tuple[None, None]:
    """Find the day of publication in the fields; one after the cut-off comes last."""
    within = _date_in_fields(tree, latest)
    return within if within[0] else _date_in_fields(tree, datelines.today())


def _date_in_fields(
    tree: etree._Element, latest: date
) -> tuple[date, DatePrecision] | tuple[None, None]:
    """Find the first day, not after a day, that a field of a page states."""
    for text in _stated_dates(tree):
        if re.fullmatch(r"(?:19|20)\d\d", text) and int(text) <= latest.year:
            return min(date(int(text), 12, 31), latest), "year"
        for one in datelines.find_dates(text, day_first=None):
            if one.precision == "year" or one.day <= latest:
                day = min(one.day, latest)
                if day.year == one.day.year:
                    return day, one.precision
    return None, None


def _stated_dates(tree: etree._Element) -> Iterator[str]:
    """Give the fields of a page that state its day of publication, surest first."""
    metas = list(tree.iterfind(".//meta"))[:500]
    for meta in metas:
        names = (meta.get("property"), meta.get("name"), meta.get("itemprop"))
        if any(name and name.lower() in _DATE_NAMES for name in names):
            yield _stated(meta.get("content"))
    for script in tree.findall(".//script[@type='application/ld+json']")[:10]:
        match = _JSON_DATE.search((script.text or "")[:200_000])
        if match is not None:
            yield _stated(match[1])
    for element in list(tree.iterfind(".//time"))[:200]:
        words = (
            f"{element.get('itemprop')} {element.get('class')} {element.get('pubdate')}"
        )
        if re.search(r"publish|pubdate|entry-date|posted", words.lower()):
            yield _stated(element.get("datetime") or "".join(element.itertext()))


def _stated(text: str | None) -> str:
    """Write a field so that a bare year or 20251103 is found as a date, too."""
    text = (text or "").strip()[:60]
    match = re.match(r"(\d{4})(\d\d)(\d\d)(?!\d)", text)
    if match is not None:
        return f"{match[1]}-{match[2]}-{match[3]}"
    return text.replace("/", "-") if re.match(r"\d{4}/\d\d", text) else text


def _date_by_search(
    tree: etree._Element, address: str | None, latest: date
) -> tuple[date, DatePrecision] | tuple[None, None]:
    """Search the page itself for its day, but not in the teasers of other stories."""
    copy = _without_others(tree)
    try:
        text = find_date(
            copy,
            original_date=True,
            extensive_search=False,
            max_date=latest.isoformat(),
            url=address,
        )
    except _FAULTS:
        return None, None
    dated = next(datelines.find_dates(text or ""), None)
    if dated is None or dated.day > latest:
        return None, None
    if dated.day.day > 1:
        return dated.day, "day"
    return _first_of_month(dated.day, " ".join(copy.itertext()), latest)


def _first_of_month(day: date, text: str, latest: date) -> tuple[date, DatePrecision]:
    """Tell the first of a month from a month without a day, which is written alike."""
    stated = [
        one
        for one in datelines.find_dates(text[:200_000], day_first=None)
        if (one.day.year, one.day.month) == (day.year, day.month)
    ]
    if not stated or any(one.day == day for one in stated):
        return day, "day"
    return min(stated[0].day, latest), "month"


def _without_others(tree: etree._Element) -> etree._Element:
    """Copy a page without the elements that hold other stories."""
    copy = lxml.html.fromstring(lxml.html.tostring(tree))
    for element in list(copy.iter("aside", "footer", "nav", "div", "section", "ul")):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"[:300]
        is_other = element.tag in {"aside", "footer", "nav"} or _OF_OTHERS.search(marks)
        parent = element.getparent()
        if is_other and parent is not None:
            element.drop_tree()
    return copy


def _own(tree: etree._Element) -> tuple[tuple[str, ...], ...] | None:
    """Let trafilatura tell the article from the page."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        extract = trafilatura.bare_extraction(
            _without_others(tree),
            include_comments=False,
            include_tables=True,
            with_metadata=False,
            date_extraction_params={"extensive_search": False},
        )
    except _FAULTS:
        return None
    text = getattr(extract, "text", None)
    if not text:
        return None
    return tuple((_cells(line),) for line in clean(text).split("\n") if line.strip())


def _cells(line: str) -> str:
    """Write the row of a table as a line of words."""
    if not line.startswith("|"):
        return line.strip()
    return " ; ".join(cell.strip() for cell in line.strip("| ").split("|"))


def _lines(
    tree: etree._Element, skipped: frozenset[str] = frozenset()
) -> tuple[tuple[str, ...], ...]:
    """Read every line of a page in order, as a browser would break them."""
    lines: list[str] = []
    parts: list[str] = []
    hidden = 0

    def end_line() -> None:
        line = " ".join("".join(parts).split())
        if line:
            lines.append(line)
        parts.clear()

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if tag in _BLOCKS:
            end_line()
        is_start = event == "start"
        hidden += (1 if is_start else -1) * (tag in skipped or tag == "head")
        text = element.text if is_start else element.tail
        if text and not hidden:
            parts.append(text)
    end_line()
    return tuple((line,) for line in lines)


def _size(blocks: tuple[tuple[str, ...], ...]) -> int:
    """Count the characters of paragraphs."""
    return sum(len(line) for block in blocks for line in block)
