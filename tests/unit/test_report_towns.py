"""Towns, worst first: the title, the first judgement and the table say the same."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from made_runs import made_run
from sections import judged, towns_in
from supplyline.case.case import load_case
from supplyline.report.brief import brief
from supplyline.report.headline import headline
from supplyline.report.sentences import plain

MEMBERS = 200
CALM, SHORT = 0.9, 0.2


@pytest.fixture(scope="module")
def toy():
    return load_case("toy")


def planted(case, shares, *, already=0.0, forecast_days=None, product=1, week=7):
    """Make a run in which a share of the courses is short in a week ahead, by place."""
    run = made_run(case, members=MEMBERS, forecast_days=forecast_days)
    weekly = run.weekly.copy(deep=True)
    weeks = pd.DatetimeIndex(weekly["week"].to_numpy())
    start = pd.Timestamp(run.manifest.cutoff) + pd.Timedelta(days=1)
    ahead = np.flatnonzero(weeks >= start)
    past = np.flatnonzero(weeks + pd.Timedelta(days=7) <= start)
    served = np.full(weekly["served_share"].shape, CALM, dtype=np.float32)
    for spot, place in enumerate(str(name) for name in weekly["place"].to_numpy()):
        count = round(shares.get(place, 0.0) * MEMBERS)
        if len(ahead):
            served[:count, ahead[week], spot, product] = SHORT
        served[: round(already * MEMBERS), past[-1], spot, product] = SHORT
    weekly["served_share"] = weekly["served_share"].copy(data=served)
    return replace(run, weekly=weekly)


def titled(case, shares, **more):
    return plain(headline(towns_in(planted(case, shares, **more))))


BY = "short of fuel by 28 April 2024"
TITLES = [
    (
        {"farfield": 0.98, "millford": 0.6, "highcourt": 0.3},
        (
            f"Farfield is almost certain to be {BY}; 1 more of 3 towns is at least"
            " likely to be; Highcourt is unlikely to be"
        ),
    ),
    (
        {"farfield": 0.9, "millford": 0.85},
        (
            f"Farfield and Millford are very likely to be {BY}; Highcourt has almost no"
            " chance of it"
        ),
    ),
    (
        {"farfield": 0.5, "millford": 0.5, "highcourt": 0.5},
        f"Farfield, Highcourt and Millford have a roughly even chance of being {BY}",
    ),
    (
        {"farfield": 0.98, "millford": 0.6, "highcourt": 0.7},
        (
            f"Farfield is almost certain to be {BY}; 1 more of 3 towns is at least"
            " likely to be; Highcourt is likely to be"
        ),
    ),
    (
        {"farfield": 0.98, "millford": 0.97, "highcourt": 0.7},
        (
            f"Farfield and Millford are almost certain to be {BY}; Highcourt is likely"
            " to be"
        ),
    ),
    ({"highcourt": 1.0}, f"Highcourt is almost certain to be {BY}"),
    (
        {"farfield": 0.3},
        (
            f"No town is likely to be {BY}; Farfield, the worst placed, is unlikely to"
            " be; Highcourt has almost no chance of it"
        ),
    ),
    (
        {},
        (
            f"No town is likely to be {BY}; Farfield, the worst placed, has almost no"
            " chance of it"
        ),
    ),
]


@pytest.mark.parametrize(("shares", "title"), TITLES)
def test_the_title_names_the_worst_towns_first(toy, shares, title):
    assert titled(toy, shares) == title


def test_the_title_says_that_towns_are_short_already(toy):
    title = titled(toy, {"farfield": 1.0, "millford": 1.0}, already=0.8)
    assert "Farfield and Millford are almost certain" in title
    assert ", as they are already; " in title


def test_title_judgement_and_table_rest_on_one_count(toy):
    run = planted(toy, {"farfield": 0.98, "millford": 0.6}, already=0.7)
    towns = towns_in(run)
    first = judged(run, [], towns)[0]
    made = brief(run)
    assert [town.title for town in towns.rows] == ["Farfield", "Millford", "Highcourt"]
    assert first.probability == towns.rows[0].chance
    assert first.probability.value == pytest.approx(0.98)
    assert made.title.startswith("Farfield is almost certain")
    table = made.html.split('id="towns"')[1].split("</table>")[0]
    assert "less than" in table.split("<table")[0]
    rows = re.findall(r'<tr><th scope="row"><span class="said">(\w+)', table)
    assert rows == ["Farfield", "Millford", "Highcourt"]
    assert table.count("70\N{NO-BREAK SPACE}%") == 3


def test_the_table_stands_right_under_the_judgements(toy):
    html = brief(planted(toy, {"farfield": 1.0})).html
    between = html.split('<ol class="judgements">')[1].split('id="towns"')[0]
    assert between.split("</ol>")[1].strip() == "<h3"


@pytest.mark.parametrize("product", [0, 1])
def test_a_town_is_told_by_its_worst_product(toy, product):
    towns = towns_in(planted(toy, {"farfield": 0.8}, product=product))
    assert towns.rows[0].product == toy.config.products[product]


def test_only_eight_weeks_count(toy):
    run = planted(toy, {"farfield": 1.0}, forecast_days=90, week=8)
    towns = towns_in(run)
    assert towns.weeks.value == 8
    assert towns.rows[0].chance.value == 0


def test_a_place_whose_public_buys_nothing_is_no_town(toy):
    run = planted(toy, {"farfield": 1.0})
    served = run.weekly["served_share"].where(run.weekly["place"] != "farfield")
    towns = towns_in(replace(run, weekly=run.weekly.assign(served_share=served)))
    assert [town.title for town in towns.rows] == ["Highcourt", "Millford"]
    nobody = served.where(run.weekly["place"] == "nowhere")
    empty = replace(run, weekly=run.weekly.assign(served_share=nobody))
    made = brief(empty)
    assert made.title == "In no town does the public buy fuel"
    assert (
        made.html.split('<ol class="judgements">')[1].count('<div class="word">') == 4
    )


def test_people_are_those_of_the_case_and_missing_stays_missing(toy):
    places = toy.places.assign(
        population=toy.places["population"].where(toy.places["place"] != "farfield")
    )
    case = replace(toy, tables={**toy.tables, "places": places})
    rows = {town.title: town for town in towns_in(planted(case, {})).rows}
    assert rows["Farfield"].people is None
    assert rows["Highcourt"].people.number == "200,000"
    assert rows["Highcourt"].people.origin == "source"


def test_a_case_of_one_product_names_it(toy):
    run = planted(toy, {"farfield": 1.0})
    only = run.case.config.model_copy(update={"products": ["gas_oil"]})
    run = replace(
        run,
        case=replace(run.case, config=only),
        weekly=run.weekly.sel(product=["gas_oil"]),
    )
    assert "short of gas_oil by" in plain(headline(towns_in(run)))


@pytest.mark.parametrize(
    ("already", "title"),
    [
        (0.9, "Farfield, Highcourt and Millford are short of fuel in the week to "),
        (0.1, "No town is short of fuel in the week to "),
    ],
)
@pytest.mark.parametrize("forecast_days", [1, 5])
def test_without_a_whole_week_ahead_the_title_tells_the_last_week(
    toy, forecast_days, already, title
):
    run = planted(toy, {}, already=already, forecast_days=forecast_days)
    made = brief(run)
    assert made.title.startswith(title)
    assert made.title.endswith("the forecast holds no whole week")
    assert "no chance is given" in made.html
