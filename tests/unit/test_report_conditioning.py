"""The brief of a run that follows a conditioned ensemble."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from html_page import Page, marked_numbers
from made_conditioned import following, made_conditioned, made_lineage
from made_country import made_country
from supplyline.errors import ConditioningError
from supplyline.report.brief import brief
from supplyline.report.facts import facts_of
from supplyline.report.influence import influence_of
from supplyline.report.past import past_of
from supplyline.report.sentences import plain

EVIL = "<img src=x onerror=alert(1)>"
RIVALS = ["forecast", "against", "facts", "origins", "score", "rival_score", "skill"]


UNSURE = (
    "The model scores best here, but not surely so: of the mean "
    "10 % of its error is saved, in 9 reports."
)


def told_of(skills, low=np.nan):
    """Table of a backtest: (forecast, rival) to skill."""
    rows = [(*names, 9, 3, 0.4, 0.5, skill) for names, skill in skills.items()]
    return pd.DataFrame(rows, columns=RIVALS).assign(low=low, high=2 * abs(low))


def published(**changes):
    """Register of one published forecast."""
    row = {
        "file": "toy-2024-02-29-0123abcd.json",
        "case": "toy",
        "origin": "2024-02-29",
        "horizon": "2024-08-29",
        "published_on": "2024-03-02",
        "is_prior": False,
        "windows": 120,
        "outcomes": 0,
        "in_80": np.nan,
    }
    return pd.DataFrame([row | changes])


@pytest.fixture(scope="module")
def conditioned(toy):
    return made_conditioned(toy)


@pytest.fixture(scope="module")
def run(toy, conditioned):
    return following(made_country(toy, members=64), conditioned.lineage)


@pytest.fixture(scope="module")
def made(run, conditioned):
    table = told_of({("model", "last value"): 0.2, ("model", "mean"): -0.1})
    return brief(run, conditioned=conditioned, backtest=table, published=published())


@pytest.fixture(scope="module")
def page(made):
    return Page(made.html)


def section(html):
    start = html.index('id="reported-facts"')
    return html[start : html.index('id="figures"', start)]


def text_of(html):
    """Read a part of a page as text."""
    words = " ".join(data for data, _ in Page(html).texts)
    return re.sub(r" ([.,:;])", r"\1", re.sub(r"\s+", " ", words))


def test_the_page_keeps_its_promises(run, conditioned, made, page):
    with marked_numbers():
        marked = Page(brief(run, conditioned=conditioned).html)
    loose = [
        text.strip()
        for text, stack in marked.texts
        if re.search(r"\d", text) and not marked.is_exempt(stack)
    ]
    assert loose == []
    wanted = {a["href"][1:] for a in page.links if a.get("href", "").startswith("#")}
    assert wanted <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert page.count["caption"] == page.count["table"]
    for svg in re.findall(r"<svg[^>]*>", made.html):
        assert "aria-labelledby" in svg or "aria-label" in svg or "aria-hidden" in svg


def test_the_top_says_what_the_run_rests_on(made, conditioned):
    top = text_of(made.html[: made.html.index("<main>")])
    facts = conditioned.record.facts
    assert f"chosen by {facts} facts reported up to" in top
    assert "tell as much as 42 independent ones" in top
    # the refresh, tried on few truths, is not among them
    assert (
        "of 200 made-up truths, intervals meant to hold 90 % held 88 % to 93 %" in top
    )


@pytest.mark.parametrize(
    "words", ["prior ranges; none", "Not conditioned", "not fitted"]
)
def test_no_section_calls_it_the_prior(made, words):
    assert words not in text_of(made.html)


def test_a_brief_of_the_prior_says_so_everywhere(toy):
    run = made_country(toy, members=64)
    html = brief(run, conditioned=f"its ensemble is {EVIL}").html
    top = text_of(html[: html.index("<main>")])
    assert "drawn from prior ranges; none was held against what was reported" in top
    assert f"its ensemble is {EVIL}" in top
    assert EVIL not in html
    assert "Not conditioned on what was reported" in text_of(html)
    assert "What was learned" not in text_of(html)
    assert "No past forecast of this case" in text_of(html)


def test_a_run_on_a_lineage_is_not_called_the_prior(toy):
    run = following(made_country(toy, members=64), made_lineage())
    top = text_of(brief(run).html)
    assert "by what they were chosen is not known" in top
    assert "drawn from prior ranges; none" not in top


def test_headlines_stand_side_by_side_with_their_units(made):
    words = text_of(section(made.html))
    assert "Fuel imports by customs in a week mean of the weeks" in words
    assert "0.2 million l 0.3 million l" in words
    assert "not_known" not in words


def test_facts_are_left_out_the_strongest_first(run, conditioned):
    told = influence_of(run, conditioned, facts_of(run, conditioned))
    numbers = [row.without.value for row in told.rows]
    distance = [abs(number - 0.5) for number in numbers]
    assert distance == sorted(distance, reverse=True)
    used = conditioned.facts[conditioned.facts["use"] == "condition"]
    assert len(told.rows) == len(used) + 1
    strongest = used.iloc[-1]
    assert told.rows[0].fact.title == strongest["title"]
    assert strongest["title"] in plain(told.strongest)


def test_a_reading_is_marked_and_told_were_it_false(run, conditioned):
    facts, without = conditioned.facts.copy(), conditioned.without.copy()
    name = facts.index[facts["use"] == "condition"][0]
    facts.loc[name, ["form", "is_reading", "conditioned_mean"]] = ["yes", True, 0.7]
    without.loc[("without", name), :] = 0.05
    without.loc[("were it false", name), :] = 0.02
    other = replace(conditioned, facts=facts, without=without.sort_index())
    told = influence_of(run, other, facts_of(run, other))
    assert "a reading without a figure" in plain(told.strongest)
    assert plain(told.strongest).endswith("were it false, 2 %.")
    html = section(brief(run, conditioned=other).html)
    assert html.count("<em>reading</em>") >= 2


def test_facts_outside_are_shown_and_those_inside_folded(made, run, conditioned):
    facts = facts_of(run, conditioned)
    html = section(made.html)
    shown = re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)
    start = shown.index('id="facts-told"')
    shown = shown[start : shown.index("<h3", start)]
    assert facts.outside
    assert facts.inside
    for row in facts.outside:
        assert row.title in shown
    for row in set(facts.inside) - set(facts.outside):
        if row.title not in {other.title for other in facts.outside}:
            assert row.title not in shown


def test_what_was_not_learned_is_counted_and_listed(made, conditioned):
    still = conditioned.learned.index[~conditioned.learned["is_learned"]]
    words = text_of(section(made.html))
    assert f"{len(still)} of these numbers are still as assumed" in words
    assert all(f"<code>{name}</code>" in made.html for name in still)


@pytest.mark.parametrize(
    ("skills", "low", "words"),
    [
        ({("model", "last value"): -0.1}, np.nan, "Nothing beats the last value here."),
        (
            {("model", "last value"): 0.3, ("model", "mean"): -0.2},
            np.nan,
            "Nothing beats the mean here.",
        ),
        (
            {("model", "mean"): -0.2, ("mixture", "mean"): 0.1},
            0.06,
            (
                "The mixture beats every simple forecast here, the mean by the least: "
                "10 % of its error is saved, in 9 reports."
            ),
        ),
        ({("model", "mean"): 0.1}, np.nan, UNSURE),
        ({("model", "mean"): 0.1}, -0.2, UNSURE),
        ({("model", "mean"): np.nan}, np.nan, ""),
        ({}, np.nan, ""),
    ],
)
def test_the_verdict_on_past_forecasts(run, skills, low, words):
    assert plain(past_of(run, told_of(skills, low), None).verdict) == words


@pytest.mark.parametrize(
    ("skill", "low", "word"),
    [
        (0.3, 0.1, "yes"),
        (0.3, -0.1, "perhaps"),
        (0.3, np.nan, "perhaps"),
        (0.0, -0.1, "no"),
        (-0.3, np.nan, "no"),
        (np.nan, np.nan, ""),
    ],
)
def test_a_forecast_is_better_where_its_interval_says_so(run, skill, low, word):
    table = told_of({("model", "mean"): skill}).assign(low=low, high=low + 0.4)
    [row] = past_of(run, table, None).rivals
    assert row.better == word


def test_only_forecasts_of_this_case_are_listed(run):
    table = pd.concat([published(), published(case="other"), published(in_80=0.75)])
    rows = past_of(run, None, table).published
    assert [row.held and str(row.held) for row in rows] == [None, "75 %"]


def hostile(conditioned):
    """Name all that has a name by markup."""
    facts = conditioned.facts.assign(title=EVIL, grade=EVIL, reason=EVIL)
    learned = conditioned.learned.rename(index=lambda name: f"{EVIL}{name}")
    return replace(conditioned, facts=facts, learned=learned)


def test_names_are_shown_and_never_read_as_markup(run, conditioned):
    table = told_of({(EVIL, EVIL): 0.1})
    told = published(file=EVIL)
    html = brief(
        run, conditioned=hostile(conditioned), backtest=table, published=told
    ).html
    assert EVIL not in html
    assert html.count("&lt;img src=x") > len(conditioned.facts)


def never(conditioned):
    """Let nothing ever happen."""
    facts = conditioned.facts.copy()
    bands = [name for name in facts if name.endswith(("q10", "q50", "q90"))]
    return replace(conditioned, facts=facts.assign(**dict.fromkeys(bands, np.nan)))


def never_late(conditioned):
    """Let some members never see it."""
    ends = dict.fromkeys(["prior_q90", "conditioned_q90"], np.nan)
    return replace(conditioned, facts=conditioned.facts.assign(**ends))


def given_beside(conditioned):
    """Let the facts be none of the case."""
    facts = conditioned.facts.rename(index=lambda name: f"beside-{name}")
    return replace(conditioned, facts=facts)


def without_headlines(conditioned):
    """Keep no headline that this version knows."""
    return replace(conditioned, without=conditioned.without[["not_known/at-all"]])


def all_inside(conditioned):
    """Let every fact be told."""
    return replace(conditioned, facts=conditioned.facts.assign(is_inside=True))


def nothing_learned(conditioned):
    """Let the facts tell nothing of any parameter."""
    return replace(conditioned, learned=conditioned.learned.assign(is_learned=False))


def all_learned(conditioned):
    """Let them tell of all."""
    return replace(conditioned, learned=conditioned.learned.assign(is_learned=True))


@pytest.mark.parametrize(
    "change",
    [
        never, never_late, given_beside, without_headlines, all_inside,
        nothing_learned, all_learned,
    ],
)  # fmt: skip
def test_what_is_missing_is_left_out(run, conditioned, change):
    page = Page(brief(run, conditioned=change(conditioned)).html)
    assert page.count["caption"] == page.count["table"]
    words = {word for text, _ in page.texts for word in re.findall(r"\w+", text)}
    assert not {"nan", "inf"} & words
    assert "None" not in {text.strip() for text, _ in page.texts}


def test_fewer_members_are_the_first_of_them(toy, conditioned):
    run = following(made_country(toy, members=16), conditioned.lineage)
    assert len(run.lineage) == 16
    assert "What was learned" in brief(run, conditioned=conditioned).html


def test_a_run_that_does_not_follow_is_refused(toy, conditioned):
    for lineage in (None, made_lineage(first_day=41), made_lineage(members=80)):
        run = made_country(toy, members=64)
        if lineage is not None:
            run = replace(run, lineage=lineage.of(np.arange(64)[::-1]))
        with pytest.raises(
            ValueError, match=r"expected a run that conditioned\.simulate"
        ):
            brief(run, conditioned=conditioned)


def test_an_ensemble_that_does_not_hold_is_refused(toy, run):
    stale = made_conditioned(toy, engine_sha256="0" * 64, is_passed=False)
    with pytest.raises(ConditioningError, match=r"engine has changed.*\n.*its gate"):
        brief(run, conditioned=stale)


def test_what_is_no_ensemble_is_refused(run):
    with pytest.raises(TypeError, match="expected a Conditioned"):
        brief(run, conditioned=run)


def test_long_tables_are_folded(run, conditioned):
    rows = {("without", f"beside-{n}"): [0.3, 0.5 - n / 100, 0.0] for n in range(30)}
    more = pd.DataFrame.from_dict(rows, "index", columns=conditioned.without.columns)
    more.index = pd.MultiIndex.from_tuples(list(rows), names=["how", "fact"])
    without = pd.concat([conditioned.without, more])
    html = section(brief(run, conditioned=replace(conditioned, without=without)).html)
    shown = re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)
    assert "beside-0" in html
    assert "beside-0" not in shown
    assert "beside-29" in shown
