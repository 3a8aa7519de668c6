"""What evidence changed, in the brief of a made-up run of the toy case."""

import re
import shutil
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pandas as pd
import pytest

from html_page import marked_numbers
from made_country import made_country
from made_events import EVENTS, NOTES, event, table
from supplyline.case.case import load_case, packaged_cases
from supplyline.case.frames import Frames
from supplyline.evidence.desk.effects import apply, propose
from supplyline.evidence.desk.writing import cells_of, write_changes
from supplyline.report.brief import brief
from supplyline.report.changes import changes_of
from supplyline.report.evidence import claims
from supplyline.report.pages import render

LATER = date(2024, 4, 30)
SHA = "ab" * 32


class Page(HTMLParser):
    """Gather ids, links and bare texts of a page."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.loose, self.stack = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if tag == "a" else []
        self.stack.append((tag, (values.get("class") or "").split()))

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        known = {"code", "q", "said", "bdi"}
        names = {name for tag, found in self.stack for name in (tag, *found)}
        if re.search(r"\d", data) and not names & known:
            self.loose.append(data)


def accepted(case):
    """Accept a made-up claim, as the export of the store would."""
    claim = {
        **cells_of(case, "claims")[0],
        "claim": "N1",
        "start": "2024-02-11",
        "end": "2024-02-25",
        "value": "850",
    }
    document = {"document": SHA, "name": "made up", "source": "made-up"}
    empty = ("title", "publisher", "published", "published_precision", "language")
    document |= dict.fromkeys((*empty, "address", "relay_of"), "")
    reading = dict.fromkeys(
        ("counted", "actor", "hedge", "speaker", "base", "note"), ""
    )
    spans = ("span_start", "span_end", "sentence_start", "sentence_end")
    reading |= dict.fromkeys(spans, "1") | {
        "claim": "N1",
        "document": SHA,
        "precision": "day",
        "credibility": "3",
        "decision": "accept",
        "reviewer": "tester",
        "decided": "2024-02-29T00:00:00Z",
    }
    tables = {"claims": [*cells_of(case, "claims"), claim]}
    return write_changes(
        case, {**tables, "documents": [document], "readings": [reading]}
    )


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("changes") / "toy"
    case = accepted(load_case(shutil.copytree(packaged_cases()["toy"], folder)))
    upland = [
        event(n, "acled", start=date(2024, 2, n), lat=12.9, lon=0.7, actor2="rovers")
        for n in range(11, 15)
    ]
    events = pd.concat([EVENTS, table(*upland)], ignore_index=True)
    return apply(case, propose(case, events))


@pytest.fixture(scope="module")
def html(case):
    return brief(made_country(case)).html


@pytest.fixture(scope="module")
def section(html):
    return part(html)


def part(html):
    return html.split('id="changes">')[1].split('id="map"')[0]


def test_without_updates_there_is_no_section(toy):
    assert changes_of(toy, claims(toy)) is None
    assert "changes" not in Page(brief(made_country(toy)).html).ids


def test_the_changes_are_gathered(case):
    found = changes_of(case, claims(case))

    assert found.since is None
    assert int(found.count.value) == 4
    assert {event.kind for event in found.lethal} == {
        "convoy attack", "road attack", "town attack", "battle",
    }  # fmt: skip
    assert [claim.name for claim in found.claims] == ["N1"]
    assert sum(group.count.value for group in found.groups) == 4
    rules = [value.rule for value in found.figures]
    assert rules == sorted(rules)
    assert set(rules) == {"effort", "hazard", "observed"}
    deaths = [event.deaths[-1].value for event in found.lethal]
    assert deaths == sorted(deaths, reverse=True)


def test_the_section_holds_events_claims_and_values(section, case):
    assert "What evidence changed" in section
    for name in case.updates[case.updates["table"] == "events"]["row"]:
        assert f'id="event-{name}"' in section
    assert 'href="#N1"' in section
    for rule in ("effort", "hazard", "observed"):
        assert f"<code>{rule}</code>" in section
    assert "Upland" in section
    assert "Millford to Highcourt" in section
    assert "that may not be shown" in section


def test_each_value_is_linked_to_its_evidence(section, html):
    page = Page(html)
    wanted = {link[1:] for link in page.links if link.startswith("#")}
    assert wanted <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert re.search(r'<td><a class="said" href="#event-EV-', section)


def test_no_number_stands_loose(case):
    with marked_numbers():
        html = brief(made_country(case)).html
    assert Page(f"<section>{part(html)}</section>").loose == []


def test_nothing_withheld_is_shown(html):
    assert NOTES not in html
    assert "acled" not in html


def test_the_heading_names_the_cutoff_before(case, tmp_path):
    folder = case.save(tmp_path / "toy")
    moved = load_case(folder)
    moved = apply(moved, propose(moved, EVENTS, cutoff=LATER))
    html = brief(made_country(moved)).html

    section = part(html)
    assert "What changed since " in section
    assert "29\N{NO-BREAK SPACE}February\N{NO-BREAK SPACE}2024" in section
    assert section.count('id="event-') == 1


def test_texts_of_others_are_escaped(case):
    evil = '<script>alert("x")</script>'
    tables = {
        **case.tables,
        "events": case.events.assign(kind=evil, source="made-up"),
        "actors": case.actors.assign(title=evil),
        "places": case.places.assign(title=evil),
        "regions": case.regions.assign(title=evil),
        "claims": case.claims.assign(quantity=evil),
    }
    worse = replace(case, tables=Frames(tables))
    html = render("changes.html.j2", {"changes": changes_of(worse, claims(worse))})
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_many_events_are_counted_and_not_all_listed(toy):
    row = toy.events.iloc[[0]]
    events = pd.concat([row.assign(event=f"EV-{n}") for n in range(500)])
    updates = pd.DataFrame(
        {
            "update": [f"U-{n}" for n in range(500)],
            "previous_cutoff": pd.Timestamp("2024-01-31"),
            "cutoff": pd.Timestamp(toy.config.cutoff),
            "table": "events",
            "row": [f"EV-{n}" for n in range(500)],
            "field": None,
            "before": None,
            "after": None,
            "rule": "incident",
            "basis": "ucdp/1",
        }
    )
    tables = Frames({**toy.tables, "events": events, "updates": updates})
    found = changes_of(replace(toy, tables=tables), ())

    assert (found.count.value, found.unlisted.value) == (500, 288)
    assert len(found.lethal) + len(found.others) == 212
