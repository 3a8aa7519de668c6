"""Lineages: what they may hold, their file, and folders of runs that live on one."""

import json
import shutil
from hashlib import sha256

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import made_summaries as made
import supplyline as sl
from supplyline.engine.simulate import simulate_again
from supplyline.errors import RunError
from supplyline.runs import MANIFEST, fresh_luck, load_run, read_manifest, verify
from supplyline.runs.lineage import LINEAGE

MEMBERS = 8
CUT = 50
QUICK = {"days": 0, "seed": 7}
HELD = ("daily", "weekly", "ledger")


def params_of(members=MEMBERS, **values):
    return pd.DataFrame(values, index=pd.RangeIndex(members))


@pytest.fixture(scope="module")
def lineage():
    moved = params_of(truck_kl=np.linspace(20, 40, MEMBERS), holding_days=1 / 3)
    numbers = [5, 5, 1, 0, 2, 2, 2, 70]
    return sl.Lineage(
        (
            sl.Stretch(0, numbers),
            sl.Stretch(CUT, fresh_luck(0, MEMBERS), moved),
            sl.Stretch(CUT + 9, fresh_luck(1, MEMBERS)),
        )
    )


@pytest.fixture(scope="module")
def run(toy, lineage):
    return sl.simulate(toy, lineage=lineage, **QUICK)


