"""Output: whole or not at all, nothing left behind, and refused before the work."""

import builtins
import errno
import fcntl
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import supplyline as sl
from made_regime import made_regime_run
from supplyline.cli import app
from supplyline.errors import MissingExtraError, MissingLibraryError, OutputError
from supplyline.output import draft_file, draft_folder, put_folder
from supplyline.report.brief import Brief
from supplyline.runs import Arguments, request_of, verify

CONTENTS = ("nation", "case")


def call(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def left_folder(parent, *names):
    """Leave what a process that was killed leaves of a folder."""
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=parent))
    for name in names:
        (draft / name).mkdir() if "." not in name else (draft / name).touch()
    return draft


def left_file(path):
    """Leave what a process that was killed leaves of a file."""
    return Path(tempfile.mkstemp(prefix=f".draft-{path.name}-", dir=path.parent)[1])


def draft_names(parent):
    return {path.name for path in parent.iterdir() if path.name.startswith(".draft-")}


@pytest.mark.parametrize(
    "names", [(), ("nation",), CONTENTS, ("case", ".draft-abcd1234")]
)
def test_a_folder_left_by_a_killed_process_is_swept(tmp_path, names):
    left = [left_folder(tmp_path, *names) for _ in range(3)]

    with draft_folder(tmp_path, CONTENTS) as draft:
        assert draft_names(tmp_path) == {draft.name}

    assert not any(path.exists() for path in left)
    assert draft_names(tmp_path) == set()


@pytest.mark.parametrize(
    "make",
    [
        lambda parent: left_folder(parent, "chapter.md"),
        lambda parent: (parent / ".draft-notes.md").write_text("mine"),
        lambda parent: (parent / ".draft-articles").write_text("mine"),
        lambda parent: (parent / ".draft-abcd1234").symlink_to("nowhere"),
        lambda parent: os.mkfifo(parent / ".draft-abcd1234"),
    ],
    ids=["folder", "note", "file", "link", "pipe"],
)
def test_what_is_only_named_like_a_draft_stays(tmp_path, make):
    make(tmp_path)
    before = draft_names(tmp_path)

    with draft_folder(tmp_path, CONTENTS):
        pass

    assert draft_names(tmp_path) == before


def test_a_draft_that_another_works_on_stays(tmp_path):
    with draft_folder(tmp_path, CONTENTS) as first:
        (first / "case").mkdir()
        with draft_folder(tmp_path, CONTENTS) as second:
            assert (first / "case").is_dir()
            assert first != second


