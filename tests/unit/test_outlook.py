"""What is told of the prior, by the members that have each value."""

import numpy as np
import pandas as pd
import pytest

from supplyline.conditioning.drawn import drawn_curves
from supplyline.conditioning.outlook import _drawn

QUANTILES = ["q10", "q50", "q90"]


@pytest.mark.parametrize(
    ("values", "quantiles"),
    [
        ([0.0] * 70 + [1.0] * 30, [0, 0, 1]),
        ([3.0] * 55 + [5.0] * 5 + [9.0] * 40, [3, 3, 9]),
        ([2.0] * 15 + [4.0] * 80 + [7.0, 8.0, 9.0, 10.0, 11.0], [2, 4, 4]),
        (np.arange(1, 101, dtype=float), [10, 50, 90]),
    ],
)
def test_a_value_of_many_members_counts_as_many_times(values, quantiles):
    drawn = pd.DataFrame({"one": values, "other": np.linspace(0, 1, 100)})
    told = _drawn(drawn, drawn_curves(drawn))
    assert told.loc["one", QUANTILES].tolist() == quantiles
    assert told.loc["other", QUANTILES].tolist() == pytest.approx(
        [0.1, 0.5, 0.9], abs=0.01
    )


def test_the_width_is_that_of_most_members():
    most = np.array([0.0] * 96 + [1.0, 2.0, 3.0, 4.0])
    drawn = pd.DataFrame({"most": most, "even": np.linspace(0, 1, 100)})
    told = _drawn(drawn, drawn_curves(drawn))
    assert told.loc["most", "width"] == 0.0
    assert told.loc["even", "width"] == pytest.approx(2 * 1.645, rel=0.03)
