"""What lies after the cut-off of a case is told, with what takes it in."""

import shutil
from datetime import date

import pytest

from made_event_files import LAYOUTS, write_ged
from supplyline.case.case import load_case, packaged_cases
from supplyline.evidence.articles.page import StatedMetadata, read_article
from supplyline.evidence.desk.add_events import add_events
from supplyline.evidence.desk.export import export_evidence
from supplyline.evidence.store.connection import open_store

CUTOFF = date(2024, 2, 29)
TEXT = "Twelve trucks of fuel came to Alba yesterday, and nine left it for Millford."


@pytest.fixture
def case(tmp_path):
    return load_case(shutil.copytree(packaged_cases()["toy"], tmp_path / "toy"))


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "e.sqlite") as kept:
        yield kept


def page(head="", top=""):
    return f"<html><head>{head}</head><body>{top}<p>{TEXT}</p></body></html>".encode()


ARTICLES = {
    "meta": (
        "p.html",
        page('<meta property="article:published_time" content="2024-03-05">'),
    ),
    "json": (
        "p.html",
        page(
            '<script type="application/ld+json">{"datePublished": "2024-03-05"}'
            "</script>"
        ),
    ),
    "time": (
        "p.html",
        page(top='<time class="published" datetime="2024-03-05">5 March 2024</time>'),
    ),
    "front matter": ("n.md", f"---\ndate: 2024-03-05\n---\n\n{TEXT}\n".encode()),
    "dateline": ("n.txt", f"Published 5 March 2024\n\n{TEXT}\n".encode()),
    "agency": ("n.txt", f"ALBA, 5 March 2024 (Agency) - {TEXT}\n".encode()),
}


@pytest.mark.parametrize("kind", ARTICLES)
def test_an_article_after_the_cut_off_has_its_day_and_is_told(kind):
    name, content = ARTICLES[kind]
    article = read_article(content, name, latest=CUTOFF)
    assert article.published == date(2024, 3, 5)
    (said,) = [w for w in article.warnings if "2024-02-29" in w]
    assert "after the cut-off" in said
    assert "--cutoff" in said


@pytest.mark.parametrize(
    ("published", "precision", "is_told"),
    [
        (date(2024, 3, 1), "day", True),
        (date(2024, 3, 31), "month", True),
        (date(2024, 2, 29), "day", False),
        (date(2024, 12, 31), "year", False),
    ],
)
def test_a_day_that_the_user_states_is_told_too(published, precision, is_told):
    stated = StatedMetadata(published=published, published_precision=precision)
    article = read_article(page(), "p.html", stated, CUTOFF)
    assert any("after the cut-off" in w for w in article.warnings) == is_told


def test_a_day_that_has_not_come_is_no_day_of_publication():
    head = '<meta property="article:published_time" content="2999-03-05">'
    assert read_article(page(head), "p.html", latest=CUTOFF).published is None


def test_events_after_the_cut_off_are_told_with_what_takes_them_in(
    case, store, tmp_path
):
    file = write_ged(tmp_path / "g.csv", ["2024-02-02", "2024-03-01", "2024-06-01"])
    report = add_events(case, [file], store)
    said = "\n".join(report.lines())
    assert (
        "After the cut-off, 2024-02-29, and not used: 2 events, the last of 2024-06"
        in said
    )
    assert f"supplyline evidence export {case.name} --cutoff 2024-06-01" in said
    assert report.result()["left_out"]["events_after"] == 2


def test_prices_after_the_cut_off_are_told(case, store, tmp_path):
    (tmp_path / "wfp.csv").write_text(LAYOUTS["wfp-2024"])
    report = add_events(case, [tmp_path / "wfp.csv"], store)
    assert report.left_out.prices_after > 0
    assert "After the cut-off, 2024-02-29, and not used: " in "\n".join(report.lines())


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["1990-02-02", "1990-03-02"], "and not used: 2 events"),
        (["2024-06-01"], "After the cut-off, 2024-02-29, and not used: 1 event,"),
    ],
)
def test_no_event_is_left_out_without_a_reason(case, store, tmp_path, days, said):
    report = add_events(case, [write_ged(tmp_path / "g.csv", days)], store)
    assert report.in_area == 0
    assert said in "\n".join(report.lines())


def test_events_elsewhere_are_told(case, store, tmp_path):
    file = write_ged(tmp_path / "g.csv", ["2024-02-02"])
    file.write_text(file.read_text().replace("11.3", "55.3"))
    report = add_events(case, [file], store)
    assert "Outside the area of the case, and not used: 1 event" in "\n".join(
        report.lines()
    )


def test_export_tells_what_lies_after_the_cut_off(case, store, tmp_path):
    add_events(case, [write_ged(tmp_path / "g.csv", ["2024-06-01"])], store)
    result = export_evidence(case, store, is_dry_run=True)
    assert "After the cut-off, 2024-02-29, and not used: 1 event," in "\n".join(
        result.lines()
    )
    moved = export_evidence(case, store, cutoff=date(2024, 6, 1), is_dry_run=True)
    assert "After the cut-off" not in "\n".join(moved.lines())
