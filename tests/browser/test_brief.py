"""The brief in a browser: nothing fetched, nothing cut, nothing overlapping."""

import os
import shutil
import warnings
from dataclasses import replace

import pandas as pd
import pytest

from made_conditioned import following, made_conditioned
from made_country import made_country
from supplyline.case.case import load_case
from supplyline.errors import SupplylineWarning
from supplyline.report.brief import brief

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESK, PHONE = 1280, 390

pytestmark = pytest.mark.browser
if not os.access(CHROMIUM, os.X_OK):
    pytest.skip(f"no Chromium at {CHROMIUM}", allow_module_level=True)
playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")

OVERLAPS = """() => {
  const found = [];
  for (const svg of document.querySelectorAll('main svg:not(.swatch):not(.mark)')) {
    if (!svg.getClientRects().length) continue;
    const frame = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll('text:not([aria-hidden])')]
      .filter(t => t.textContent.trim())
      .map(t => [t.textContent.trim(), t.getBoundingClientRect()]);
    boxes.forEach(([a, p], i) => {
      if (p.left < frame.left - 1 || p.right > frame.right + 1 ||
          p.top < frame.top - 1 || p.bottom > frame.bottom + 1) found.push(['cut', a]);
      for (const [b, q] of boxes.slice(i + 1))
        if (p.left < q.right - 1 && q.left < p.right - 1 &&
            p.top < q.bottom - 2 && q.top < p.bottom - 2) found.push([a, b]);
    });
  }
  return found;
}"""

CUT = """() => [...document.querySelectorAll('main *, header *')]
  .filter(e => !e.closest('svg') && !e.closest('.scroll') && !e.closest('.hidden'))
  .filter(e => e.getClientRects().length && !e.classList.contains('skip'))
  .filter(e => {
    const box = e.getBoundingClientRect();
    return box.right > innerWidth + 1 || box.left < -1;
  }).map(e => e.outerHTML.slice(0, 120))"""

SMALL = """() => [...document.querySelectorAll('main svg text:not([aria-hidden])')]
  .filter(t => t.getClientRects().length && t.textContent.trim())
  .map(t => parseFloat(getComputedStyle(t).fontSize) *
            t.ownerSVGElement.getBoundingClientRect().width /
            t.ownerSVGElement.viewBox.baseVal.width)
  .filter(size => size < 8.5)"""

CONTRAST = """() => {
  const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number);
    return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
  const ground = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (c !== 'rgba(0, 0, 0, 0)') return c; } return 'rgb(255, 255, 255)'; };
  return [...document.querySelectorAll('body *')]
    .filter(e => !e.closest('svg') && e.getClientRects().length)
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => { const a = light(getComputedStyle(e).color), b = light(ground(e));
      return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05),
              e.outerHTML.slice(0, 100)]; })
    .filter(([ratio]) => ratio < 4.5);
}"""


@pytest.fixture(scope="module")
def chromium():
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def with_bad_names(case):
    """Name people, groups and regions by markup and by words without end."""
    evil = "<img src=x onerror=alert(1)>" + "Endless" * 12
    named = ("actors", "aims", "corridors", "leader", "places", "regions")
    tables = {name: case.tables[name].assign(title=evil) for name in named}
    tables["regions"] = tables["regions"].assign(zone=evil)
    tables["scorecard"] = case.tables["scorecard"].assign(reason=evil)
    config = case.config.model_copy(update={"leader": evil, "title": evil})
    return replace(case, config=config, tables={**case.tables, **tables})


def with_bad_facts(case):
    """Condition a case on facts, parameters and files with names without end."""
    evil = "<img src=x onerror=alert(1)>" + "Endless" * 12
    made = made_conditioned(case)
    facts = made.facts.assign(title=evil, reason=evil)
    learned = made.learned.rename(index=lambda name: f"{name}{evil}")
    return replace(made, facts=facts, learned=learned)


def conditioned_brief(case):
    """Write the brief of a run that follows a conditioned ensemble."""
    told = with_bad_facts(case)
    run = following(made_country(case, members=64), told.lineage)
    names = ["forecast", "against", "facts", "origins", "score", "rival_score"]
    scores = pd.DataFrame([("model" * 20, "last value", 9, 3, 0.4, 0.5)], columns=names)
    scores = scores.assign(skill=0.2, low=-0.1, high=0.5)
    return brief(run, conditioned=told, backtest=scores)


@pytest.fixture(scope="module", params=["toy", "mali", "hostile", "conditioned"])
def file(request, tmp_path_factory):
    if request.param == "conditioned":
        folder = tmp_path_factory.mktemp(request.param)
        return conditioned_brief(load_case("toy")).save(folder / "brief.html")
    is_hostile = request.param == "hostile"
    with warnings.catch_warnings(action="ignore", category=SupplylineWarning):
        case = load_case("toy" if is_hostile else request.param)
    case = with_bad_names(case) if is_hostile else case
    runs = [made_country(case), made_country(case, scenario="no-escorts")]
    folder = tmp_path_factory.mktemp(request.param)
    return brief(*runs).save(folder / "brief.html")


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(request, chromium, file):
    view = chromium.new_page(viewport={"width": request.param, "height": 900})
    view.faults = []
    view.on("console", lambda message: view.faults.append(message.text))
    view.on("pageerror", lambda error: view.faults.append(str(error)))
    view.on("request", lambda asked: view.faults.append(asked.url))
    view.goto(file.as_uri())
    yield view
    view.close()


def open_all(page):
    page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true; })"
    )


def test_nothing_is_fetched_and_nothing_goes_wrong(page, file):
    open_all(page)
    own = {file.as_uri(), "data:,"}
    assert [fault for fault in page.faults if fault not in own] == []


def test_the_page_is_no_wider_than_the_window(page):
    open_all(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]
    assert page.evaluate(CUT) == []


def test_no_text_of_a_drawing_is_cut_or_covered(page):
    assert page.evaluate(OVERLAPS) == []


def test_letters_of_drawings_can_be_read(page):
    assert page.evaluate(SMALL) == []


def test_text_stands_out_from_its_ground(page):
    open_all(page)
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("name", ["conflict", "regions", "leader", "futures"])
def test_the_country_can_be_reached_and_seen(page, name):
    open_all(page)
    part = page.locator(f"#{name}")
    part.scroll_into_view_if_needed()
    assert part.is_visible()
    assert page.locator("img, script").count() == 0


def test_a_number_leads_to_its_claim(page):
    link = page.locator("a.q").first
    target = link.get_attribute("href")
    page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true; })"
    )
    link.click()
    assert page.url.endswith(target)
    assert page.locator(f"[id='{target[1:]}']").is_visible()


def test_the_first_key_press_offers_to_skip(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash === '#main'")
