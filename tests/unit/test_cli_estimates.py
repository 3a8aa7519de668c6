"""What a large run is about to take is told before and while it is simulated."""

import re
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from supplyline.cli import app
from supplyline.cli.job import in_words
from supplyline.engine.estimate import refuse_full_disk, size_text
from supplyline.errors import OutputError
from supplyline.runs import Arguments


@pytest.fixture(autouse=True)
def large(monkeypatch):
    """Let every run be large, and every part small."""
    monkeypatch.setattr("supplyline.runs.parts.PART_MEMBERS", 64)
    for module in ("runs.folder", "engine.estimate"):
        monkeypatch.setattr(f"supplyline.{module}.HELD_BYTES", 0)


def simulate(folder, *more):
    arguments = ["simulate", "toy", "--days", "1", "--members", "512", "--threads", "1"]
    return CliRunner().invoke(app, [*arguments, "-o", str(folder), *more])


def test_memory_and_disk_are_told_once_before_and_not_of_a_run_that_is_there(tmp_path):
    first, again = simulate(tmp_path), simulate(tmp_path)

    (line,) = [x for x in first.stdout.splitlines() if x.startswith("estimate")]
    shown = rf"estimate   \d{{3}}\.\d MB of memory, [1-9]\.\d MB in {tmp_path}"
    assert re.fullmatch(shown, line)
    assert "estimate" not in again.stdout
    assert "kept" in again.stdout


def test_the_time_to_go_is_told_once_when_the_rate_is_known(tmp_path, monkeypatch):
    monkeypatch.setattr("supplyline.cli.job.RATE_AFTER_S", 0)

    result = simulate(tmp_path)

    lines = [x for x in result.stdout.splitlines() if x.startswith("estimate")]
    assert len(lines) == 2
    assert lines[1].startswith("estimate   about ")
    assert lines[1].endswith(" to go")


@pytest.mark.parametrize("quiet", ["--quiet", "--json"])
def test_who_wants_no_words_is_told_none(tmp_path, quiet):
    assert "estimate" not in simulate(tmp_path, quiet).stdout


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0.0 MB"),
        (3e6, "3.0 MB"),
        (42_370_000, "42.4 MB"),
        (610e6, "610.0 MB"),
        (1e9, "1.0 GB"),
        (254e9, "254.0 GB"),
    ],
)
def test_a_size_is_told_as_large_as_it_is(size, words):
    assert size_text(size) == words


@pytest.mark.parametrize(("free", "words"), [(0, "none fits"), (30_000, "at most 2 ")])
def test_what_fits_on_a_disk_is_told(toy, tmp_path, monkeypatch, free, words):
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    arguments = Arguments(days=60, members=3_000, seed=1)

    with pytest.raises(OutputError) as told:
        refuse_full_disk(toy, arguments, tmp_path)

    assert "3,000 members need about 42.8 MB in " in str(told.value)
    assert f"; 0.0 MB are free there, in which {words}" in str(told.value)


@pytest.mark.parametrize(("members", "words"), [(1, "1 member"), (2, "2 members")])
def test_one_member_is_told_as_one(tmp_path, members, words):
    folder = ["-o", str(tmp_path)]
    run = CliRunner().invoke(
        app, ["simulate", "toy", "--members", f"{members}", *folder]
    )
    (made,) = tmp_path.iterdir()
    checked = CliRunner().invoke(app, ["verify", str(made)])
    why = ["why", "toy", made.name, "--runs", str(tmp_path)]
    traced = CliRunner().invoke(app, why)

    assert f"simulate   {words} " in run.stdout
    assert f" files, {words}.\n" in checked.stdout
    assert f"{words}, 60 days, seed 1" in traced.stdout


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "about 0 seconds"),
        (1, "about 1 second"),
        (119, "about 119 seconds"),
        (125, "about 2 minutes"),
        (7_000, "about 117 minutes"),
        (11_000, "about 3 hours"),
    ],
)
def test_a_time_is_told_roughly(seconds, words):
    assert in_words(seconds) == words
