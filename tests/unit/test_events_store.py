"""Events in the store: the newest state of each, on SQLite and PostgreSQL alike."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import made_event_files as made
from postgres import postgresql, store, store_address  # noqa: F401 - fixtures
from supplyline.errors import EvidenceError
from supplyline.evidence.events.event_file import EVENT_COLUMNS, read_events
from supplyline.evidence.store.connection import open_store
from supplyline.evidence.store.events import (
    COUNTS,
    event_files,
    events_between,
    flagged_rows,
    put_events,
    rows_of_kind,
    was_taken,
)

# ruff: noqa: F811 - a fixture is named like its import
EVER = (date(1900, 1, 1), date(2100, 1, 1))


@pytest.fixture
def put(store, tmp_path):
    """Give a function that writes a file and puts it into the store."""

    def put_one(content, name="table.csv"):
        path = tmp_path / name
        path.write_text(content)
        return put_events(store, read_events(path))

    return put_one


def counted(**counts):
    return {**dict.fromkeys(COUNTS, 0), **counts}


def ged(*rows):
    return made.text(made.GED_241, rows)


def test_rows_come_back_as_they_went_in(store, put, tmp_path):
    assert put(made.LAYOUTS["ucdp-23.1"]) == counted(new=7)
    found = events_between(store, *EVER)
    assert tuple(found.columns) == EVENT_COLUMNS
    rows = [
        row
        for batch in read_events(tmp_path / "table.csv").batches()
        for row in batch.to_pylist()
    ]
    for row, (_, kept) in zip(rows, found.iterrows(), strict=True):
        for name in EVENT_COLUMNS:
            if row[name] is not None:
                assert kept[name] == row[name], name


def test_the_same_file_again_changes_nothing(store, put, tmp_path):
    content = ged(made.ged(1), made.ged(2, best="many"))
    assert put(content) == counted(new=1, flagged=1)
    assert was_taken(store, tmp_path / "table.csv")
    assert put(content, "another name.csv") == counted(same=1, flagged=1)
    assert len(event_files(store)) == 1


def test_a_newer_release_wins_whichever_comes_first(store, put):
    old = ged(made.ged(1, best=1), made.ged(2))
    new = ged(made.ged(1, best=8), made.ged(3))
    assert put(new, "GEDEvent_v25_1.csv") == counted(new=2)
    assert put(old, "GEDEvent_v24_1.csv") == counted(new=1, older=1)
    assert put(ged(made.ged(1, best=9)), "GEDEvent_v24_0_9.csv") == counted(older=1)
    found = events_between(store, *EVER).set_index("data_id")
    assert found.loc["1", "deaths"] == 8
    newest = ged(made.ged(1, best=7), made.ged(3))
    assert put(newest, "GEDEvent_v26_1.csv") == counted(changed=1, same=1)
    assert events_between(store, *EVER).set_index("data_id").loc["1", "deaths"] == 7


def test_a_deleted_event_stays_away_until_a_newer_row(store, put):
    rows = made.text(made.ACLED, [made.acled(1), made.acled(2)])
    assert put(rows) == counted(new=2)
    gone = "event_id_cnty,deleted_timestamp\nRUR1,1650000000\nRUR9,1650000000\n"
    assert put(gone) == counted(deleted=1)
    again = made.text(made.ACLED, [made.acled(1), made.acled(2), made.acled(3)])
    assert put(again) == counted(new=1, same=1, buried=1)
    assert set(events_between(store, *EVER)["data_id"]) == {"RUR2", "RUR3"}
    newer = made.text(made.ACLED, [made.acled(1, timestamp=1_660_000_000)])
    assert put(newer) == counted(new=1)
    assert len(events_between(store, *EVER)) == 3


def test_a_deletion_may_come_before_the_event(put):
    assert put("event_id_cnty\nRUR1\n") == counted()
    assert put(made.text(made.ACLED, [made.acled(1)])) == counted(buried=1)


def test_prices_and_aggregates_have_tables_of_their_own(store, put):
    assert put(made.LAYOUTS["wfp-2024"]) == counted(new=7)
    assert put(made.LAYOUTS["hapi-conflict"]) == counted(new=7)
    changed = made.text(made.WFP, [made.wfp(1, price=5), made.wfp(2)])
    assert put(changed) == counted(changed=1, same=1)
    assert rows_of_kind(store, "prices")["price"].min() == 5
    assert rows_of_kind(store, "aggregates")["events"].sum() == 28
    assert events_between(store, *EVER).empty


def test_flagged_rows_are_kept_with_their_reason(store, put, tmp_path):
    put(ged(made.ged(1), made.ged(2, latitude="north")))
    (row,) = flagged_rows(store).to_dict("records")
    assert (row["line"], row["field"], row["found"]) == (3, "latitude", "north")
    assert '"XXX2"' in row["record"]
    sha256 = read_events(tmp_path / "table.csv").sha256
    assert len(flagged_rows(store, sha256)) == 1
    assert flagged_rows(store, "0" * 64).empty


def test_a_damaged_file_leaves_nothing_behind(store, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(ged(*map(made.ged, made.ROWS)))
    file = read_events(path)
    path.write_text(ged(made.ged(1), made.ged(2)))
    with pytest.raises(EvidenceError, match="was changed"):
        put_events(store, file)
    assert events_between(store, *EVER).empty
    assert event_files(store).empty


def test_events_are_found_by_period_and_box(store, put):
    put(
        ged(
            made.ged(1, date_start="2024-01-01", date_end="2024-01-31"),
            made.ged(2, date_start="2024-02-01", date_end="2024-02-01", latitude=""),
            made.ged(3, date_start="2024-03-01", date_end="2024-03-01", latitude=20),
        )
    )

    def found(first, last, box=None):
        return set(events_between(store, first, last, box)["data_id"])

    assert found(date(2024, 1, 31), date(2024, 2, 1)) == {"1", "2"}
    assert found(date(2024, 2, 2), date(2024, 2, 28)) == set()
    assert found(*EVER, (-8, 10, -7, 15)) == {"1"}
    assert found(*EVER, (-8, 10, -7, 25)) == {"1", "3"}


CELLS = st.sampled_from(
    ["1", "", "x", "-3", "2.5", "99999999999999999999", " 7 ", "+4"]
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["", "1", "2", "3", "4", "5"]),
            "best": CELLS,
            "latitude": CELLS,
            "date_start": st.sampled_from(["2024-02-30", "2024-02-28", "", "20240301"]),
        }
    ),
    max_size=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ROWS, second=ROWS)
def test_every_row_is_counted_once(tmp_path, first, second):
    where = tmp_path / "law.sqlite"
    where.unlink(missing_ok=True)
    with open_store(where) as opened:
        for at, rows in enumerate((first, second)):
            path = tmp_path / f"table{at}.csv"
            path.write_text(ged(*(made.ged(1, **row) for row in rows)))
            file = read_events(path)
            counts = put_events(opened, file)
            assert file.rows == len(rows)
            assert sum(counts.values()) == len(rows)
            sound = sum(batch.num_rows for batch in file.batches())
            assert counts["flagged"] == len(rows) - sound == len(file.problems)
        files = event_files(opened)
        events = events_between(opened, *EVER)
        assert len(flagged_rows(opened)) == files["flagged"].sum()
        assert len(events) == files["new"].sum()
        assert events["data_id"].is_unique
