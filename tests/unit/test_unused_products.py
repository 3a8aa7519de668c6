"""Cases in which a product is used in some towns only, or nobody makes electricity."""

import shutil

import numpy as np
import pytest

from broken_cases import add, cell, key
from supplyline.analysis.compare import compare
from supplyline.analysis.targets import check_targets
from supplyline.case.case import find_folder, load_case
from supplyline.case.change import Change
from supplyline.engine.simulate import simulate
from supplyline.report.brief import brief
from worlds import asked, changed, measure

HIGHCOURT = {"place": "highcourt"}
"""The capital of the toy case, which feeds Farfield."""
FARFIELD = {"place": "farfield"}


def cut(table, **where):
    """Remove rows of a table."""
    return Change(table, where, remove=True)


LACKS = {
    "the first product": tuple(
        cut("demand", **town, product="kerosene") for town in (HIGHCOURT, FARFIELD)
    ),
    "the second product": tuple(
        cut("demand", **town, product="gas_oil") for town in (HIGHCOURT, FARFIELD)
    ),
    "electricity": (cut("demand", demand_class="power"),),
    "a product for the public": (
        cut("demand", **HIGHCOURT, product="gas_oil", demand_class="public"),
    ),
    "fuel for the public": (cut("demand", **HIGHCOURT, demand_class="public"),),
}
"""What the capital lacks, and the changes to the toy case."""


@pytest.fixture(params=LACKS)
def pair(toy, request):
    case = changed(toy, *LACKS[request.param])
    shut = asked(measure("closure", "2024-03-04"), start="2024-03-04")
    base = simulate(case, days=60, members=32)
    return base, simulate(case, scenario=shut, like=base)


def test_what_nobody_uses_is_left_out_of_comparisons(pair):
    table = compare(*pair).table()
    numbers = table.select_dtypes("number")
    assert np.isfinite(numbers.to_numpy()).all()
    assert set(table["place"].dropna()) == {"highcourt", "farfield", "millford"}


def test_a_brief_leaves_out_what_nobody_uses(pair):
    base, shut = pair
    made = brief(base, compare(base, shut), checks=check_targets(base))
    assert made.html.rstrip().endswith("</html>")
    assert ">nan" not in made.html


@pytest.mark.parametrize("place", ["highcourt", "millford"])
@pytest.mark.parametrize("load_kl", ["2", "15"])
def test_no_truck_begins_with_what_its_town_does_not_use(tmp_path, place, load_kl):
    folder = shutil.copytree(find_folder("toy"), tmp_path / "toy")
    source = {"source": "assumption", "product": "spirit"}
    use = {"demand_class": "essential", "demand_kl_per_day": "3"}
    cost = {
        "kind": "official_price",
        "start": "2023-12-01",
        "value": "2",
        "unit": "XXX/l",
    }
    for edit in (
        key("products", '["kerosene", "gas_oil", "spirit"]'),
        add("depots.csv", depot="spirit", place="highcourt", **source),
        add("depots.csv", depot="more", place="millford", **source),
        add("demand.csv", place=place, **use, **source),
        add("measures.csv", measure="price", target="spirit", **cost, **source),
        cell("fleets.csv", "home_trucks", "load_kl", load_kl),
    ):
        edit(folder)
    ledger = simulate(load_case(folder), days=1, members=400).ledger["fuel_kl"]
    inland = ledger.sel(fuel_account="internal_start")
    assert (inland.sel(product="spirit") == 0).all()
    assert (inland.sel(product="kerosene") > 0).any()
