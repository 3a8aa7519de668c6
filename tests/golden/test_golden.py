"""The toy case to its last digits: nothing changes the numbers unseen."""

from pathlib import Path

import pandas as pd
import pytest

from supplyline.engine.simulate import simulate

GOLDEN = Path(__file__).with_name("toy.csv")
LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95]
EVERY = slice(9, None, 10)
"""Each tenth day of the sixty."""


def quantile_table(run):
    """Lay the quantiles of all outputs out in rows."""
    daily = run.daily.isel(day=EVERY).drop_vars("part")
    last = run.weekly.isel(week=-1, drop=True)
    tables = []
    for data in (daily, last, run.ledger):
        for name, values in data.items():
            table = values.astype(float).quantile(LEVELS, dim="member", skipna=False)
            rows = table.rename("value").to_dataframe().reset_index()
            where = [c for c in rows.columns if c not in {"value", "quantile"}]
            labels = rows[where].astype(str).agg("/".join, axis=1) if where else ""
            rows = rows.assign(output=name, where=labels)
            tables.append(rows[["output", "where", "quantile", "value"]])
    return pd.concat(tables, ignore_index=True)


@pytest.fixture(scope="module")
def table(toy):
    return quantile_table(simulate(toy, days=0, members=64, seed=1))


def test_the_quantiles_are_those_kept(table, request):
    if request.config.getoption("--update-golden"):
        table.to_csv(GOLDEN, index=False, float_format="%.12g")

    kept = pd.read_csv(GOLDEN, keep_default_na=True, dtype={"where": str})

    pd.testing.assert_frame_equal(table, kept, rtol=1e-9, atol=1e-9, check_dtype=False)


def test_a_change_of_one_parameter_is_seen(toy, table):
    other = quantile_table(simulate(toy, days=0, members=64, seed=2))

    with pytest.raises(AssertionError):
        pd.testing.assert_frame_equal(table, other, rtol=1e-9)
