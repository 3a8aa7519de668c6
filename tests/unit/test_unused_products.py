"""Cases in whose capital nobody uses a product, or nobody makes electricity."""

import numpy as np
import pytest

from supplyline.analysis.compare import compare
from supplyline.analysis.targets import check_targets
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
