"""The command line at a terminal: tables that fit, and one Ctrl-C that stops."""

import signal
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from made_regime import made_regime_run
from supplyline.cli import app
from supplyline.cli.speech import Speech
from supplyline.engine.executors import aside


@pytest.fixture(scope="module")
def pair(toy, tmp_path_factory):
    """Save a baseline and an option that share their luck."""
    folder = tmp_path_factory.mktemp("runs")
    made = [made_regime_run(toy, members=8, scenario=name) for name in (None, "other")]
    return [run.save(folder) for run in made]


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 132])
def test_a_comparison_fits_the_terminal(pair, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))

    result = CliRunner().invoke(app, ["compare", *map(str, pair)])

    assert result.exit_code == 0, result.output
    _, *table = result.stdout.splitlines()
    assert max(map(len, table)) <= columns


def test_a_table_for_no_terminal_has_lines_that_can_be_read(pair, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)

    result = CliRunner().invoke(app, ["compare", *map(str, pair)])

    assert max(map(len, result.stdout.splitlines()[1:])) <= 100


@pytest.mark.parametrize(
    "cell", ["[red]road[/red]", "a" * 300, "\x1b[31mred", "Nioro du Sahel 言葉"]
)
def test_a_cell_is_printed_as_it_is(capsys, monkeypatch, cell):
    monkeypatch.setenv("COLUMNS", "50")

    Speech(is_json=False, is_quiet=False).table(("place", "unit"), [(cell, "kl")])

    printed = capsys.readouterr().out
    kept = "".join(part for part in printed.replace("kl", "").split())
    expected = cell.replace("\x1b", "\N{REPLACEMENT CHARACTER}").replace(" ", "")
    assert expected in kept.removeprefix("placeunit")
    assert "\x1b" not in printed


STUCK = """
import signal, sys, time
import {module} as module
from supplyline.cli import app

# the tests may run in a background job, whose processes ignore Ctrl-C
signal.signal(signal.SIGINT, signal.default_int_handler)

def stuck(*_, **__):
    print("busy", flush=True)
    time.sleep(600)

{owner}.{name} = stuck
app(sys.argv[1:])
"""
"""A process that does not come back from a step, as from the compiler."""


@pytest.mark.parametrize(
    ("module", "name", "verb"),
    [
        ("supplyline.engine.tasks", "simulate_block", "simulate"),
        ("supplyline.engine.tasks", "simulate_block", "brief"),
        ("supplyline.engine.options", "simulate_past", "brief"),
        ("supplyline.engine.in_parts", "write_part", "brief"),
        ("supplyline.case.case", "load_case", "check"),
    ],
)
def test_one_interrupt_stops(tmp_path, module, name, verb):
    owner, _, name = f"module.{name}".rpartition(".")
    code = STUCK.format(module=module, owner=owner, name=name)
    options = [] if verb == "check" else ["--members", "2", "--days", "9"]
    command = [sys.executable, "-c", code, verb, "toy", *options]
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while "busy" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=300)

    assert process.returncode == 130
    goes_on = " The same command goes on from the parts that are written."
    assert told == f"Stopped.{'' if verb == 'check' else goes_on}\n"


def test_an_error_in_a_thread_is_not_kept_waiting_by_the_others():
    begun = []

    def fail(number):
        begun.append(number)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), aside() as executor:
        list(executor.map(fail, range(1000)))

    assert len(begun) < 1000
