"""Changed tables are written into a case folder as a whole set, or not at all."""

import shutil
from datetime import date

import pytest

from supplyline.case.case import load_case, packaged_cases
from supplyline.case.config import move_cutoff
from supplyline.errors import CaseError
from supplyline.evidence.desk import writing
from supplyline.evidence.desk.writing import (
    PENDING,
    cells_of,
    finish_changes,
    write_changes,
)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(packaged_cases()["toy"], tmp_path / "toy")


def bytes_of(folder):
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def with_event(case, name="E9"):
    cells = cells_of(case, "events")
    return [*cells, {**cells[0], "event": name, "summary": "Made up for this test."}]


def test_a_changed_table_is_read_back(folder):
    case = load_case(folder)

    changed = write_changes(case, {"events": with_event(case)})

    again = load_case(folder)
    assert again.hashes == changed.hashes
    assert list(again.events["event"])[-1] == "E9"
    assert changed.folder == case.folder
    assert not list(folder.glob(".*"))


def test_a_frame_of_the_case_does_as_well_as_cells(folder):
    case = load_case(folder)
    regions = case.regions
    regions["effort"] = regions["effort"] * 2

    changed = write_changes(case, {"regions": regions})

    assert list(changed.regions["effort"]) == list(regions["effort"])


def test_what_cannot_be_read_is_not_written(folder):
    case, before = load_case(folder), bytes_of(folder)
    wrong = [{**cells_of(case, "events")[0], "actor": "nobody"}]

    with pytest.raises(CaseError, match="nobody"):
        write_changes(case, {"events": wrong})

    assert bytes_of(folder) == before


def test_the_same_rows_write_nothing(folder):
    case, before = load_case(folder), bytes_of(folder)

    assert write_changes(case, {"events": cells_of(case, "events")}) is case
    assert write_changes(case, {"witnesses": []}) is case
    assert bytes_of(folder) == before


def test_a_packaged_case_is_refused_with_the_way_out(toy):
    with pytest.raises(CaseError, match="supplyline new FOLDER --like toy"):
        write_changes(toy, {"events": with_event(toy)})


def test_what_another_wrote_meanwhile_is_not_overwritten(folder):
    case = load_case(folder)
    write_changes(case, {"events": with_event(case, "E8")})

    with pytest.raises(CaseError, match="changed since"):
        write_changes(case, {"events": with_event(load_case(folder), "E9")})
    with pytest.raises(CaseError, match="changed since"):
        cells_of(case, "events")

    assert list(load_case(folder).events["event"])[-1] == "E8"


def test_a_table_made_meanwhile_is_not_overwritten(folder):
    case = load_case(folder)
    (folder / "updates.csv").write_text("update\n", encoding="utf-8")

    with pytest.raises(CaseError, match=r"updates\.csv"):
        write_changes(case, {"events": with_event(case)})


@pytest.mark.parametrize("stop_at", [0, 1, 2])
def test_a_set_cut_short_is_all_or_nothing(folder, monkeypatch, stop_at):
    case, before = load_case(folder), bytes_of(folder)
    regions = case.regions.assign(effort=0.7)
    replaced = []
    put = writing.Path.replace

    def dies(path, target):
        if len(replaced) == stop_at:
            raise KeyboardInterrupt
        replaced.append(target)
        return put(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(writing.Path, "replace", dies)
        try:
            write_changes(case, {"events": with_event(case), "regions": regions})
        except KeyboardInterrupt:
            assert (folder / PENDING).is_dir()

    assert finish_changes(folder) == (stop_at < 2)
    after = load_case(folder)
    assert list(after.events["event"])[-1] == "E9"
    assert set(after.regions["effort"]) == {0.7}
    assert set(bytes_of(folder)) == set(before)
    assert not finish_changes(folder)


def test_a_draft_that_was_not_finished_changes_nothing(folder, monkeypatch):
    case, before = load_case(folder), bytes_of(folder)

    def dies(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writing, "sync", dies)
        with pytest.raises(KeyboardInterrupt):
            write_changes(case, {"events": with_event(case)})

    assert not finish_changes(folder)
    assert bytes_of(folder) == before


@pytest.mark.parametrize("name", ["../case.toml", "/x", ".hidden", "a/b"])
def test_a_name_that_leads_out_of_the_folder_is_refused(folder, name):
    with pytest.raises(CaseError, match="plain file name"):
        write_changes(load_case(folder), {}, {name: b"x"})


def test_the_cutoff_moves_and_its_comment_stays(folder):
    path = folder / "case.toml"
    text = path.read_text().replace("cutoff = 2024-02-29", "cutoff=2024-02-29  # all")
    path.write_text(text)
    case = load_case(folder)

    moved = move_cutoff(text, date(2024, 3, 31))
    changed = write_changes(case, {}, {"case.toml": moved.encode()})

    assert changed.config.cutoff == date(2024, 3, 31)
    assert "cutoff=2024-03-31  # all" in path.read_text()


def test_a_cutoff_that_is_not_found_is_told():
    with pytest.raises(CaseError, match="cutoff"):
        move_cutoff("cutoff = today", date(2024, 3, 31))
