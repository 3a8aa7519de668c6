"""Parts of a world that several versions of a case share are made once, and rightly."""

import numpy as np
import pytest

from supplyline.case.case import load_case
from supplyline.case.change import Change
from supplyline.engine.arrays import in_order, names_of
from supplyline.engine.draws import Luck
from supplyline.engine.reuse import Reuse, make_anew
from supplyline.engine.world import build_span, change_case, day_after, draw_span
from worlds import changed, fixed


def population(case, calls):
    """Make a part of two tables."""
    calls.append("population")
    return case.regions["population"].sum() + len(case.tables["places"])


def doubled(case, make, calls):
    """Make a part of another part."""
    calls.append("doubled")
    return 2 * make(population, case, calls)


class Calls(list):
    """Calls that were made; may stand among arguments."""

    __hash__ = object.__hash__


@pytest.fixture
def calls():
    return Calls()


def test_a_part_is_made_again_only_where_a_table_it_is_made_of_differs(toy, calls):
    make = Reuse()
    versions = [toy, changed(toy, *fixed(truck_kl=8)), toy]
    first, *others = (make(population, case, calls) for case in versions)

    assert others == [first, first]
    assert calls == ["population"]

    larger = changed(toy, Change("places", {}, {"note": "another"}))
    make(population, larger, calls)
    make(population, toy, calls)

    assert calls == ["population"] * 2


def test_a_part_of_a_part_is_made_of_its_tables(toy, calls):
    make = Reuse()
    make(population, toy, calls)
    before = make(doubled, toy, make, calls)

    people = changed(toy, Change("regions", {}, {"population": 1000}))
    after = make(doubled, people, make, calls)

    assert after == 2 * population(people, [])
    assert after != before
    assert calls == ["population", "doubled", "doubled", "population"]


def square(_, number):
    """Make a part of no table."""
    return number**2


def test_other_arguments_make_another_part(toy):
    make = Reuse()

    assert [make(square, toy, number) for number in (2, 3, 2)] == [4, 9, 4]


@pytest.mark.parametrize("name", ["toy", "mali"])
@pytest.mark.filterwarnings("ignore::supplyline.errors.SupplylineWarning")
def test_what_is_reused_is_what_would_be_made_anew(name):
    case = in_order(load_case(name))
    names, days = names_of(case), day_after(case, 30)
    reuse = Reuse()

    def inputs(scenario, make):
        version = change_case(case, names, scenario, make)
        span = build_span(version, names, 7, slice(20, days), days, None, make)
        return draw_span(names, span, Luck(7, range(3, 9)), make)

    scenarios = [each for each in case.scenarios().values() if each.change]
    for scenario in (*scenarios, scenarios[0]):
        one, other = (inputs(scenario, make) for make in (reuse, make_anew))
        for field in one.inputs._fields:
            mine, theirs = (getattr(each.inputs, field) for each in (one, other))
            assert mine.tobytes() == theirs.tobytes(), (scenario.name, field)
        assert np.array_equal(one.trucks, other.trucks)
        assert np.array_equal(one.escort_step, other.escort_step)
