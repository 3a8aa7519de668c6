"""Runs that are written part by part while they are simulated."""

import errno
import json
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from supplyline.cli import app
from supplyline.engine import in_parts
from supplyline.engine.checkpoints import ENDING
from supplyline.engine.executors import Executor
from supplyline.engine.run_cache import simulate_once
from supplyline.engine.simulate import simulate
from supplyline.errors import OutputError
from supplyline.output import held_folder
from supplyline.runs import MANIFEST, Arguments, verify

MEMBERS = 8
HELD = ("daily", "weekly", "ledger")


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Let a part have three members."""
    monkeypatch.setattr("supplyline.runs.parts.PART_MEMBERS", 3)


@pytest.fixture
def large(monkeypatch):
    """Let no run be small enough to be held."""
    monkeypatch.setattr("supplyline.runs.folder.HELD_BYTES", 0)
    monkeypatch.setattr("supplyline.engine.estimate.HELD_BYTES", 0)


@pytest.fixture(scope="module")
def run(toy):
    return simulate(toy, days=0, members=MEMBERS, seed=7)


@pytest.fixture
def saved(run, tmp_path):
    """Tell what the folder of the run holds, as `Run.save` writes it."""
    return content(run.save(tmp_path / "saved"))


def into(folder, case, **rest):
    return simulate(case, days=0, members=MEMBERS, seed=7, folder=folder, **rest)


def content(folder):
    """Tell what a folder holds; of a manifest without time and memory."""
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    files[MANIFEST] = json.loads(files[MANIFEST]) | {"resources": None}
    return files


def only(parent):
    (folder,) = parent.iterdir()
    return folder


def equal(one, other):
    """Tell whether two runs hold the same."""
    same = [getattr(one, name).equals(getattr(other, name)) for name in HELD]
    tables = one.losses.equals(other.losses) and one.params.equals(other.params)
    return all(same) and tables


class Serial(Executor):
    """Does tasks one by one, the last first if it is asked to."""

    words = "1 worker"
    workers = 1

    def __init__(self, *, is_sharing=False, is_reversed=False):
        self.is_sharing, self.is_reversed = is_sharing, is_reversed
        self.tasks = []

    def close(self, *, is_done=True):
        pass

    def shares(self, _):
        return self.is_sharing

    def map(self, function, shared, tasks):
        for task in reversed(tasks) if self.is_reversed else tasks:
            self.tasks.append(task)
            yield task, function(shared, task)


@pytest.mark.parametrize("size", ["small", "large"])
@pytest.mark.parametrize(
    "executor",
    [
        Serial(),
        Serial(is_reversed=True),
        Serial(is_sharing=True),
        Serial(is_sharing=True, is_reversed=True),
    ],
)
def test_whoever_writes_the_folder_is_that_of_a_saved_run(
    request, toy, run, saved, tmp_path, executor, size
):
    if size == "large":
        request.getfixturevalue("large")

    made = into(tmp_path / "runs", toy, executor=executor)

    assert equal(run, made)
    assert content(only(tmp_path / "runs")) == saved
    assert verify(only(tmp_path / "runs"))


class StoppedError(Exception):
    """A run is stopped."""


def stop_after(members):
    def stop(done, _):
        if done > members:
            raise StoppedError

    return stop


def interrupted(parent, case):
    """Stop a run after two of its three parts; give its unfinished folder."""
    with pytest.raises(StoppedError):
        into(parent, case, progress=stop_after(6), executor=Serial())
    return only(parent)


def test_an_interrupted_run_goes_on_with_the_parts_it_has(toy, run, saved, tmp_path):
    unfinished = interrupted(tmp_path / "runs", toy)
    executor, steps = Serial(), []

    made = into(
        tmp_path / "runs",
        toy,
        executor=executor,
        progress=lambda done, total: steps.append((done, total)),
    )

    assert unfinished.name.endswith(ENDING)
    assert executor.tasks == [range(6, 8)]
    assert steps == [(6, 8), (8, 8)]
    assert equal(run, made)
    assert content(only(tmp_path / "runs")) == saved


def spoil(path):
    spoilt = bytearray(path.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    path.write_bytes(spoilt)


def another(path):
    text = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(text | {"request": "0" * 12}), encoding="utf-8")


def cut(path):
    path.write_bytes(path.read_bytes()[:100])


def link(path):
    path.symlink_to(path.rename(path.parents[4] / "elsewhere"))


RECORD = "parts/0000000-0000003.json"
TABLE = "run/depots/0000000-0000003.parquet"


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        (TABLE, Path.unlink),
        (TABLE, spoil),
        (TABLE, cut),
        (TABLE, link),
        (RECORD, Path.unlink),
        (RECORD, cut),
        (RECORD, another),
        (RECORD, lambda path: path.write_bytes(b"\xff")),
        (RECORD, lambda path: path.write_text("[]")),
    ],
)
def test_a_damaged_part_is_made_again(toy, saved, tmp_path, name, damage):
    unfinished = interrupted(tmp_path / "runs", toy)
    damage(unfinished / name)
    executor = Serial()

    into(tmp_path / "runs", toy, executor=executor)

    assert executor.tasks == [range(3), range(6, 8)]
    assert content(only(tmp_path / "runs")) == saved


@pytest.mark.parametrize(
    "leave",
    [
        lambda folder: (folder / "run" / "depots" / "note.txt").write_text("mine"),
        lambda folder: (folder / "run" / MANIFEST).write_text("{}"),
        lambda folder: (folder / "run" / "case" / "deep").mkdir(parents=True),
        lambda folder: (folder / ".draft-abcd1234" / "depots").mkdir(parents=True),
        lambda folder: os.mkfifo(folder / "run" / "pipe"),
        lambda folder: (folder / "run" / "link").symlink_to("nowhere"),
    ],
    ids=["note", "manifest", "case", "draft", "pipe", "link"],
)
def test_what_a_kill_left_does_not_come_into_the_run(toy, saved, tmp_path, leave):
    leave(interrupted(tmp_path / "runs", toy))
    executor = Serial()

    into(tmp_path / "runs", toy, executor=executor)

    assert executor.tasks == [range(6, 8)]
    assert content(only(tmp_path / "runs")) == saved


def test_a_run_that_is_there_is_read(toy, run, tmp_path):
    into(tmp_path, toy)
    executor = Serial()

    assert equal(run, into(tmp_path, toy, executor=executor))
    assert executor.tasks == []


def test_a_spoilt_run_is_replaced_and_its_fault_told(toy, saved, tmp_path):
    into(tmp_path / "runs", toy)
    folder = only(tmp_path / "runs")
    spoil(folder / "nation" / "0000003-0000006.parquet")

    arguments = Arguments(days=0, members=MEMBERS, seed=7)
    kept = simulate_once(toy, tmp_path / "runs", scenario=None, arguments=arguments)

    assert "nation/0000003-0000006.parquet" in kept.fault
    assert content(only(tmp_path / "runs")) == saved


def test_two_who_want_the_same_run_simulate_it_once(toy, run, saved, tmp_path):
    one, other = Serial(), Serial()

    with ThreadPoolExecutor(2) as pool:
        made = list(
            pool.map(
                lambda each: into(tmp_path / "runs", toy, executor=each), (one, other)
            )
        )

    assert all(equal(run, each) for each in made)
    assert sorted(map(len, (one.tasks, other.tasks))) == [0, 3]
    assert content(only(tmp_path / "runs")) == saved


def test_who_waits_for_another_process_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("supplyline.output.TOLD_AFTER_S", 0)
    folder = tmp_path / "run.unfinished"
    entered, leave = threading.Event(), threading.Event()

    def hold():
        with held_folder(folder):
            entered.set()
            leave.wait()

    def let_go(message, *_, **__):
        told.append(message)
        leave.set()

    told = []
    monkeypatch.setattr("warnings.warn", let_go)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        entered.wait()
        with held_folder(folder):
            held.result()

    assert told == [f"{folder}: waiting for another process that writes there"]


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_disk_that_is_full_meanwhile_is_told(
    toy, saved, tmp_path, monkeypatch, number
):
    write = Path.write_bytes

    def fail(path, written):
        if path.name.startswith("0000006"):
            raise OSError(number, os.strerror(number), str(path))
        return write(path, written)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", fail)
        with pytest.raises(OutputError, match="are kept: make room and give the same"):
            into(tmp_path / "runs", toy, executor=Serial())
    executor = Serial()

    into(tmp_path / "runs", toy, executor=executor)

    assert executor.tasks == [range(6, 8)]
    assert content(only(tmp_path / "runs")) == saved


class Usage(NamedTuple):
    """What a disk is said to have."""

    free: int


@pytest.mark.parametrize("members", [MEMBERS, 1_000_000])
@pytest.mark.parametrize("verb", ["simulate", "brief"])
def test_a_disk_that_is_too_small_is_told_before_the_run(
    tmp_path, monkeypatch, verb, members
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100_000))
    monkeypatch.setattr(in_parts, "simulate_members", None)

    result = CliRunner().invoke(app, [verb, "toy", "--members", str(members)])

    assert result.exit_code == 2
    assert f"Error: {members:,} members need about " in result.stderr
    assert "choose fewer members or days, or another folder" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert [
        path.name for path in (tmp_path / "runs").iterdir() if any(path.iterdir())
    ] == []


def left(parent, name, *inside):
    for each in inside:
        place = parent / name / each
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"")
    return parent / name


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        (".parts-0123456789ab", ["0000000-0001024.npz", "0001024-0002048.npz"]),
        (".parts-0123456789ab", [".draft-0000000-0001024.npz-abcd1234"]),
        ("toy-other-0123456789ab.unfinished", ["parts/0000000-0001024.json"]),
        ("toy-other-0123456789ab.unfinished", [".draft-abcd1234/depots/x"]),
    ],
)
def test_what_nobody_can_go_on_from_is_swept(toy, tmp_path, name, inside):
    path = left(tmp_path, name, *inside)

    into(tmp_path, toy)

    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        (".parts-of-mine", ["notes.txt"]),
        ("thesis.unfinished", ["chapter.md"]),
        ("toy-other-0123456789ab.unfinished", ["run/depots/0000000-0001024.parquet"]),
        ("toy-other-0123456789ab.unfinished", ["parts/0000000-0001024.json", "x"]),
    ],
)
def test_what_is_of_another_run_or_only_named_like_one_stays(
    toy, tmp_path, name, inside
):
    path = left(tmp_path, name, *inside)

    into(tmp_path, toy)

    assert all((path / each).exists() for each in inside)


@pytest.mark.parametrize("kind", ["a file", "a link"])
def test_what_is_no_folder_in_the_place_of_the_unfinished_run_is_refused(
    toy, run, tmp_path, kind
):
    place = tmp_path / f"{run.manifest.name}{ENDING}"
    if kind == "a file":
        place.touch()
    else:
        place.symlink_to(tmp_path)

    with pytest.raises(OutputError, match=f"unfinished is {kind}; expected a run"):
        into(tmp_path, toy)


@pytest.mark.usefixtures("large")
def test_memory_holds_the_parts_under_way_alone(toy, tmp_path, monkeypatch):
    begun, written, most = [], [], []
    room, write = in_parts.simulate_parts, in_parts.write_part

    def noted_parts(*arguments):
        for part in room(*arguments):
            begun.append(part.members)
            most.append(len(begun) - len(written))
            yield part

    def noted_write(*arguments):
        record = write(*arguments)
        written.append(record.members)
        return record

    monkeypatch.setattr(in_parts, "simulate_parts", noted_parts)
    monkeypatch.setattr(in_parts, "write_part", noted_write)

    simulate(toy, days=0, members=36, seed=7, folder=tmp_path, executor=Serial())

    assert len(written) == 12
    # one that is written, two that wait, one that comes
    assert max(most) <= 4
