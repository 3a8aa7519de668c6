"""The real samples of UCDP are read with no row lost, beside a plain count."""

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from supplyline.evidence.events.event_file import read_events
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.events import events_between, put_events

FOLDER = Path(__file__).parents[2].parent / "shared/data/open/ucdp_ged_sample"
GED = FOLDER / "ged_v23_1_central_african_republic.parquet"
HDX = FOLDER / "hdx_conflict_data_BGD.csv"
pytestmark = pytest.mark.skipif(
    not (GED.exists() and HDX.exists()), reason="the real samples are not here"
)
DEATHS = {"deaths": "best", "deaths_low": "low", "deaths_high": "high"}


def plain_rows(path):
    """Read a file in the plainest way."""
    if path.suffix == ".parquet":
        return pd.read_parquet(path).to_dict("records")
    with path.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["id"]]


@pytest.mark.parametrize(("path", "count"), [(GED, 1848), (HDX, 601)])
def test_nothing_of_a_real_file_is_lost(path, count, tmp_path):
    plain = {str(row["id"]): row for row in plain_rows(path)}
    file = read_events(path)
    with open_store(tmp_path / "evidence.sqlite") as store:
        counts = put_events(store, file)
        found = events_between(store, date(1900, 1, 1), date(2100, 1, 1))
    assert file.rows == counts["new"] == len(found) == len(plain) == count
    assert file.problems == ()
    for mine, theirs in DEATHS.items():
        assert found[mine].sum() == sum(int(row[theirs]) for row in plain.values())
    for _, row in found.iterrows():
        other = plain[row["data_id"]]
        assert str(row["start"]) == str(other["date_start"])[:10]
        assert str(row["end"]) == str(other["date_end"])[:10]
        assert (row["actor1"], row["actor2"]) == (other["side_a"], other["side_b"])
        assert row["lat"] == float(other["latitude"])
        assert row["lon"] == float(other["longitude"])
