"""Towns, worst first: the title, the first judgement and the table say the same."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from made_runs import made_run, with_short_days
from sections import judged, towns_in
from supplyline.case.case import load_case
from supplyline.report.brief import brief
from supplyline.report.headline import headline
from supplyline.report.sentences import plain

MEMBERS = 200


@pytest.fixture(scope="module")
def toy():
    return load_case("toy")


def planted(case, shares, *, already=0.0, forecast_days=None, product=1, first=55):
    """Make a run in which a share of the courses is in shortage from a day ahead."""
    run = made_run(case, members=MEMBERS, forecast_days=forecast_days)
    axes = run.weekly.sizes["place"], run.weekly.sizes["product"]
    days = np.zeros((MEMBERS, run.daily.sizes["day"], *axes), dtype=bool)
    cutoff = run.daily.indexes["day"].get_loc(pd.Timestamp(run.manifest.cutoff))
    days[: round(already * MEMBERS), cutoff - 4 : cutoff + 1, :, product] = True
    for spot, place in enumerate(str(name) for name in run.weekly["place"].to_numpy()):
        count = round(shares.get(place, 0.0) * MEMBERS)
        # the third short day in a row is the first in shortage
        ahead = slice(cutoff + first - 2, cutoff + first + 1)
        days[:count, ahead, spot, product] = True
    return with_short_days(run, days)


def titled(case, shares, **more):
    return plain(headline(towns_in(planted(case, shares, **more))))


BY = "short of fuel by 29 April 2024"
TITLES = [
    (
        {"farfield": 0.98, "millford": 0.6, "highcourt": 0.3},
        (
            f"Farfield is almost certain to be {BY}; 1 more of 3 towns is at least"
            " likely to be; Highcourt is unlikely to be (30 %)"
        ),
    ),
    (
        {"farfield": 0.9, "millford": 0.85},
        (
            f"Farfield and Millford are very likely to be {BY}; Highcourt has almost no"
            " chance of it (under 1 %)"
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
            " likely to be; Highcourt is likely to be (70 %)"
        ),
    ),
    (
        {"farfield": 0.98, "millford": 0.97, "highcourt": 0.7},
        (
            f"Farfield and Millford are almost certain to be {BY}; Highcourt is likely"
            " to be (70 %)"
        ),
    ),
    ({"highcourt": 1.0}, f"Highcourt is almost certain to be {BY}"),
    (
        {"farfield": 0.3},
        (
            f"No town is likely to be {BY}; Farfield, the worst placed, is unlikely to"
            " be; Highcourt has almost no chance of it (under 1 %)"
        ),
    ),
    (
        {},
        (
            f"No town is likely to be {BY}; Farfield, the worst placed, has almost no"
            " chance of it; Highcourt has almost no chance of it (under 1 %)"
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
    rows = re.findall(r'<tr><th scope="row"><bdi>(\w+)', table)
    assert rows == ["Farfield", "Millford", "Highcourt"]
    assert table.count("70\N{NO-BREAK SPACE}%") == 3


def test_the_definition_is_printed_with_the_maps(toy):
    html = brief(planted(toy, {"farfield": 1.0}), shortage_days=5).html
    words = html.split('id="shortage"')[1].split("<figure")[0]
    assert "less than 50\N{NO-BREAK SPACE}%" in words
    assert "5\N{NO-BREAK SPACE}days or more" in words


@pytest.mark.parametrize("product", [0, 1])
def test_a_town_is_told_by_its_worst_product(toy, product):
    towns = towns_in(planted(toy, {"farfield": 0.8}, product=product))
    assert towns.rows[0].product == toy.config.products[product]


@pytest.mark.parametrize(
    ("first", "chances"),
    [
        (30, (0.4, 0.4, None)),
        (31, (0.0, 0.4, None)),
        (60, (0.0, 0.4, None)),
        (61, (0.0, 0.0, None)),
    ],
)
def test_chances_are_of_a_shortage_within_so_many_days(toy, first, chances):
    run = planted(toy, {"farfield": 0.4}, forecast_days=90, first=first)
    row = next(town for town in towns_in(run).rows if town.title == "Farfield")
    told = tuple(None if each is None else each.value for each in row.chances)
    assert told == pytest.approx(chances)
    assert row.first is None


def test_a_town_is_told_by_the_first_day_that_most_courses_have_seen(toy):
    run = planted(toy, {"farfield": 0.6}, forecast_days=120, first=20)
    row = towns_in(run).rows[0]
    cutoff = pd.Timestamp(run.manifest.cutoff)
    assert row.first.value == (cutoff + pd.Timedelta(days=20)).date()
    assert [None if each is None else each.value for each in row.states] == (
        [0.0, 0.0, 0.0]
    )


def test_missing_litres_are_those_of_the_weeks_ahead(toy):
    run = planted(toy, {"farfield": 0.6})
    towns = towns_in(run)
    weeks = pd.DatetimeIndex(run.weekly["week"].to_numpy())
    ahead = np.flatnonzero(weeks > pd.Timestamp(run.manifest.cutoff))[:8]
    assert towns.weeks.value == len(ahead)
    for row in towns.rows:
        unmet = run.weekly["unmet_kl"].sel(place=row.place).isel(week=ahead)
        litres = unmet.sum(["week", "product"]).to_numpy().astype(float) / 1000
        assert row.missing.value == pytest.approx(np.median(litres))


def test_a_place_whose_public_buys_nothing_is_no_town(toy):
    run = planted(toy, {"farfield": 1.0})
    short = run.weekly["short_days"].where(run.weekly["place"] != "farfield")
    towns = towns_in(replace(run, weekly=run.weekly.assign(short_days=short)))
    assert [town.title for town in towns.rows] == ["Highcourt", "Millford"]
    nobody = short.where(run.weekly["place"] == "nowhere")
    empty = replace(run, weekly=run.weekly.assign(short_days=nobody))
    made = brief(empty)
    assert made.title == "In no town does the public buy fuel"
    listed = made.html.split('<ol class="judgements">')[1]
    assert listed.count('<div class="word">') == 4


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


@pytest.mark.parametrize("forecast_days", [1, 5])
def test_a_short_forecast_is_judged_to_its_end(toy, forecast_days):
    run = planted(toy, {}, already=0.9, forecast_days=forecast_days)
    made = brief(run)
    last = run.daily.indexes["day"][-1]
    assert f"by {last.day} March 2024" in made.title
    assert towns_in(run).rows[0].chances == (None, None, None)
