"""Text of a PDF, read in a process of its own with bounded time and memory."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

import pypdfium2  # type: ignore[import-untyped]

from supplyline.evidence.articles.decoding import clean, refused
from supplyline.evidence.articles.paragraphs import ends_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_PAGES: Final = 500
"""Pages that are read of one document."""
MAX_SECONDS: Final = 20
"""Time after which reading ends [s]."""
MAX_MEMORY: Final = 1536 * 1024 * 1024
"""Memory that reading may take [bytes]."""
MAX_PAGE_CHARACTERS: Final = 200_000
"""Characters of one page; a page that holds more is cut."""
MAX_CHARACTERS: Final = 5_000_000
"""Characters after which no further page is read."""

_PAGE_NUMBER: Final = re.compile(
    r"\W*(?:page|p\.)?\s?\d{1,4}(?:\s?(?:/|of|sur|de)\s?\d{1,4})?\W*", re.IGNORECASE
)
_EDGE_LINES: Final = 2
_ITEM: Final = re.compile(r"(?:[-*•\u2013▪◦‣·]|\d{1,2}[.)])\s")
# marks that the library writes for a hyphen at the end of a line
_SOFT_HYPHEN: Final = re.compile("[\x02\ufffe\xad]\r?\n?")


def read_pdf(
    content: bytes, name: str
) -> tuple[list[list[str]], dict[str, str], list[str]]:
    """Read the paragraphs of a PDF."""
    command = [sys.executable, "-m", "supplyline.evidence.articles.pdf_pages"]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command,
            input=content,
            capture_output=True,
            timeout=2 * MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise refused(
            name, f"a PDF that takes over {2 * MAX_SECONDS} s to read"
        ) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise refused(
            name, "a PDF that cannot be read in the memory and time allowed"
        ) from None
    if "fault" in answer:
        raise refused(
            name, answer["fault"], "a whole PDF that opens without a password"
        )
    blocks = [[text] for text in join_pages([clean(page) for page in answer["pages"]])]
    if not blocks:
        raise refused(
            name, "a PDF without text, such as a scan", "a PDF that holds text"
        )
    return blocks, answer["fields"], answer["warnings"]


def read_pages(content: bytes) -> dict[str, object]:
    """Read the text of each page."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        is_locked = "assword" in str(error)
        return {"fault": "a PDF locked by a password" if is_locked else "a broken PDF"}
    try:
        pages, warnings = _texts(document)
        fields = document.get_metadata_dict(skip_empty=True)
    except pypdfium2.PdfiumError:
        return {"fault": "a broken PDF"}
    finally:
        document.close()
    return {"pages": pages, "fields": fields, "warnings": warnings}


def join_pages(pages: Sequence[str]) -> list[str]:
    """Join the lines of pages to paragraphs, without running heads and page numbers."""
    split = [[line.strip() for line in page.split("\n")] for page in pages]
    lines = _without_running_heads([[x for x in page if x] for page in split])
    if not lines:
        return []
    lengths = sorted(len(line) for line in lines)
    full = 0.8 * lengths[int(0.9 * (len(lengths) - 1))]
    parts = [[lines[0]]]
    for before, line in itertools.pairwise(lines):
        if _starts_paragraph(before, line, full):
            parts.append([line])
        else:
            parts[-1].append(line)
    return [_joined(part) for part in parts]


def _texts(document: pypdfium2.PdfDocument) -> tuple[list[str], list[str]]:
    """Read page by page, as many as time and number allow."""
    end = time.monotonic() + MAX_SECONDS
    pages: list[str] = []
    warnings = []
    for index in range(min(len(document), MAX_PAGES)):
        if time.monotonic() > end or sum(map(len, pages)) > MAX_CHARACTERS:
            break
        try:
            text = document[index].get_textpage().get_text_range()
        except pypdfium2.PdfiumError:
            warnings.append(f"page {index + 1} could not be read")
            text = ""
        pages.append(_SOFT_HYPHEN.sub("", text[:MAX_PAGE_CHARACTERS]))
    if len(pages) < len(document):
        warnings.append(
            f"only the first {len(pages)} of {len(document)} pages were read"
        )
    return pages, warnings


def _without_running_heads(pages: list[list[str]]) -> list[str]:
    """Drop page numbers, and lines that the edges of most pages share."""
    edges = Counter(
        key for page in pages for key in {_edge_key(line) for line in _edge(page)}
    )
    needed = max(2, (len(pages) + 1) // 2) if len(pages) > 2 else 2
    repeated = {key for key, count in edges.items() if count >= needed}
    kept = []
    for page in pages:
        last = len(page) - _EDGE_LINES
        for number, line in enumerate(page):
            is_edge = number < _EDGE_LINES or number >= last
            is_head = _edge_key(line) in repeated or _PAGE_NUMBER.fullmatch(line)
            if not (is_edge and is_head):
                kept.append(line)
    return kept


def _edge(page: Sequence[str]) -> list[str]:
    """Give the first and last lines of a page."""
    return [*page[:_EDGE_LINES], *page[-_EDGE_LINES:]]


def _edge_key(line: str) -> str:
    """Write a line so that only its page number may differ."""
    return re.sub(r"\d+", "#", line[:200]).casefold()


def _starts_paragraph(before: str, line: str, full: float) -> bool:
    """Tell whether a line begins a paragraph, by the length of the one before."""
    if _ITEM.match(line):
        return True
    if len(before) >= full:
        return False
    return ends_sentence(before) or not line[:1].islower()


def _joined(lines: Sequence[str]) -> str:
    """Join the lines of one paragraph; a word parted by a hyphen becomes whole."""
    text = lines[0]
    for line in lines[1:]:
        is_parted = text.endswith("-") and text[-2:-1].isalpha() and line[:1].islower()
        text = text[:-1] + line if is_parted else f"{text} {line}"
    return text


def _limit() -> None:
    """Bound memory and time of this process where the system can."""
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * MAX_SECONDS, 2 * MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit()
    sys.stdout.write(json.dumps(read_pages(sys.stdin.buffer.read())))
