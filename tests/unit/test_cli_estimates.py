"""What a large run is about to take is told before and while it is simulated."""

import pytest
from typer.testing import CliRunner

from supplyline.cli import app
from supplyline.cli.job import in_words


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
    assert line == f"estimate   0.6 GB of memory, 0.0 GB in {tmp_path}"
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
