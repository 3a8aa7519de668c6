"""Runs that stay in their folder: what is read of them, and what was changed since."""

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xarray as xr
from typer.testing import CliRunner

from made_regime import made_regime_run
from supplyline.case.case import load_case
from supplyline.cli import app
from supplyline.engine.simulate import simulate, simulate_again
from supplyline.errors import RunError
from supplyline.runs import MANIFEST, load_run, saved, verify
from supplyline.runs.layout import COUNTRY_TABLES, LAYOUT, TABLES
from supplyline.runs.parquet import long_table

MEMBERS = 8
PARTS = ["0000000-0000003", "0000003-0000006", "0000006-0000008"]
HELD = ("daily", "weekly", "ledger")


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Let a part have three members, and a run be large at once."""
    monkeypatch.setattr("supplyline.runs.parts.PART_MEMBERS", 3)
    monkeypatch.setattr("supplyline.runs.folder.HELD_BYTES", 0)


@pytest.fixture(scope="module")
def run(toy):
    """Give a run with losses."""
    return simulate(toy, days=5, members=MEMBERS, seed=7)


@pytest.fixture
def folder(run, tmp_path):
    return run.save(tmp_path)


def equal(one, other):
    """Tell whether two runs hold the same."""
    same = [getattr(one, name).equals(getattr(other, name)) for name in HELD]
    return (
        all(same)
        and one.losses.equals(other.losses)
        and one.params.equals(other.params)
    )


def test_a_large_run_is_read_as_it_was_saved(run, folder):
    large = load_run(folder)

    assert equal(run, large)
    assert equal(run, load_run(large.save(folder.parent / "again")))
    assert verify(folder)


def test_the_case_of_a_folder_is_read_once(folder, monkeypatch):
    read = []

    def load(place):
        read.append(place)
        return load_case(place)

    monkeypatch.setattr("supplyline.runs.folder.load_case", load)
    load_run(folder)
    assert read == [folder / "case"]


def test_a_large_run_saved_over_itself_is_the_same(run, folder):
    large = load_run(folder)

    assert large.save(folder.parent) == folder
    assert equal(run, large)
    assert equal(run, load_run(folder))


@pytest.fixture
def reads(monkeypatch):
    """Note what is read: file, first row, and one past the last."""
    noted = []
    read = saved.read_rows

    def note(file, name, start, stop):
        noted.append((name, start, stop))
        return read(file, name, start, stop)

    monkeypatch.setattr(saved, "read_rows", note)
    return noted


@pytest.mark.parametrize(
    ("part", "name", "chosen", "rows"),
    [
        ("daily", "trucks_sent", {"member": 4}, [(65, 130)]),
        ("daily", "trucks_sent", {"member": [2, 3]}, [(130, 195), (0, 65)]),
        ("daily", "trucks_sent", {"member": slice(1, 2)}, [(65, 195)]),
        (
            "daily",
            "stock_kl",
            {"product": "gas_oil"},
            [(195, 390), (195, 390), (130, 260)],
        ),
        ("weekly", "stock_kl", {"place": "highcourt", "member": 7}, [(36, 72)]),
        ("weekly", "corridor_trucks_sent", {"member": []}, []),
        ("ledger", "trucks", {"truck_account": "lost", "member": 0}, None),
    ],
)
def test_only_what_is_chosen_is_read(run, folder, reads, part, name, chosen, rows):
    large = load_run(folder)
    reads.clear()

    picked = getattr(large, part)[name].sel(chosen)

    assert reads == []
    assert picked.equals(getattr(run, part)[name].sel(chosen))
    assert rows is None or [(start, stop) for _, start, stop in reads] == rows


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"member": 5},
        {"member": [7, 0, 4, 4]},
        {"member": slice(None, None, -2), "week": slice(2, 6)},
        {"place": [2, 0], "product": 1},
        {"week": -1, "member": slice(3, 3)},
        {"member": np.array([True, False] * 4)},
    ],
)
def test_whatever_is_chosen_is_what_a_held_run_gives(run, folder, chosen):
    picked = load_run(folder).weekly["stock_kl"].isel(chosen)
    expected = run.weekly["stock_kl"].isel(chosen)

    assert picked.equals(expected)
    assert picked.T.equals(expected.T)
    assert picked.sum().equals(expected.sum())


def test_elements_are_chosen_along_a_new_dim(run, folder):
    points = {dim: xr.DataArray([0, 4, 7], dims="point") for dim in ("member", "week")}

    picked = load_run(folder).weekly["stock_kl"].isel(points)

    assert picked.equals(run.weekly["stock_kl"].isel(points))


def test_threads_read_the_same(run, folder):
    large = load_run(folder)
    names = [*large.weekly] * 3

    with ThreadPoolExecutor(8) as executor:
        values = list(executor.map(lambda name: large.weekly[name].to_numpy(), names))

    for name, read in zip(names, values, strict=True):
        np.testing.assert_array_equal(read, run.weekly[name].to_numpy())


@pytest.mark.parametrize("members", [range(8), range(2, 7), range(4, 5), range(6, 8)])
def test_some_members_of_a_run_are_the_same_from_memory_and_folder(
    run, folder, members
):
    held, read = run.select(members), load_run(folder).select(members)

    assert held.members == read.members == members
    assert equal(held, read)
    assert held.losses["member"].isin(members).all()
    assert list(held.params.index) == list(members)


@pytest.mark.parametrize(
    "members",
    [range(0), range(6, 9), range(-1, 3), range(0, 8, 2), range(5, 2), [1, 2], 5, "x"],
)
@pytest.mark.parametrize("where", ["memory", "folder"])
def test_members_that_a_run_has_not_are_told(run, folder, members, where):
    own = run if where == "memory" else load_run(folder)
    with pytest.raises(ValueError, match=r"^members is .*within range\(0, 8\)$"):
        own.select(members)


@pytest.mark.parametrize("members", [range(2, 7), range(3), range(7, 8)])
def test_some_members_are_a_run_of_their_own(folder, members, tmp_path):
    own = load_run(folder).select(members)

    again = own.save(tmp_path / "own")

    assert again.name != folder.name
    assert verify(again, rerun=simulate_again).arguments.range == members
    assert equal(own, load_run(again))


def test_a_rerun_is_compared_part_by_part(folder):
    asked = []

    def rerun(part):
        asked.append(part.members)
        again = simulate_again(part)
        if part.members == range(3, 6):
            return replace(again, params=again.params + 1e-9)
        return again

    with pytest.raises(RunError, match=r"a rerun of .* differs in params\n"):
        verify(folder, rerun=rerun)
    assert asked == [range(3), range(3, 6), range(6, 8)]


def spoil(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda path: path.unlink(), "removed"),
        (lambda path: shutil.rmtree(path.parent), "removed"),
        (spoil, "changed"),
        (lambda path: path.write_bytes(b""), "changed"),
    ],
)
@pytest.mark.parametrize(
    ("table", "use"),
    [
        ("nation", lambda run: run.daily["trucks_sent"].sum().item()),
        ("losses", lambda run: run.losses),
        ("params", lambda run: run.params),
    ],
)
def test_a_file_that_is_another_by_now_is_named(folder, change, word, table, use):
    large = load_run(folder)
    path = folder / table / f"{PARTS[1]}.parquet"
    change(path)

    with pytest.raises(RunError, match=f"{path.parent}/.* was {word} since the run"):
        use(large)


def test_a_file_that_was_written_again_is_read(run, folder):
    large = load_run(folder)
    for path in folder.glob("*/*.parquet"):
        os.utime(path, ns=(0, 0))

    assert equal(run, large)


def test_a_table_is_read_by_pandas_from_its_folder(run, folder):
    table = pd.read_parquet(folder / "depots")

    assert sorted(path.stem for path in (folder / "depots").iterdir()) == PARTS
    assert len(table) == run.weekly["stock_kl"].size
    named = table.set_index(["member", "week", "place", "product"])["stock_kl"]
    by_name = run.weekly["stock_kl"].to_series()
    for member, week, place, product in by_name.index[:: len(by_name) // 50]:
        label = (member, week, place, product)
        assert named[label] == by_name[label]
    assert table["week"].dtype.kind == "M"


def test_rows_are_sorted_by_axis_member_and_time(folder):
    table = pd.read_parquet(folder / "depots" / f"{PARTS[0]}.parquet")

    labels = [table[name] for name in ("place", "product")]
    codes = [pd.factorize(each)[0] for each in labels] + [
        table["member"],
        table["week"],
    ]
    assert pd.DataFrame(dict(enumerate(codes))).duplicated().sum() == 0
    keys = list(zip(*codes, strict=True))
    assert all(one < other for one, other in pairwise(keys))


def as_before(folder, run, schema):
    """Write the tables of a folder as an earlier version of the format has them."""
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    outputs = {}
    for name in run.tables:
        shutil.rmtree(folder / name)
        if schema == 1 and name in COUNTRY_TABLES:
            continue
        if name not in LAYOUT:
            table = run.table(name)
        else:
            part, dims = LAYOUT[name]
            table = long_table(getattr(run, part), dims)
        pq.write_table(table, folder / f"{name}.parquet", compression="lz4")
        hashed = sha256((folder / f"{name}.parquet").read_bytes()).hexdigest()
        outputs[f"{name}.parquet"] = {"sha256": hashed, "rows": table.num_rows}
    content |= {"schema_version": schema, "outputs": outputs}
    (folder / MANIFEST).write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("schema", [1, 2])
@pytest.mark.parametrize("way", ["simulate", "brief", "python"])
def test_a_run_of_the_versions_before_is_no_answer_to_a_request(
    toy, tmp_path, way, schema
):
    """It is made again: a run that is said to be there holds to verify --rerun."""
    run = simulate(toy, members=MEMBERS, days=1)
    folder = run.save(tmp_path)
    as_before(folder, run, schema)
    assert load_run(folder).manifest.schema_version == schema

    if way == "python":
        simulate(toy, members=MEMBERS, days=1, folder=tmp_path)
    else:
        size = ["--members", str(MEMBERS), "--days", "1"]
        where = {
            "simulate": ["-o", str(tmp_path)],
            "brief": ["--runs", str(tmp_path), "-o", str(tmp_path / "x.html")],
        }
        told = CliRunner().invoke(app, [way, "toy", *size, *where[way]])
        reason = f"is of an earlier supplyline (schema_version {schema})\nIt was made"
        assert reason in told.stderr

    assert verify(folder, simulate_again).schema_version == 3


@pytest.mark.parametrize("held", [0, 10**9])
def test_a_folder_of_the_versions_before_is_read(toy, tmp_path, monkeypatch, held):
    monkeypatch.setattr("supplyline.runs.folder.HELD_BYTES", held)
    run = made_regime_run(toy, members=MEMBERS)
    folder = run.save(tmp_path)
    as_before(folder, run, 2)

    old = load_run(folder)

    assert equal(run, old)
    assert verify(folder).schema_version == 2
    assert verify(old.save(tmp_path)).schema_version == 3
    assert equal(run, load_run(folder))


def test_a_run_of_the_first_version_has_no_country(toy, tmp_path):
    country = made_regime_run(toy, members=MEMBERS)
    folder = country.save(tmp_path)
    as_before(folder, country, 1)

    old = load_run(folder)

    assert not old.has_country
    assert old.tables == TABLES
    assert "region" not in old.weekly.dims
    assert old.weekly["stock_kl"].equals(country.weekly["stock_kl"])
    assert not load_run(old.save(tmp_path)).has_country


@pytest.mark.parametrize("table", ["depots", "losses", "params", "truck_ledger"])
@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_the_manifest_leaves_out_is_told(folder, table, part):
    name = f"{table}/{part}.parquet"
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    del content["outputs"][name]
    (folder / MANIFEST).write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(RunError, match=f"{name}: unknown"):
        verify(folder)
    (folder / name).unlink()
    with pytest.raises(RunError, match=f"{name}: absent"):
        verify(folder)


def test_a_part_of_too_few_rows_is_told_even_with_its_hash(folder):
    name = f"depots/{PARTS[1]}.parquet"
    table = pq.read_table(folder / name)
    sink = pa.BufferOutputStream()
    pq.write_table(table.slice(6), sink)
    written = sink.getvalue().to_pybytes()
    (folder / name).write_bytes(written)
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    rows = table.num_rows - 6
    content["outputs"][name] = {"sha256": sha256(written).hexdigest(), "rows": rows}
    (folder / MANIFEST).write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(RunError, match="depots: its files differ in the rows"):
        load_run(folder)