@pytest.fixture(scope="module")
def saved(run, tmp_path_factory):
    return run.save(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def folder(saved, tmp_path):
    """Give a copy of the run folder that a test may spoil."""
    return shutil.copytree(saved, tmp_path / saved.name)


def equal(one, other):
    """Tell whether two runs hold the same."""
    same = [getattr(one, name).equals(getattr(other, name)) for name in HELD]
    tables = one.losses.equals(other.losses) and one.params.equals(other.params)
    return all(same) and tables and one.lineage == other.lineage


def test_every_fault_of_a_lineage_is_told_at_once():
    index = pd.RangeIndex(1, 4)
    wrong = pd.DataFrame({"truk_kl": 1.0, "truck_kl": [-1.0, 30, np.nan]}, index)
    stretches = [
        sl.Stretch(1, [0, 1, 2]),
        sl.Stretch(9, [0, 1]),
        sl.Stretch(9, [0, -1, 2**31], wrong),
        sl.Stretch("10", [0.5, 1, 2], "truck_kl=30"),
        sl.Stretch(11, [[0, 1, 2]], params_of(3, truck_kl="x")),
    ]

    with pytest.raises(ValueError, match="stretches") as fault:
        sl.Lineage(tuple(stretches))

    for part in (
        "stretches[0].first_day is 1; expected 0",
        "stretches[1].luck has 2 numbers; expected 3, as stretches[0] has",
        "stretches[2].first_day is 9; expected more than 9",
        "stretches[2].luck of member 1 and 1 more is -1; expected 0 to 2,147,483,647",
        "column of stretches[2].params is 'truk_kl'",
        "did you mean 'truck_kl'?",
        "stretches[2].params['truck_kl'] of member 1 and 1 more is -1; expected",
        "stretches[2].params has 3 rows from 1 to 3; expected the members as index",
        "stretches[3].first_day is '10'; expected a day of the run",
        "stretches[3].luck holds float64; expected whole numbers",
        "stretches[3].params is 'truck_kl=30'; expected a DataFrame or None",
        "stretches[4].luck has the shape (1, 3); expected a number a member",
        "stretches[4].params['truck_kl'] holds",
    ):
        assert part in str(fault.value)


@pytest.mark.parametrize(
    "stretches",
    [
        (),
        (sl.Stretch(0, []),),
        (sl.Stretch(0, 3),),
        (sl.Stretch(0, [True, False]),),
        (sl.Stretch(0, ["0", "1"]),),
        (sl.Stretch(True, [0, 1]),),
        (sl.Stretch(0.0, [0, 1]),),
        (sl.Stretch(-1, [0, 1]),),
        (sl.Stretch(0, [0, 1]), sl.Stretch(0, [0, 1])),
        (sl.Stretch(0, [0, 1]), sl.Stretch(-5, [0, 1])),
        (sl.Stretch(0, [0, 1], params_of(3, truck_kl=30.0)),),
        (sl.Stretch(0, [0, 1], params_of(2, truck_kl=np.inf)),),
    ],
)
def test_what_is_no_lineage_is_refused(stretches):
    with pytest.raises(ValueError, match="expected"):
        sl.Lineage(stretches)


def test_nobody_changes_a_lineage(lineage):
    numbers, moved = np.arange(4), params_of(4, truck_kl=30.0)
    own = sl.Lineage((sl.Stretch(0, numbers, moved),))
    before = own.sha256
    numbers[0], moved.loc[0, "truck_kl"] = 9, 31.0

    assert sl.Lineage(own.stretches).sha256 == before
    with pytest.raises(ValueError, match="read-only"):
        lineage.stretches[0].luck[0] = 1


def test_a_lineage_is_told_by_its_content(lineage):
    first, second, last = lineage.stretches
    turned = second.params[second.params.columns[::-1]]
    same = sl.Lineage([first, second._replace(params=turned), last])
    others = [
        (first, second),
        (first, second._replace(params=None), last),
        (first, second._replace(first_day=CUT - 1), last),
        (first._replace(luck=first.luck[::-1]), second, last),
        (first, second._replace(params=second.params[["truck_kl"]]), last),
        (first, second._replace(params=second.params + 2.0**-40), last),
        (first, second._replace(params=None), last._replace(params=second.params)),
    ]

    assert same == lineage
    assert hash(same) == hash(lineage)
    hashes = {sl.Lineage(each).sha256 for each in others} | {lineage.sha256}
    assert len(hashes) == len(others) + 1
    # fixed for good: a change would rename every run that lives on one
    assert sl.Lineage([sl.Stretch(0, [0, 1])]).sha256.startswith("29861c312c51d6e4")


def test_a_lineage_is_read_as_it_was_saved(lineage, tmp_path):
    path = tmp_path / "members.parquet"
    lineage.save(path)
    again = sl.Lineage.load(path)

    assert again == lineage
    for one, other in zip(again.stretches, lineage.stretches, strict=True):
        assert one.first_day == other.first_day
        assert np.array_equal(one.luck, other.luck)
        assert (one.params is None) == (other.params is None)
    frame = pd.read_parquet(path)
    assert list(frame.columns[:3]) == ["member", "first_day", "luck"]
    assert len(frame) == 3 * MEMBERS


@pytest.mark.parametrize("kind", ["no table", "no luck", "no first", "twice", "value"])
def test_a_file_that_holds_no_lineage_is_told(lineage, tmp_path, kind):
    path, frame = tmp_path / "members.parquet", lineage.table().to_pandas()
    if kind == "no table":
        path.write_bytes(b"no table")
    else:
        spoilt = {
            "no luck": frame.drop(columns="luck"),
            "no first": frame[frame["first_day"] > 0],
            "twice": pd.concat([frame, frame]),
            "value": frame.assign(truck_kl=frame["truck_kl"].where(frame.index != 9)),
        }
        spoilt[kind].to_parquet(path)

    with pytest.raises(RunError, match=r"members\.parquet: "):
        sl.Lineage.load(path)


def test_fresh_luck_is_nobody_elses():
    fresh = np.concatenate([fresh_luck(step, 2000) for step in range(20)])

    assert len(np.unique(fresh)) == 20 * 2000
    assert fresh.min() >= 2**24  # a pool has fewer members


@pytest.mark.parametrize("other", ["members", "like", "params"])
def test_what_a_lineage_decides_cannot_be_given_with_it(toy, run, lineage, other):
    given = {"members": 8, "like": run, "params": params_of(truck_kl=30.0)}[other]
    told = f"{'lineage' if other == 'like' else other} cannot be given together with"
    summaries = {"lost": made.lost}
    both = {"lineage": lineage, other: given}

    if other != "params":
        with pytest.raises(ValueError, match=told):
            sl.simulate(toy, **both)
    if other != "like":
        with pytest.raises(ValueError, match=told):
            sl.simulate_summaries(toy, summaries, **both)


def test_a_parameter_that_the_case_has_not_is_told():
    moved = params_of(2, coup_success_probability=0.5, truck_kl=30.0)
    lineage = sl.Lineage([sl.Stretch(0, [0, 1]), sl.Stretch(9, [0, 1], moved)])

    with pytest.raises(ValueError, match=r"stretches\[1\]\.params is 'coup_success"):
        sl.simulate(sl.load_case("corridor180"), lineage=lineage)
    with pytest.raises(TypeError, match="expected a Lineage"):
        sl.simulate(sl.load_case("toy"), lineage=[0, 1])


def test_a_run_is_read_with_its_lineage_and_made_again(run, saved, lineage):
    again = load_run(saved)

    assert equal(again, run)
    assert again.lineage == lineage
    assert LINEAGE in read_manifest(saved).outputs
    assert verify(saved, rerun=simulate_again)
    assert lineage.sha256 in run._repr_html_()


def test_a_rerun_on_other_luck_is_told(saved, toy):
    with pytest.raises(RunError, match=r"a rerun of .* differs in"):
        verify(saved, rerun=lambda _: sl.simulate(toy, members=MEMBERS, **QUICK))


def test_members_that_are_chosen_keep_their_lineage(toy, run, tmp_path):
    few = run.select(range(3, 6))
    alone = sl.simulate(toy, like=few)

    assert equal(alone, few)
    assert list(few.members) == [3, 4, 5]
    assert equal(load_run(few.save(tmp_path)), few)
    assert verify(tmp_path / few.manifest.name, rerun=simulate_again)


class StoppedError(Exception):
    """A run is stopped."""


@pytest.mark.parametrize("is_large", [True, False])
def test_a_run_in_parts_goes_on_where_it_was_stopped(
    toy, run, saved, lineage, tmp_path, monkeypatch, is_large
):
    monkeypatch.setattr("supplyline.runs.parts.PART_MEMBERS", 3)
    whole = run.save(tmp_path / "whole")
    if is_large:
        monkeypatch.setattr("supplyline.runs.folder.HELD_BYTES", 0)
        monkeypatch.setattr("supplyline.engine.estimate.HELD_BYTES", 0)

    def stop(done, _):
        if done > 6:
            raise StoppedError

    how = {"lineage": lineage, "folder": tmp_path / "runs", **QUICK}
    with sl.threads(1) as one, pytest.raises(StoppedError):
        sl.simulate(toy, executor=one, progress=stop, **how)
    made_run = sl.simulate(toy, **how)

    assert equal(made_run, run)
    files = [
        {
            str(path.relative_to(each)): path.read_bytes()
            for path in sorted(each.rglob("*.parquet"))
        }
        for each in (whole, tmp_path / "runs" / saved.name)
    ]
    assert files[0] == files[1]
    assert LINEAGE in files[0]
    assert verify(tmp_path / "runs" / saved.name, rerun=simulate_again)
    assert equal(sl.simulate(toy, **how), run)


def test_processes_write_the_same_folder(toy, saved, lineage, tmp_path):
    with sl.processes(2) as executor:
        sl.simulate(toy, lineage=lineage, folder=tmp_path, executor=executor, **QUICK)

    made_files, files = (
        {path.name: path.read_bytes() for path in sorted(each.rglob("*.parquet"))}
        for each in (tmp_path / saved.name, saved)
    )
    assert made_files == files


def told_again(folder):
    """Write the hash of a changed lineage into its manifest."""
    path = folder / MANIFEST
    content = json.loads(path.read_text(encoding="utf-8"))
    content["outputs"][LINEAGE] = {
        "sha256": sha256((folder / LINEAGE).read_bytes()).hexdigest(),
        "rows": pq.read_metadata(folder / LINEAGE).num_rows,
    }
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("is_told", [False, True])
@pytest.mark.parametrize("column", ["luck", "first_day", "truck_kl", "rows"])
def test_a_changed_lineage_is_found(folder, column, is_told):
    frame = pd.read_parquet(folder / LINEAGE)
    if column == "rows":
        frame = frame[frame["member"] < MEMBERS - 1]
    else:
        at = frame["first_day"] == CUT
        frame.loc[at, column] = frame.loc[at, column] + 1
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), folder / LINEAGE)
    if is_told:
        told_again(folder)

    for reader in (load_run, verify):
        with pytest.raises(RunError, match=rf"altered\n  {LINEAGE}: "):
            reader(folder)


