"""What a person sees while a verb works: compiling, progress to the end, warnings."""

import os
import pty
import subprocess
import sys
import warnings
from threading import Event
from types import SimpleNamespace

import pytest

from supplyline.cli import speech as said
from supplyline.cli.speech import Speech, shown_progress
from supplyline.errors import CodeCacheWarning, WaitWarning


@pytest.fixture
def compiling(monkeypatch):
    """Make the model look as if it were being compiled, and gather what is told."""
    told, is_told = [], Event()

    def echo(text, *, err):
        assert err
        told.append(text)
        is_told.set()

    ahead = SimpleNamespace(is_compiling=lambda: True, COMPILE_S="about 20 s")
    monkeypatch.setitem(sys.modules, "supplyline.engine.kernels.ahead", ahead)
    monkeypatch.setattr(said.typer, "echo", echo)
    return told, is_told


@pytest.mark.parametrize("is_json", [True, False])
def test_compiling_is_told_in_one_line_where_no_bar_tells_it(compiling, is_json):
    told, is_told = compiling

    with shown_progress(Speech(is_json=is_json, is_quiet=False)) as progress:
        assert progress is None
        assert is_told.wait(60)

    assert told == ["compiling the model, once after an install: about 20 s"]


def test_quiet_tells_nothing_of_compiling(compiling):
    told, _ = compiling

    with shown_progress(Speech(is_json=False, is_quiet=True)):
        assert said._compiling()  # noqa: SLF001 - it is under way

    assert told == []


@pytest.mark.parametrize("ahead", [None, SimpleNamespace()])
def test_nothing_is_loaded_to_know_whether_it_is_compiled(monkeypatch, ahead):
    name = "supplyline.engine.kernels.ahead"
    monkeypatch.setitem(sys.modules, name, ahead)

    assert not said._compiling()  # noqa: SLF001 - what the bar asks

    assert sys.modules[name] is ahead


@pytest.mark.parametrize("category", [CodeCacheWarning, WaitWarning])
def test_a_warning_of_several_steps_is_told_once(capsys, category):
    speech = Speech(is_json=False, is_quiet=False)

    for _ in range(3):
        with shown_progress(speech):
            warnings.warn("the disk is full", category, stacklevel=1)

    assert capsys.readouterr().err == "Warning: the disk is full\n"


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        ([f"segment 'S{n}' has no length" for n in range(20)], 4),
        ([f"places.csv:{n}: population is 0" for n in range(9)], 4),
        ([*(f"row {n} is odd" for n in range(5)), "another kind"], 5),
        (["one alone"], 1),
        ([], 0),
    ],
)
def test_warnings_of_a_kind_are_counted_and_not_all_told(capsys, texts, lines):
    Speech(is_json=False, is_quiet=False).warnings(texts)

    assert len(capsys.readouterr().out.splitlines()) == lines


def at_a_terminal(tmp_path, *words):
    """Run a verb at a terminal of its own and give all that it wrote there."""
    mine, its = pty.openpty()
    command = [sys.executable, "-m", "supplyline", *words]
    environment = {**os.environ, "COLUMNS": "100", "TERM": "xterm"}
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=tmp_path, stdout=its, stderr=its, env=environment
    ) as process:
        os.close(its)
        written = b""
        while True:
            try:
                written += os.read(mine, 1 << 16)
            except OSError:  # all have closed the other end
                break
    os.close(mine)
    assert process.returncode == 0, written.decode()
    return written.decode()


def test_a_brief_shows_what_it_does_to_the_end(tmp_path):
    written = at_a_terminal(tmp_path, "brief", "toy", "--members", "64", "--days", "60")

    doing = ["simulate", "compare the options", "write the brief"]
    places = [written.rindex(f"{each} \x1b") for each in doing]
    assert places == sorted(places)
    assert written.rindex("Brief ") > places[-1]
