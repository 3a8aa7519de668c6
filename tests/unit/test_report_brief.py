"""The brief of a made-up run of the toy case."""

import importlib
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from html_page import Page, marked_numbers
from made_country import made_country, without_country
from made_runs import made_run
from supplyline.case.case import load_case
from supplyline.errors import RunError
from supplyline.quantities import LIKELIHOODS, Quantity
from supplyline.report.brief import brief
from supplyline.report.evidence import anchor, web_address
from supplyline.report.pages import figure, number, render, say
from supplyline.report.sentences import Said, opening, plain

CONFIDENCE = re.compile(r"\b(confidence|confident)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def toy():
    return load_case("toy")


@pytest.fixture(scope="module")
def checks(toy):
    table = toy.targets[
        ["target", "title", "value", "low", "high", "unit", "note", "is_main"]
    ]
    return table.assign(
        source=toy.targets["source"],
        percentile=40.0,
        share_inside=0.6,
        never_share=np.nan,
    )


@pytest.fixture(scope="module")
def made(toy, checks):
    runs = [made_country(toy), made_country(toy, scenario="no-escorts")]
    return brief(*runs, checks=checks)


@pytest.fixture(scope="module")
def page(made):
    return Page(made.html)


def test_the_title_states_the_finding(made):
    assert any(word.word in made.title for word in LIKELIHOODS)
    assert "MODEL OUTPUT" in made.html


def test_every_number_is_a_quantity(toy, checks):
    runs = [made_country(toy), made_country(toy, scenario="no-escorts")]
    with marked_numbers():
        page = Page(brief(*runs, checks=checks).html)
    loose = [
        text.strip()
        for text, stack in page.texts
        if re.search(r"\d", text) and not page.is_exempt(stack)
    ]
    assert loose == []


def test_every_link_within_the_page_arrives(page):
    wanted = {a["href"][1:] for a in page.links if a.get("href", "").startswith("#")}
    assert wanted <= set(page.ids)


def test_ids_are_unique(page):
    assert len(page.ids) == len(set(page.ids))


def test_drawings_find_their_own_parts(made, page):
    wanted = set(re.findall(r"(?:url\(#|href=\"#)([^\")]+)", made.html))
    assert wanted <= set(page.ids)


def test_there_is_one_heading_a_language_and_a_way_to_skip(made, page):
    assert page.count["h1"] == 1
    assert '<html lang="en">' in made.html
    assert page.links[0]["class"] == "skip"


def test_nothing_is_fetched_or_run(made, page):
    assert not {"script", "img", "iframe", "object"} & set(page.count)
    assert "@import" not in made.html
    assert not re.search(r"url\((?!#)", made.html)


def test_every_drawing_is_told_in_words(made):
    for svg in re.findall(r"<svg[^>]*>", made.html):
        assert "aria-labelledby" in svg or "aria-label" in svg or "aria-hidden" in svg


def test_every_table_has_a_caption(page):
    assert page.count["caption"] == page.count["table"]


def test_there_are_six_judgements_with_a_word_each(made):
    section = made.html.split('<ol class="judgements">')[1].split("</ol>")[0]
    assert section.count("<li>") == 6


def test_no_sentence_holds_a_likelihood_and_a_confidence(page):
    text = " ".join(text.strip() for text, stack in page.texts if stack)
    words = "|".join(word.word for word in LIKELIHOODS)
    for sentence in re.split(r"(?<=[.;])\s", text):
        if CONFIDENCE.search(sentence):
            assert not re.search(rf"\b({words})\b", sentence)


def test_only_numbers_of_a_source_are_links(made, toy):
    used = set(re.findall(r'class="q" href="#([^"]+)"', made.html))
    claims = {anchor(name) for name in toy.claims["claim"]}
    sources = {f"source-{name}" for name in toy.sources["source"]}
    assert used
    assert used <= claims | sources


def test_every_section_of_a_country_is_there(made):
    for name in ("conflict", "money", "regions", "leader", "futures", "scorecard"):
        assert f'id="{name}"' in made.html
        assert "What this brief leaves out" not in made.html
    assert made.leader.startswith("Leader: ")


def test_without_armed_groups_the_brief_says_what_it_leaves_out(toy):
    bare = brief(made_run(without_country(toy)))
    for name in ("conflict", "money", "regions", "leader", "futures", "scorecard"):
        assert f'id="{name}"' not in bare.html
    assert "What this brief leaves out" in bare.html
    assert "the case describes no armed groups" in bare.html
    assert bare.leader is None


def test_without_a_leader_only_his_section_is_left_out(toy):
    run = made_country(toy)
    config = run.case.config.model_copy(update={"leader": None})
    bare = brief(replace(run, case=replace(run.case, config=config)))
    assert 'id="leader"' not in bare.html
    assert 'id="futures"' in bare.html
    assert "the case names no leader" in bare.html


def test_without_options_and_checks_the_sections_are_left_out(toy):
    bare = brief(made_country(toy)).html
    assert 'id="options"' not in bare
    assert "without a check against reported facts" in bare
    assert Page(bare).count["h1"] == 1


def test_the_same_run_gives_the_same_bytes(toy, checks):
    first, second = (brief(made_country(toy), checks=checks).html for _ in range(2))
    assert first == second


@pytest.mark.parametrize("days", [1, 2, 5, 6, 7, 8])
def test_a_short_forecast_has_a_brief(toy, days):
    base, other = (
        made_country(toy, forecast_days=days, scenario=name)
        for name in (None, "no-escorts")
    )
    made = brief(base, other)
    assert "No thresholds are given" in made.html
    assert 'id="options"' not in made.html
    words = made.left_out[-1]
    assert words.startswith("The option “no-escorts”: the run ends on ")
    assert words.endswith("before the first whole week of the option does")
    texts = [text for text, _ in Page(made.html).texts]
    assert texts.count("no-escorts") == 1


def test_an_option_that_starts_late_is_left_out_and_the_others_stay(toy):
    base = made_country(toy, forecast_days=30)
    early, late = (
        starting(made_country(toy, forecast_days=30, scenario=name), day)
        for name, day in (("early", "2024-03-04"), ("late", "2024-03-27"))
    )
    made = brief(base, early, late)
    assert len(made.left_out) == 1
    assert "late" in made.left_out[0]
    assert 'id="options"' in made.html


def starting(run, day):
    scenario = {**run.manifest.request.scenario, "start": day}
    request = run.manifest.request.model_copy(update={"scenario": scenario})
    manifest = run.manifest.model_copy(update={"request": request})
    return replace(run, manifest=manifest)


def test_a_run_without_a_whole_week_is_refused(toy):
    run = made_run(toy)
    short = replace(run, daily=run.daily.isel(day=slice(0, 6)))
    short = replace(short, weekly=run.weekly.isel(week=slice(0, 0)))
    with pytest.raises(RunError, match="the run has 6 days; a brief needs a week"):
        brief(short)


def test_html_in_names_is_text(toy):
    evil = '<script>alert("x")</script><b>&amp;'
    places = toy.places.assign(title=evil)
    corridors = toy.corridors.assign(title=evil)
    claims = toy.claims.assign(note=evil, subject="s")
    sources = toy.sources.assign(title=evil, address="javascript:alert(1)")
    tables = {
        **toy.tables,
        "places": places,
        "corridors": corridors,
        "claims": claims,
        "sources": sources,
        **{
            name: toy.tables[name].assign(title=evil)
            for name in ("actors", "aims", "leader", "regions")
        },
        "scorecard": toy.tables["scorecard"].assign(reason=evil),
    }
    tables["regions"] = tables["regions"].assign(zone=evil)
    case = type(toy)(
        config=toy.config.model_copy(
            update={"title": evil, "summary": evil, "leader": evil}
        ),
        tables=tables,
        hashes=toy.hashes,
        folder=toy.folder,
        outline={
            "type": "FeatureCollection",
            "features": [
                {
                    "properties": {"country": toy.config.country, "name": evil},
                    "geometry": {
                        "type": "MultiPolygon",
                        "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]]],
                    },
                }
            ],
        },
    )
    html = brief(made_country(case), made_country(case, scenario=evil)).html
    assert "<script" not in html
    assert "javascript:" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html


def test_saving_writes_the_page(made, tmp_path):
    path = made.save(tmp_path / "brief.html")
    assert path.read_text(encoding="utf-8") == made.html
    assert [file.name for file in tmp_path.iterdir()] == ["brief.html"]


def test_other_endings_are_refused(made, tmp_path):
    with pytest.raises(ValueError, match=r"ends in \.html or \.pdf"):
        made.save(tmp_path / "brief.docx")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_pdf_is_written(made, tmp_path):
    try:
        importlib.import_module("weasyprint")
    except (ImportError, OSError) as absent:  # the extra, or Pango of the system
        pytest.skip(f"no PDF can be written here: {absent}")
    assert made.save(tmp_path / "brief.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("print_number", [figure, number])
@pytest.mark.parametrize("value", [12.0, 3, "12", None, date(2025, 1, 1)])
def test_what_is_no_quantity_cannot_be_printed(print_number, value):
    with pytest.raises(TypeError, match="is no Quantity"):
        print_number(value)


def test_a_missing_name_in_a_template_is_an_error():
    with pytest.raises(Exception, match="is undefined"):
        render("watch.html.j2", {})


def test_numbers_of_a_source_link_to_it():
    shown = figure(Quantity(12.3, "days", low=8.1, high=17, basis="claim F0012"))
    assert 'href="#F0012"' in shown
    assert "12\N{NO-BREAK SPACE}days" in shown
    assert "(8.1 to 17)" in shown
    for basis in ("run abc", "assumption", "param x", "case toy"):
        assert figure(Quantity(1, "days", basis=basis)) == "1\N{NO-BREAK SPACE}day"
    assert 'href="#source-x"' in figure(Quantity(1, "days", basis="source x"))


def test_sentences_escape_texts_of_the_case():
    shown = say(("It is ", Said("<b>bold</b>"), " & so"))
    assert "<b>" not in shown
    assert "&lt;b&gt;" in shown
    assert "&amp; so" in shown


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.64, "It is likely, 64 %, that "),
        (0.02, "There is almost no chance, 2 %, that "),
        (0.5, "There is a roughly even chance, 50 %, that "),
    ],
)
def test_sentences_open_with_a_word_of_likelihood(value, words):
    assert plain(opening(Quantity(value, "probability", basis="run x"))) == words


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", None),
        ("ftp://example.org", None),
        ('https://example.org/"onclick="x', None),
        (None, None),
        (np.nan, None),
        (pd.NA, None),
    ],
)
def test_only_web_addresses_become_links(address, link):
    assert web_address(address) == link


@pytest.mark.parametrize(
    ("claim", "place"), [("F0012", "F0012"), ("run", "claim-run"), ("map", "claim-map")]
)
def test_claims_do_not_take_the_anchors_of_the_page(claim, place):
    assert anchor(claim) == place
