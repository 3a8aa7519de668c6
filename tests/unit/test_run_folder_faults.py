"""Run folders that are not what their manifest says: told as a RunError."""

import json
import os
import shutil
import socket
import subprocess
import sys
from hashlib import sha256

import pytest

from made_regime import made_regime_run
from supplyline.engine.run_cache import simulate_once
from supplyline.errors import RunError
from supplyline.runs import MANIFEST, Arguments, load_run, read_manifest, verify

READERS = [load_run, verify]
NATION = "nation/0000000-0000008.parquet"
PARAMS = "params/0000000-0000008.parquet"


@pytest.fixture(scope="module")
def saved(toy, tmp_path_factory):
    return made_regime_run(toy, members=8).save(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def folder(saved, tmp_path):
    """Give a copy of the run folder that a test may spoil."""
    return shutil.copytree(saved, tmp_path / saved.name)


def content_of(folder):
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def write(folder, content):
    (folder / MANIFEST).write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("reader", [*READERS, read_manifest])
@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("arguments", "seed"), 8),
        (("arguments", "members"), 9),
        (("arguments", "days"), 1),
        (("case",), "mali"),
        (("software",), "99.0"),
        (("scenario",), {"name": "made-up"}),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_a_request_that_is_not_the_named_one_is_told(folder, reader, place, value):
    content = content_of(folder)
    inside = content["request"]
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    write(folder, content)

    with pytest.raises(RunError, match=r"altered\n  manifest.json: run is"):
        reader(folder)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("rows", [-5, 0, 7, 10**12])
def test_rows_that_are_not_the_tables_are_told(folder, reader, rows):
    content = content_of(folder)
    content["outputs"][PARAMS]["rows"] = rows
    write(folder, content)

    with pytest.raises(RunError, match=PARAMS):
        reader(folder)


@pytest.mark.parametrize("reader", READERS)
def test_a_table_that_is_no_table_is_told_even_with_its_hash(folder, reader):
    (folder / NATION).write_bytes(b"no table")
    content = content_of(folder)
    hashed = sha256(b"no table").hexdigest()
    content["outputs"][NATION]["sha256"] = hashed
    write(folder, content)

    with pytest.raises(RunError, match=f"{NATION}: no table in Parquet"):
        reader(folder)


@pytest.mark.parametrize("reader", READERS)
def test_members_that_the_tables_do_not_have_are_told(toy, tmp_path, reader):
    few = made_regime_run(toy, members=8).save(tmp_path / "few")
    many = made_regime_run(toy, members=9).save(tmp_path / "many")
    content = content_of(many)
    content["outputs"] = content_of(few)["outputs"]
    write(few, content)

    with pytest.raises(RunError, match=r"params/0000000-0000009.parquet: absent"):
        reader(few)
    for path in [*few.glob("*/*-0000008.parquet")]:
        path.rename(path.with_name("0000000-0000009.parquet"))
    renamed = {
        name.replace("8.parquet", "9.parquet"): output
        for name, output in content["outputs"].items()
    }
    write(few, content | {"outputs": renamed})
    with pytest.raises(RunError, match="8 rows; the request says 9 members"):
        reader(few)


def pipe(path):
    os.mkfifo(path)


def own_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))


def same_elsewhere(path):
    """Put a link to the same bytes in the place of a file or a folder."""
    kept = path.rename(path.parent.parent / "elsewhere")
    path.symlink_to(kept)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("make", "name", "message"),
    [
        (pipe, "pipe", "pipe: a pipe; expected a file"),
        (pipe, "case/pipe", "case/pipe: a pipe; expected a file"),
        (own_socket, "socket", "socket: a socket; expected a file"),
        (same_elsewhere, NATION, f"{NATION}: a link; expected a file"),
        (same_elsewhere, "nation", "nation: a link; expected a folder"),
        (same_elsewhere, "case", "case: a link; expected a folder"),
        (same_elsewhere, "manifest.json", "manifest.json is a link; expected a file"),
        (lambda path: path.symlink_to("nowhere"), "lost", "lost: a link"),
        (lambda path: path.mkdir(), "more", "more: unknown"),
    ],
    ids=[
        "pipe",
        "deep",
        "socket",
        "part",
        "table",
        "case",
        "manifest",
        "lost",
        "folder",
    ],
)
def test_what_is_no_file_is_told(folder, reader, make, name, message, monkeypatch):
    monkeypatch.chdir(folder)
    make(folder / name)

    with pytest.raises(RunError, match=message):
        reader(folder)


@pytest.mark.parametrize("name", ["manifest.json", NATION])
def test_a_folder_in_the_place_of_a_file_is_told(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()

    with pytest.raises(RunError, match="a folder; expected a file"):
        load_run(folder)


def test_a_pipe_in_the_place_of_the_manifest_does_not_stop_the_reader(folder):
    (folder / MANIFEST).unlink()
    os.mkfifo(folder / MANIFEST)

    with pytest.raises(RunError, match="is a pipe; expected a file"):
        load_run(folder)


def test_another_run_under_the_name_of_a_request_is_made_again(toy, tmp_path):
    def run_of(seed):
        arguments = Arguments(days=0, members=2, seed=seed)
        return simulate_once(toy, tmp_path, scenario=None, arguments=arguments)

    first, second = run_of(1), run_of(2)
    shutil.rmtree(first.folder)
    second.folder.rename(first.folder)

    again = run_of(1)

    assert not again.is_old
    assert second.run.manifest.run in again.fault
    assert verify(again.folder).seed == 1


def test_modules_that_only_unix_has_are_not_needed():
    code = """
import importlib, pkgutil, sys
for name in ("resource", "fcntl", "pwd", "grp", "termios"):
    sys.modules[name] = None
import supplyline
for found in pkgutil.walk_packages(supplyline.__path__, "supplyline."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
from supplyline.runs.memory import peak_memory_mb
print(peak_memory_mb())
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("None\n", "")
