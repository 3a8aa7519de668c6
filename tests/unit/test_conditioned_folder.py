"""Where a conditioned ensemble is written: nothing else there is ever lost."""

from __future__ import annotations

import os
import shutil

import pytest

import supplyline as sl
from made_conditioned import made_conditioned
from supplyline.cli.past import read_backtest
from supplyline.errors import ConditioningError, ForecastError, OutputError

FILES = {
    "lineage.parquet",
    "report.json",
    *(f"{name}.csv" for name in ("facts", "forecasts", "learned", "without", "gate")),
}


@pytest.fixture(scope="module")
def conditioned(toy):
    return made_conditioned(toy)


def contents(folder):
    return {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}


@pytest.mark.parametrize(
    "name", ["thesis.txt", "sub/thesis.txt", "case.toml", ".git/config", "facts.CSV"]
)
@pytest.mark.parametrize("is_ensemble", [False, True])
def test_a_folder_that_holds_other_files_is_not_replaced(
    conditioned, tmp_path, name, is_ensemble
):
    place = tmp_path / "mine"
    if is_ensemble:
        conditioned.save(place)
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / name).write_text("precious")
    before = contents(tmp_path)

    with pytest.raises(OutputError, match=f"mine would be replaced, .*{name[:3]}"):
        conditioned.save(place)
    assert contents(tmp_path) == before


def test_the_folder_of_a_case_is_not_replaced(toy, conditioned, tmp_path):
    place = shutil.copytree(toy.folder, tmp_path / "toy")
    before = contents(place)

    with pytest.raises(OutputError, match=r"holds actors\.csv, .* and \d+ more"):
        conditioned.save(place)
    assert contents(place) == before


@pytest.mark.parametrize("made", ["new", "empty", "old", "deeper/new"])
def test_an_ensemble_is_written_where_nothing_is_lost(toy, conditioned, tmp_path, made):
    place = tmp_path / made
    if made == "empty":
        place.mkdir()
    if made == "old":
        conditioned.save(place)
        (place / "facts.csv").unlink()

    assert conditioned.save(place) == place
    assert {path.name for path in place.iterdir()} == FILES
    assert sl.load_conditioned(toy, place).record == conditioned.record


@pytest.mark.parametrize("is_old", [False, True])
def test_a_link_stays_and_leads_to_the_ensemble(toy, conditioned, tmp_path, is_old):
    place, link = tmp_path / "kept", tmp_path / "link"
    if is_old:
        conditioned.save(place)
    link.symlink_to(place)

    if not is_old:
        place.mkdir()
    assert conditioned.save(link) == link
    assert link.is_symlink()
    assert sl.load_conditioned(toy, place).record == conditioned.record


def test_the_folder_one_is_in_is_named_by_a_dot(conditioned, tmp_path, monkeypatch):
    place = conditioned.save(tmp_path / "kept")
    monkeypatch.chdir(place)

    conditioned.save(".")
    assert {path.name for path in place.iterdir()} == FILES


def test_the_backtest_kept_beside_stays(toy, conditioned, tmp_path):
    place = conditioned.save(tmp_path / "kept")
    (place / "backtest.csv").write_text("forecast,against\n")

    conditioned.save(place)
    assert (place / "backtest.csv").read_text() == "forecast,against\n"
    assert sl.load_conditioned(toy, place).record == conditioned.record


@pytest.mark.parametrize("place", ["afile", "afile/below", "dangling"])
def test_what_is_no_folder_is_refused(conditioned, tmp_path, place):
    (tmp_path / "afile").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")

    with pytest.raises(OutputError, match="is no folder"):
        conditioned.save(tmp_path / place)
    assert (tmp_path / "afile").read_text() == "mine"


def test_a_path_that_is_none_is_told(conditioned):
    with pytest.raises(TypeError, match="folder is '3'; expected the path of a folder"):
        conditioned.save(3)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe{", b"[" * 100_000, b'{"record": 1}', b"\x00", b"null"]
)
def test_a_report_of_any_bytes_is_told(toy, conditioned, tmp_path, content):
    place = conditioned.save(tmp_path / "kept")
    (place / "report.json").write_bytes(content)

    with pytest.raises(ConditioningError, match="no report of a conditioning"):
        sl.load_conditioned(toy, place)


@pytest.mark.parametrize("kind", ["pipe", "folder", "loop", "gone"])
def test_a_report_that_is_no_file_is_told(toy, conditioned, tmp_path, kind):
    report = conditioned.save(tmp_path / "kept") / "report.json"
    report.unlink()
    if kind == "pipe":
        os.mkfifo(report)
    if kind == "folder":
        report.mkdir()
    if kind == "loop":
        report.symlink_to(report)

    with pytest.raises(ConditioningError, match="no conditioned ensemble"):
        sl.load_conditioned(toy, report.parent)


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"\xff\xfe", b'forecast,against\n"x', b"\x00"]
)
def test_a_backtest_that_is_no_table_is_told(toy, tmp_path, content):
    case = sl.load_case(shutil.copytree(toy.folder, tmp_path / "toy"))
    (case.folder / "conditioned").mkdir()
    (case.folder / "conditioned" / "backtest.csv").write_bytes(content)

    with pytest.raises(ForecastError, match=r"backtest\.csv: .*table of a backtest"):
        read_backtest(case)