@pytest.mark.parametrize("kind", ["absent", "no table", "folder", "of a plain run"])
def test_a_lineage_that_is_no_file_of_one_is_told(toy, folder, tmp_path, kind):
    if kind == "of a plain run":
        plain = sl.simulate(toy, members=2, **QUICK).save(tmp_path / "plain")
        shutil.copy(folder / LINEAGE, plain / LINEAGE)
        folder = plain
    else:
        (folder / LINEAGE).unlink()
        if kind == "no table":
            (folder / LINEAGE).write_bytes(b"no table")
        elif kind == "folder":
            (folder / LINEAGE).mkdir()

    with pytest.raises(RunError, match=rf"{LINEAGE}: "):
        load_run(folder)


def test_a_plain_run_keeps_its_name_and_has_no_lineage(toy, tmp_path):
    plain = sl.simulate(toy, members=2, **QUICK)
    told = json.loads((plain.save(tmp_path) / MANIFEST).read_text(encoding="utf-8"))

    assert "lineage" not in told["request"]["arguments"]
    assert plain.lineage is None
    assert load_run(tmp_path / plain.manifest.name).lineage is None


def test_runs_on_other_lineages_are_not_compared(toy, lineage):
    how = {"days": 10, "seed": 7}
    plain = sl.simulate(toy, members=MEMBERS, **how)
    run = sl.simulate(toy, lineage=lineage, **how)
    for pair in ((run, plain), (plain, run)):
        with pytest.raises(ValueError, match="do not share their luck: lineage"):
            sl.compare(*pair)
    assert sl.compare(run, sl.simulate(toy, scenario="no-escorts", like=run))
