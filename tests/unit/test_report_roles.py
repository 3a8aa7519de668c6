"""What a run means, role by role, recomputed from its outputs."""

import numpy as np
import pandas as pd
import pytest

import supplyline as sl
from html_page import Page
from made_country import made_country
from supplyline.analysis.chunks import rows_of
from supplyline.case.case import load_case
from supplyline.report.brief import brief
from supplyline.report.roles import read_roles, roles_of
from supplyline.report.sentences import plain
from supplyline.report.towns import town_reader, towns_of


@pytest.fixture(scope="module")
def run():
    return sl.simulate(load_case("toy"), days=61, members=96, seed=7)


@pytest.fixture(scope="module")
def roles(run):
    read, towns = rows_of(run, read_roles, town_reader())
    return roles_of(run, read, towns_of(run, towns), None, None, ())


def ahead(run, count):
    after = run.weekly["week"] > pd.Timestamp(run.manifest.cutoff).to_datetime64()
    return run.weekly.isel(week=np.flatnonzero(after.to_numpy())[:count])


def test_litres_by_week_are_medians_of_what_the_public_lacks(run, roles):
    lacking = ahead(run, 4)["unmet_kl"].sum("product").median("member") / 1000
    titles = run.case.places.set_index("place")["title"]
    expected = {
        titles[place]: lacking.sel(place=place).to_numpy()
        for place in map(str, lacking["place"].to_numpy())
    }
    assert roles.litres
    for town, litres in roles.litres:
        told = [each.value for each in litres]
        assert told == pytest.approx(expected[town], rel=1e-5)
    sums = [sum(each.value for each in litres) for _, litres in roles.litres]
    assert sums == sorted(sums, reverse=True)


def test_losses_are_shares_of_the_trucks_that_each_course_sent(run, roles):
    weeks = ahead(run, 8).sum("week")
    names = run.case.corridors.set_index("title")["corridor"]
    assert roles.corridors
    for title, trucks, share in roles.corridors:
        own = weeks.sel(corridor=names[title])
        sent = own["corridor_trucks_sent"].to_numpy().astype(float)
        lost = own["corridor_trucks_lost"].to_numpy()
        assert trucks.value == pytest.approx(np.median(sent) / 8)
        assert share.value == pytest.approx(np.median(lost[sent > 0] / sent[sent > 0]))


def test_the_risk_of_the_leader_is_that_of_the_judgement():
    html = brief(made_country(load_case("toy"))).html
    page = " ".join(text.strip() for text, _ in Page(html).texts)
    judged = page.split(" loses power in the ")[0].rsplit(", ", 2)[1]
    assert f"in {judged} of the courses" in page.split("He loses power within")[1]


def test_the_press_is_told_that_it_is_a_forecast(roles):
    assert "forecast and no report" in plain(roles.press[0])
