"""Documents made to break the reading of articles: an article or a told fault."""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supplyline.errors import EvidenceError
from supplyline.evidence.articles.decoding import clean
from supplyline.evidence.articles.page import read_article
from supplyline.evidence.articles.pdf_pages import MAX_MEMORY
from work import steps_of

if TYPE_CHECKING:
    from supplyline.evidence.articles.article import Article

LATEST = date(2025, 12, 31)
EXAMPLES = int(os.environ.get("SUPPLYLINE_FUZZ", "300"))
SENTENCE = "The convoy of 38 tankers was attacked near Korva, the union said."
ACCENTED = "Le convoi a été attaqué près de Korva, où 38 camions ont brûlé."
PIECES = (
    "<html>",
    "<head>",
    "<title>",
    "</title>",
    "<body>",
    "<article>",
    "</article>",
    "<p>",
    "</p>",
    "<div class='related'>",
    "</div>",
    "<table><tr><td>",
    "<time datetime='",
    "2025-11-13",
    "13/11/2025",
    "Published: ",
    "Publié le 3 novembre 2025",
    "'>",
    "&lol;",
    "<script type='application/ld+json'>",
    '{"datePublished": "',
    "</script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?xml version='1.0' encoding='utf-16'?>",
    "<meta charset='x'>",
    "<meta name='date' content='",
    "<h1>",
    "</h1>",
    "<a href='javascript:",
    "<svg>",
    "\x00",
    "\x1b[31m",
    "\ud800",
    "\u202e",
    "\ufeff",
    "\r",
    "\r\n",
    "\n\n",
    "Read more",
    "Photo: AFP",
    "À lire aussi : ",
    "Newsletter",
    "Comments (3)",
    "About the author",
    "- ",
    "| a | b |",
    "# ",
    "```",
    "---\n",
    "[x](y)",
    "![",
    "**",
    "99999999999999999999",
    "31 February 2025",
    SENTENCE,
    ACCENTED,
    "word " * 30,
    "…",
    "©",
    "%PDF-1.4",
    "2025",
    "0000-00-00",
)
NAMES = (
    "page.html",
    "page.txt",
    "page.md",
    "page.pdf",
    "../../etc/passwd",
    "",
    "\x1b[2J\n",
)


def read(content: bytes, name: str) -> Article | None:
    """Read a document, and look that the answer is whole."""
    try:
        article = read_article(content, name, latest=LATEST)
    except EvidenceError as fault:
        error = fault
    else:
        error = None
    if error is not None:
        assert error.problems
        assert all(line.isprintable() for line in str(error).split("\n"))
        return None
    assert article.text == clean(article.text)
    assert any(c.isalnum() for c in article.text)
    article.text.encode()
    assert article.name.isprintable()
    for field in (article.title, article.publisher, article.address):
        assert field is None or field.isprintable()
    assert article.published is None or article.published <= LATEST
    assert (article.published is None) == (article.published_precision is None)
    return article


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=2_000), st.sampled_from([n for n in NAMES if "pdf" not in n]))
def test_any_bytes(content, name):
    if b"%PDF-" not in content:  # a process each: those are tried below
        read(content, name)


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    st.lists(st.sampled_from([p for p in PIECES if "PDF" not in p]), max_size=60),
    st.sampled_from(("utf-8", "utf-16", "cp1252", "utf-16-le")),
    st.sampled_from(NAMES),
    st.booleans(),
)
def test_pages_of_broken_pieces(pieces, encoding, name, is_page):
    text = ("<html><body>" if is_page else "") + " ".join(pieces)
    handler = "surrogatepass" if encoding.startswith("utf") else "replace"
    content = text.encode(encoding, handler)
    assert read(content, name) == read(content, name)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=300))
