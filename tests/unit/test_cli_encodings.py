"""The command line where the output or the locale knows few signs."""

import io
import json
import os
import shutil
import subprocess
import sys

import pytest

import supplyline as sl
from made_regime import made_regime_run
from supplyline.cli import app
from supplyline.cli.speech import clean
from supplyline.runs import load_run, verify

PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""A machine whose locale is plain ASCII."""


def call(monkeypatch, encoding, *arguments):
    """Run the command line with standard output in an encoding."""
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        with pytest.raises(SystemExit) as ended:
            app([str(argument) for argument in arguments])
        out.flush()
    return ended.value.code, out.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["cp437", "cp1252", "latin-1", "cp932", "koi8-r"])
def test_a_sign_the_output_lacks_is_replaced(monkeypatch, tmp_path, encoding):
    options = ["--members", "2", "--days", "1", "-o", tmp_path]

    code, text = call(monkeypatch, encoding, "simulate", "toy", *options)

    assert code == 0
    assert "2 members" in text


@pytest.fixture
def named_abroad(tmp_path):
    """Copy the toy case into a folder whose name few encodings have."""
    return shutil.copytree(sl.load_case("toy").folder, tmp_path / "étude 言 →")


@pytest.mark.parametrize("encoding", ["cp437", "cp1252", "cp932", "utf-8"])
def test_json_loses_no_sign(monkeypatch, named_abroad, encoding):
    code, text = call(monkeypatch, encoding, "check", named_abroad, "--json")
    assert code == 0
    assert json.loads(text)["case"] == "toy"

    new = named_abroad.with_name("éü → 言")
    code, text = call(monkeypatch, encoding, "new", new, "--json")

    assert code == 0
    assert json.loads(text)["folder"] == str(new)


@pytest.mark.parametrize("encoding", ["cp437", "utf-8"])
def test_an_error_with_such_a_name_is_told(monkeypatch, capsys, tmp_path, encoding):
    code, _ = call(monkeypatch, encoding, "verify", tmp_path / "éü → 言")

    assert code == 2
    assert "is not a run folder" in capsys.readouterr().err


@pytest.mark.parametrize("raw", ["mes exécutions".encode(), b"mes ex\xe9cutions"])
def test_bytes_of_a_path_are_told_as_they_can_be(raw):
    held = raw.decode("ascii", "surrogateescape")

    assert clean(held) in {"mes exécutions", "mes ex\N{REPLACEMENT CHARACTER}cutions"}


@pytest.mark.parametrize("raw", [b"mes ex\xe9cutions", "実行".encode(), b"\xff"])
def test_a_run_is_saved_below_a_name_that_is_no_text(toy, tmp_path, raw):
    parent = tmp_path / os.fsdecode(raw)

    folder = made_regime_run(toy, members=2).save(parent)

    assert verify(folder).arguments.members == 2
    assert load_run(folder).daily.sizes["member"] == 2


def test_a_run_is_saved_where_the_locale_is_plain(tmp_path):
    code = (
        "import sys; from supplyline.cli import app; "
        "app(['simulate', 'toy', '--members', '2', '--days', '1', '-o', sys.argv[1]])"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, "mes exécutions"],
        cwd=tmp_path,
        env={**os.environ, **PLAIN},
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    (folder,) = (tmp_path / "mes exécutions").iterdir()
    assert verify(folder)