def test_a_draft_of_another_process_stays_until_it_is_killed(tmp_path):
    code = """
import sys, time
from pathlib import Path
from supplyline.output import draft_folder
with draft_folder(Path(sys.argv[1]), ()) as draft:
    print(draft, flush=True)
    time.sleep(600)
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:  # noqa: S603 - our own interpreter
        theirs = Path(other.stdout.readline().strip())
        with draft_folder(tmp_path, CONTENTS):
            assert theirs.is_dir()
        other.kill()
        other.wait()

    assert theirs.is_dir()
    with draft_folder(tmp_path, CONTENTS):
        assert not theirs.exists()


def test_a_draft_swept_before_it_was_locked_is_made_again(tmp_path, monkeypatch):
    locked, tries = fcntl.flock, []

    def swept_once(handle, how):
        tries.append(handle)
        if len(tries) == 1:
            (draft,) = tmp_path.iterdir()
            draft.rmdir()
        locked(handle, how)

    monkeypatch.setattr(fcntl, "flock", swept_once)

    with draft_folder(tmp_path, CONTENTS) as draft:
        assert draft.is_dir()
    assert len(tries) == 2


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EBADF, errno.ENOTSUP])
def test_without_locks_drafts_are_made_and_none_is_swept(tmp_path, monkeypatch, number):
    def fail(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", fail)
    left = left_folder(tmp_path)

    with draft_folder(tmp_path, CONTENTS) as draft:
        assert draft.is_dir()
    assert left.is_dir()
    assert not draft.exists()


def test_a_file_left_by_a_killed_process_is_swept(tmp_path):
    path, other = tmp_path / "brief.html", tmp_path / "other.html"
    left, theirs = left_file(path), left_file(other)

    with draft_file(path) as file:
        file.write(b"whole")

    assert path.read_bytes() == b"whole"
    assert not left.exists()
    assert theirs.exists()


def test_a_file_that_fails_leaves_what_was_there(tmp_path):
    path = tmp_path / "brief.html"
    path.write_bytes(b"before")

    with pytest.raises(TypeError), draft_file(path) as file:
        file.writelines([b"half", None])

    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_two_that_put_the_same_folder_do_not_fail(tmp_path):
    target = tmp_path / "run"
    for number in range(2):
        draft = tmp_path / f"draft-{number}"
        draft.mkdir()
        (draft / "file").write_text(str(number))
        put_folder(draft, target)

    assert (target / "file").read_text() == "1"


@pytest.mark.parametrize("write", [sl.write_template, sl.load_case("toy").save])
def test_a_case_sweeps_what_was_left_of_a_case(tmp_path, write):
    left = left_folder(tmp_path, "case.toml", "places.csv")

    write(tmp_path / "case")

    assert not left.exists()


def test_the_next_run_sweeps_what_was_left_of_another(toy, tmp_path):
    left = left_folder(tmp_path, "nation", "case")

    folder = made_regime_run(toy, members=2).save(tmp_path)

    assert list(tmp_path.iterdir()) == [folder]
    assert verify(folder)
    assert not left.exists()


@pytest.fixture
def work(monkeypatch):
    """Count what is compiled, simulated or compared: nothing must be."""
    done = []

    def refuse(*_, **__):
        done.append("work")
        raise AssertionError

    for name in ("run_cache.build_world", "options.simulate_options"):
        monkeypatch.setattr(f"supplyline.engine.{name}", refuse)
    return done


@pytest.fixture(params=["simulate", "brief"])
def command(request):
    """Give a verb that writes runs, with its option for their folder."""
    option = {"simulate": "-o", "brief": "--runs"}[request.param]
    return (request.param, "toy", "--members", "64", option)


@pytest.fixture
def read_only(monkeypatch, tmp_path):
    """Let nothing be made in a folder, whoever the user is."""
    folder = tmp_path / "read-only"
    folder.mkdir()
    made = builtins.open

    def refuse(*_, dir=None, **__):  # noqa: A002 - as the replaced function
        if dir is not None and Path(dir) == folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(dir))
        return made(os.devnull)

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    return folder


@pytest.mark.parametrize("name", ["", "runs", "deep/runs"])
def test_runs_that_cannot_be_written_are_refused_first(work, read_only, command, name):
    asked = read_only / name if name else read_only

    result = call(*command, asked)

    assert result.exit_code == 2
    assert f"{asked} cannot be written: {read_only}: Permission denied" in result.stderr
    assert (work, list(read_only.iterdir())) == ([], [])


@pytest.mark.parametrize("name", ["file", "file/runs", "link"])
def test_a_file_in_the_place_of_runs_is_refused_first(work, tmp_path, command, name):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")

    result = call(*command, tmp_path / name)

    assert result.exit_code == 2
    assert f"{tmp_path / name} cannot be written" in result.stderr
    assert "is no folder" in result.stderr
    assert work == []


@pytest.mark.parametrize("kind", ["a file", "a link"])
def test_what_is_no_folder_in_the_place_of_the_run_is_refused(
    work, toy, tmp_path, kind
):
    name = f"toy-baseline-{_request(toy)}"
    if kind == "a file":
        (tmp_path / name).touch()
    else:
        (tmp_path / name).symlink_to("nowhere")

    result = call("simulate", "toy", "--members", "64", "-o", tmp_path)

    assert result.exit_code == 2
    assert f"{tmp_path / name} is {kind}; expected a run folder" in result.stderr
    assert work == []


def _request(case):
    days = case.config.forecast_days
    return request_of(case, None, Arguments(days=days, members=64, seed=1)).run


@pytest.mark.usefixtures("read_only")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("folder.html", "is a folder; expected the name of a file"),
        ("absent/brief.html", "does not exist"),
        ("file/brief.html", "is no folder"),
        ("read-only/brief.html", "Permission denied"),
    ],
)
def test_a_brief_that_cannot_be_written_is_refused_first(work, tmp_path, name, message):
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "file").touch()

    result = call("brief", "toy", "-o", tmp_path / name, "--runs", tmp_path / "runs")

    assert result.exit_code == 2
    assert str(tmp_path / name) in result.stderr
    assert message in result.stderr
    assert work == []


def test_a_folder_in_the_place_of_the_pdf_is_refused_first(work, tmp_path):
    (tmp_path / "brief.pdf").mkdir()
    where = ("-o", tmp_path / "brief.html", "--runs", tmp_path / "runs")

    result = call("brief", "toy", "--pdf", *where)

    assert result.exit_code == 2
    assert f"{tmp_path / 'brief.pdf'} is a folder" in result.stderr
    assert work == []


@pytest.fixture(params=[ImportError, OSError], ids=["extra", "library"])
def no_printer(request, monkeypatch):
    """Have no WeasyPrint, or no Pango for it."""
    load = builtins.__import__

    def refuse(name, *rest, **settings):
        if name.partition(".")[0] == "weasyprint":
            message = "cannot load library 'libgobject-2.0-0': no such file\nand more"
            raise request.param(message)
        return load(name, *rest, **settings)

    monkeypatch.setattr(builtins, "__import__", refuse)
    return request.param


def test_a_pdf_that_cannot_be_printed_is_refused_first(work, tmp_path, no_printer):
    where = ("-o", tmp_path / "brief.html", "--runs", tmp_path / "runs")

    result = call("brief", "toy", "--pdf", *where)

    assert result.exit_code == 2
    remedy = "supplyline[pdf]" if no_printer is ImportError else "needs Pango"
    assert remedy in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert work == []


def test_python_is_told_what_a_pdf_needs(tmp_path, no_printer):
    expected = MissingExtraError if no_printer is ImportError else MissingLibraryError

    with pytest.raises(expected):
        Brief("title", "<html></html>").save(tmp_path / "brief.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["case", "deep/case"])
def test_a_case_that_cannot_be_written_is_refused_by_its_name(read_only, name):
    result = call("new", read_only / name)

    assert result.exit_code == 2
    assert f"{read_only / name} cannot be written" in result.stderr
    assert list(read_only.iterdir()) == []


def test_python_is_told_that_a_run_cannot_be_saved(toy, read_only):
    run = made_regime_run(toy, members=2)

    with pytest.raises(OutputError, match=r"runs cannot be written: .*denied"):
        run.save(read_only / "runs")
    assert list(read_only.iterdir()) == []


def test_a_download_that_cannot_be_written_is_refused_first(read_only, monkeypatch):
    monkeypatch.setattr("supplyline.cli.fetching._ucdp", None)

    result = call("evidence", "download", "ucdp", "-o", read_only / "events.csv")

    assert result.exit_code == 2
    assert f"{read_only / 'events.csv'} cannot be written" in result.stderr


def test_evidence_is_not_exported_into_a_case_that_cannot_be_written(
    read_only, tmp_path, monkeypatch
):
    case = sl.load_case(sl.load_case("toy").save(tmp_path / "toy"))
    monkeypatch.setattr("supplyline.evidence.desk.export.propose_claims", None)

    with (
        sl.open_evidence(case, tmp_path / "store.db") as store,
        pytest.raises(OutputError, match=f"{read_only} cannot be written"),
    ):
        sl.export_evidence(replace(case, folder=read_only), store)