def test_cleaning_is_done_once(text):
    once = clean(text)
    assert clean(once) == once
    assert not any("\ud800" <= c <= "\udfff" for c in once)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\x00" * 100, "empty"),
        (b"PK\x03\x04" + b"x" * 100, "zip"),
        (b"\x1f\x8b" + b"x" * 100, "gzip"),
        (b"\x89PNG\r\n", "picture"),
        (bytes(range(256)) * 100, "binary"),
        (b"a" * (50 * 1024 * 1024 + 1), "bytes long"),
        (b"word " * 1_100_000, "characters"),
        (b"a\n" * 200_000, "lines"),
        (b"<html><body>" + b"<a>" * 600_000, "tags"),
        (b"<html><body><p></p></body></html>", "without text"),
        (b"... --- ...", "without text"),
        (b"%PDF-1.7\n" + b"x" * 5_000, "broken PDF"),
        (b"%PDF-1.4\ntrailer << /Root 1 0 R >>", "broken PDF"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_fault_is_told(content, told):
    with pytest.raises(EvidenceError, match=told):
        read_article(content, "document")


def check_work(write, name):
    """Twice as long a page takes twice the work at most."""

    def read(content):
        with suppress(EvidenceError):
            read_article(content, name)

    first, short, long = (write(n).encode() for n in (100, 50_000, 100_000))
    read(first)  # what is loaded or kept at first use
    assert steps_of(read, long) < 2.1 * steps_of(read, short) + 1_000


PAGES = {
    "div": lambda n: "<html><body>" + "<div>" * n + SENTENCE,
    "bold": lambda n: "<html><body>" + "<b><i>" * (n // 2) + SENTENCE,
    "attributes": lambda n: (
        "<html><body><p " + " ".join(f"a{k}=1" for k in range(n)) + f">{SENTENCE}"
    ),
    "entities": lambda n: (
        '<!DOCTYPE x [<!ENTITY a0 "aaaa">'
        + "".join(
            f'<!ENTITY a{k} "{f"&a{k - 1};" * 10}">' for k in range(1, n // 5_000)
        )
        + f"]><html><body><p>&a{n // 5_000 - 1}; {SENTENCE}</p></body></html>"
    ),
    "open": lambda n: "<html>" + "<" * 4 * n + SENTENCE,
    "json": lambda n: "<html><head><script type='application/ld+json'>" + "[" * 4 * n,
    "sentences": lambda n: f"{SENTENCE} " * (n // 20),
    "dates": lambda n: "3 November 2025 " * (n // 5),
    "brackets": lambda n: "(" * 4 * n + SENTENCE,
    "buttons": lambda n: "read more show less " * (n // 5),
}


@pytest.mark.parametrize("write", PAGES.values(), ids=PAGES)
def test_twice_the_page_is_twice_the_work(write):
    check_work(write, "page.html")


@pytest.mark.parametrize("mark", ["[", "*_", "<!--", "---\n", "![a](", "`", "a|", "> "])
def test_twice_the_marks_of_markdown_are_twice_the_work(mark):
    check_work(lambda n: mark * n + SENTENCE, "page.md")


def stream_pdf(content: bytes, *, is_locked: bool = False) -> bytes:
    """Write a PDF of one page whose stream is packed."""
    packed = zlib.compress(content, 9)
    lock = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'ab' * 32}> "
        f"/U <{'cd' * 32}> >> /ID [<00> <00>]"
        if is_locked
        else ""
    )
    return b"".join(
        (
            b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
            b"2 0 obj\n<< /Type /Pages /Count 1 /Kids [3 0 R] >>\nendobj\n",
            b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] ",
            b"/Contents 4 0 R /Resources << >> >>\nendobj\n",
            b"4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed),
            packed,
            b"\nendstream\nendobj\n",
            f"trailer << /Size 5 /Root 1 0 R {lock} >>\n%%EOF".encode(),
        )
    )


def test_locked_pdf_is_told():
    with pytest.raises(EvidenceError, match="locked by a password"):
        read_article(stream_pdf(b"BT ET", is_locked=True), "note.pdf")


def test_packed_pdf_does_not_take_the_memory_of_its_content():
    resource = pytest.importorskip("resource")
    bomb = stream_pdf(b"q Q " * 10_000_000)
    assert len(bomb) < 300_000
    with pytest.raises(EvidenceError, match="PDF"):
        read_article(bomb, "note.pdf")
    most_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert most_kb * 1024 <= MAX_MEMORY


def test_entities_are_not_expanded():
    content = (
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><html><body>'
        f"<p>{SENTENCE} &a;</p></body></html>"
    )
    assert "root:" not in read_article(content.encode(), "page.html").text


@pytest.mark.parametrize(
    ("encoding", "warned"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16-le", None),
        ("utf-16-be", None),
        ("utf-32", None),
        ("cp1252", "guessed: cp1252"),
        ("latin-1", "guessed: cp1252"),
    ],
)
def test_encoding_of_plain_text(encoding, warned):
    text = f"{ACCENTED}\n\n{ACCENTED.replace('38', '40')}"
    article = read_article(text.encode(encoding), "note.txt", latest=LATEST)
    assert article.text == text
    assert article.language == "fr"
    told = [warning for warning in article.warnings if "encoding" in warning]
    assert (told == []) if warned is None else (warned in told[0])


def test_declared_charset_is_used_unless_it_is_wrong():
    head = "<html><head><meta charset='iso-8859-1'></head><body>"
    page = f"{head}<p>{ACCENTED}</p></body></html>"
    article = read_article(page.encode("latin-1"), "page.html")
    assert article.text == ACCENTED
    assert not any("guess" in warning for warning in article.warnings)
    wrong = page.replace("iso-8859-1", "utf-8").encode("latin-1")
    article = read_article(wrong, "page.html")
    assert article.text == ACCENTED
    assert "encoding guessed: cp1252" in article.warnings


def test_line_ends_and_forms_of_accents_are_one():
    text = (
        f"{ACCENTED}\r\n\r\n{ACCENTED}\rFin\u0301 du te\u0301moignage.\u2028Suite ici."
    )
    article = read_article(text.encode(), "note.txt")
    assert "\r" not in article.text
    assert "témoignage" in article.text


def test_name_is_kept_as_words_only():
    article = read_article(SENTENCE.encode(), "../../<b>x</b>\x1b[31m\n.txt")
    assert article.name.isprintable()
    assert "<" not in article.name
