"""Articles told from the pages around them, on pages made up for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from supplyline.evidence.articles.page import StatedMetadata, read_article
from supplyline.evidence.articles.pdf_pages import join_pages

PAGES = sorted((Path(__file__).parents[1] / "articles").glob("*.page"))
SEEDS = Path(__file__).parents[2].parent / "shared" / "articles"
LATEST = date(2025, 12, 31)

PARAGRAPHS = (
    (
        "The convoy of 38 tankers was attacked near Korva on Wednesday and six lost, "
        "the transport union of Tarsia said in a statement."
    ),
    (
        "Diesel in the capital Mirel costs 2,400 francs a litre on the street, thrice "
        "the price at the pump, say drivers who queue through the night."
    ),
    (
        "The Dust Brigade, which banned imports of fuel in August, burned bridges on "
        "the N4 during the same week, the army of Tarsia said on Thursday."
    ),
)
TEASERS = (
    '<aside class="related"><h3>Related stories</h3><h4>Flood kills 120 in Vellan</h4>'
    '<time datetime="2025-12-20">20 Dec 2025</time><p>Rescue workers searched for 47 '
    "missing people after the worst flooding in 30 years.</p><a>Read more</a></aside>"
)
OWN = "\n\n".join(PARAGRAPHS)


def page(
    head: str = "", top: str = "", title: str = "Convoy attacked near Korva"
) -> str:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title} | Tarsia Post</title>"
        f"{head}</head><body><nav><ul><li><a>Home</a><li><a>World</a></ul></nav><main>"
        f"<article><h1>{title}</h1>{top}<figure><figcaption>Smoke over the road, "
        f"3 May 2024. Photo: AFP</figcaption></figure>{body}</article></main>{TEASERS}"
        "<footer>© 2025 Tarsia Post. All rights reserved.</footer></body></html>"
    )


def read_marked(path: Path) -> tuple[str, list[str], set[str], str, list[str]]:
    """Read a page, its own paragraphs, those that may stay, its title and facts."""
    lines, own, allowed, title, facts = [], [], set(), "", []
    for line in path.read_text("utf-8").split("\n"):
        mark, bar, rest = line.partition("|")
        if not bar or mark not in {"=", "#", "=#", "~", "@"}:
            lines.append(line)
            continue
        if mark == "@":
            facts = rest.split()
            continue
        lines.append(rest)
        if "=" in mark:
            own.append(rest)
        if "#" in mark:
            title = rest
        allowed.add(rest)
    return "\n".join(lines), own, allowed, title, facts


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page_saved_as_text_is_cut_to_its_article(path):
    text, own, allowed, title, (day, precision, language) = read_marked(path)
    article = read_article(text.encode(), f"{path.stem}.txt", latest=LATEST)
    found = article.text.split("\n\n")
    assert [text for text in own if text not in found] == []
    assert [text for text in found if text not in allowed] == []
    assert article.title == title
    told = article.published, article.published_precision
    assert told == (
        (None, None) if day == "-" else (date.fromisoformat(day), precision)
    )
    assert article.language == language
    assert article.media == "text"


@pytest.mark.parametrize(
    ("head", "top", "day", "precision"),
    [
        ('<meta name="date" content="2025-11-13T08:00:00Z">', "", (11, 13), "day"),
        ('<meta name="date" content="2025-11">', "", (11, 30), "month"),
        ('<meta name="dc.date" content="2024">', "", None, "year"),
        (
            (
                '<script type="application/ld+json">{"@type": "NewsArticle", '
                '"datePublished": "2025-11-13"}</script>'
            ),
            "",
            (11, 13),
            "day",
        ),
        (
            "",
            '<time class="published" datetime="2025-11-13">13/11</time>',
            (11, 13),
            "day",
        ),
        ("", "<p>Published: 13 November 2025</p>", (11, 13), "day"),
    ],
)
def test_saved_page(head, top, day, precision):
    article = read_article(page(head, top).encode(), "page.html", latest=LATEST)
    assert article.text == OWN
    assert article.title == "Convoy attacked near Korva"
    assert article.publisher == "Tarsia Post"
    assert article.media == "html"
    assert article.language == "en"
    assert article.published == (
        date(2024, 12, 31) if day is None else date(2025, *day)
    )
    assert article.published_precision == precision


def test_dates_of_teasers_and_captions_do_not_count():
    article = read_article(page().encode(), "page.html", latest=LATEST)
    assert article.published is None
    assert article.published_precision is None
    assert any("no day" in warning for warning in article.warnings)


def test_a_publication_told_of_in_the_article_is_not_its_own():
    text = f"{PARAGRAPHS[0]}\n\nPublished in March 2021, the first count found nine.\n"
    article = read_article(f"{text}\n{PARAGRAPHS[1]}".encode(), "note.txt")
    assert article.published_precision == "text"
    assert "first count" in article.text
    dated = read_article(f"Published 3 May 2025.\n\n{text}".encode(), "note.txt")
    assert (dated.published, dated.published_precision) == (date(2025, 5, 3), "day")


def test_date_after_the_last_day_believed_is_not_believed():
    head = '<meta name="date" content="2031-01-05">'
    article = read_article(page(head).encode(), "page.html", latest=LATEST)
    assert article.published is None


def test_what_was_told_wins():
    told = StatedMetadata(
        "T", "P", date(2025, 1, 2), "month", "fr", "https://example.org/x"
    )
    head = '<meta name="date" content="2025-11-13">'
    article = read_article(page(head).encode(), "page.html", told, LATEST)
    assert (article.title, article.publisher, article.language) == ("T", "P", "fr")
    assert (article.published, article.published_precision) == (
        date(2025, 1, 2),
        "month",
    )
    assert article.address == "https://example.org/x"


def test_title_keeps_no_markup_and_no_control_characters():
    title = "Fuel &lt;script&gt;alert(1)&lt;/script&gt;\x07 and \x1b[31mroads of Tarsia"
    article = read_article(page(title=title).encode(), "page.html", latest=LATEST)
    assert article.title is not None
    assert "<" not in article.title
    assert article.title.isprintable()


def test_form_is_told_by_content_not_by_name():
    assert read_article(page().encode(), "page.txt").media == "html"
    assert read_article(OWN.encode(), "page.html").media == "text"
    assert read_article(OWN.encode(), "page.md").media == "markdown"


def test_markdown_loses_its_marks():
    text = (
        "---\ntitle: 'Convoys of Tarsia'\ndate: 2025-11-13\nlang: en\n---\n"
        f"# Convoys of Tarsia\n\n{PARAGRAPHS[0]}\n\n## The **price**\n\n> "
        f"{PARAGRAPHS[1]}"
        "\n\n- [Fourteen](https://example.org/a_b) attacks in *one* week `N4`.\n\n"
        "![picture](x.png)\n\n| Month | Attacks |\n| --- | --- |\n| May | 12 |\n"
        "| June | 14 |\n"
    )
    article = read_article(text.encode(), "note.md", latest=LATEST)
    assert article.title == "Convoys of Tarsia"
    assert (article.published, article.published_precision) == (
        date(2025, 11, 13),
        "day",
    )
    assert article.text.split("\n\n") == [
        PARAGRAPHS[0],
        "The price",
        PARAGRAPHS[1],
        "- Fourteen attacks in one week N4.",
        "Month ; Attacks",
        "May ; 12",
        "June ; 14",
    ]


def pdf(pages: list[list[str]]) -> bytes:
    """Write a plain PDF by hand."""
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    parts.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for lines in pages:
        stream = "BT /F1 10 Tf 14 TL 50 780 Td " + " ".join(
            "({}) Tj T*".format(line.replace("(", "\\(").replace(")", "\\)"))
            for line in lines
        )
        content = f"{stream} ET".encode("latin-1")
        parts.append(
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
        )
        kids.append(len(parts) + 1)
        parts.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(parts)
        )
    listed = " ".join(f"{kid} 0 R" for kid in kids).encode()
    parts[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), listed)
    body, offsets = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF" % (len(parts) + 1, table, len(parts) + 1, len(body))
    )


def test_pdf_is_joined_without_running_heads():
    pages = [
        [
            "Tarsia Road Review 2025",
            "Convoys of Upper Tarsia",
            "The convoy of 38 tankers was attacked near Korva on Wednesday, and six of",
            "them were lost, the transport union of Tarsia said in a state-",
            "ment that was read to reporters in the capital Mirel, where the price of",
            "diesel has tripled.",
            "Page 1 of 2",
        ],
        [
            "Tarsia Road Review 2025",
            "The Dust Brigade, which banned imports of fuel in August, burned two",
            "bridges during the same week, and the army of Tarsia said on Thursday",
            "that it would send 900 more soldiers.",
            "Page 2 of 2",
        ],
    ]
    article = read_article(pdf(pages), "note.pdf", latest=LATEST)
    assert article.media == "pdf"
    assert article.title == "Convoys of Upper Tarsia"
    assert "in a statement that was read" in article.text
    assert "900 more soldiers." in article.text
    assert "Page" not in article.text
    assert "Review" not in article.text


def test_pages_without_lines_join_to_nothing():
    assert join_pages([]) == []
    assert join_pages(["\n \n"]) == []


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared articles are not beside it")
class TestSeeds:
    def read(self, name):
        (path,) = SEEDS.glob(f"{name}_*.txt")
        return read_article(
            path.read_bytes(), path.name, latest=LATEST
        ), path.read_text("utf-8")

    def test_no_teaser_and_no_furniture_is_left(self):
        article, _ = self.read("000")
        for number in ("71,000", "16", "600", "43", "2023", "11", "2026"):
            assert number not in article.text.replace("2025", "").split()
        for word in (
            "REUTERS",
            "credit",
            "Blackbeard",
            "Gaza",
            "Sokoto",
            "Dear",
            "cta",
        ):
            assert word not in article.text
        assert article.language == "en"
        assert article.title is not None
        assert article.title.startswith("Mali in crisis")

    def test_every_paragraph_of_the_first_stays(self):
        article, page = self.read("000")
        own = page.partition("Since early")[2].partition("Dear ")[0]
        words = article.text.split()
        assert [word for word in own.split() if word not in words] == []
        for number in ("280", "8", "20", "380", "84", "2017", "13-year"):
            assert number in words

    def test_the_second_keeps_all_but_its_last_line(self):
        article, page = self.read("002")
        kept = page.replace("Table of Contents", "")
        assert article.text.split() == kept.split()


@pytest.mark.parametrize("name", ["/home/ann/a page.txt", r"C:\ann\a page.txt"])
def test_folders_of_the_machine_are_no_part_of_a_document(name):
    text = "Ten trucks arrived on the road from the port, the union of drivers said."
    assert read_article(text.encode(), name).name == "a page.txt"
