"""A private PostgreSQL for tests, and a store on each kind of database.

Import the fixtures that a test module uses, and those that they use::

    from postgres import postgresql, store_address, store
"""

import os
import shutil
import socket
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import pytest

from supplyline.evidence.store.connection import open_store

_NUMBERS = count(1)


def _binaries():
    """Find the programs of PostgreSQL."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


def _as_user(command):
    """Run as the user postgres where we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return command
    return ["runuser", "-u", "postgres", "--", *command]


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _run(command):
    done = subprocess.run(  # noqa: S603 - fixed programs
        _as_user([str(part) for part in command]),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert done.returncode == 0, done.stdout + done.stderr


def start_cluster(folder, binaries):
    """Start PostgreSQL with an empty cluster; give its port and how to stop it."""
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "cluster", _free_port()
    _run(
        [
            binaries / "initdb",
            *("-D", data, "-U", "tester", "-A", "trust", "--no-sync"),
            *("-E", "UTF8", "--locale=C"),
        ]
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    control = [binaries / "pg_ctl", "-D", data, "-w"]
    _run([*control, "-l", folder / "log", "-o", options, "start"])
    return port, lambda: _run([*control, "-m", "immediate", "stop"])


@pytest.fixture(scope="session")
def postgresql():
    """Give a function that makes a fresh database and gives its URL."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed")
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not run as root, and runuser is absent")
    # a socket has a short path at most, shorter than pytest's folders
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    port, stop = start_cluster(folder, binaries)

    def fresh():
        name = f"store{next(_NUMBERS)}"
        _run(
            [
                binaries / "createdb",
                *("-h", "127.0.0.1", "-p", port, "-U", "tester", name),
            ]
        )
        return f"postgresql://tester@127.0.0.1:{port}/{name}"

    yield fresh
    stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_address(request, tmp_path):
    """Give where a new store can be: a file, then a database."""
    if request.param == "sqlite":
        return tmp_path / "evidence.sqlite"
    return request.getfixturevalue("postgresql")()


@pytest.fixture
def store(store_address):
    """Give an empty store, on each kind of database."""
    with open_store(store_address) as opened:
        yield opened
