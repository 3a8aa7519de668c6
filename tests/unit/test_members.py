import numpy as np
import pytest

import supplyline as sl
from supplyline.analysis.members import independent_members, share_of


@pytest.mark.parametrize(
    ("pasts", "independent"),
    [
        ([0, 1, 2, 3], 4.0),
        ([0, 0, 1, 1], 2.0),
        ([5, 5, 5, 5], 1.0),
        ([0, 0, 0, 1], 16 / 10),
    ],
)
def test_members_of_one_past_count_together(pasts, independent):
    later = np.arange(2**24, 2**24 + len(pasts))
    lineage = sl.Lineage((sl.Stretch(0, np.array(pasts)), sl.Stretch(20, later)))
    run = sl.simulate(sl.load_case("toy"), lineage=lineage, days=7)
    assert independent_members(run) == pytest.approx(independent)


def test_members_drawn_from_the_prior_are_independent():
    run = sl.simulate(sl.load_case("toy"), members=5, days=7)
    assert independent_members(run) == 5.0


def test_a_share_of_fewer_independent_members_has_the_interval_of_so_many():
    told, few = share_of(40, 400, "run x", 100), share_of(10, 100, "run x")
    assert (told.value, told.low, told.high) == (few.value, few.low, few.high)
    whole = share_of(40, 400, "run x")
    assert told.low < whole.low < whole.high < told.high
