"""Files of made-up events are taken into a store, and the case's part is told."""

import json
import shutil
from datetime import date

import pytest

from made_event_files import WFP, text, wfp, write_ged
from made_events import EVENTS, table
from postgres import postgresql, store, store_address
from supplyline.case.case import load_case, packaged_cases
from supplyline.errors import EvidenceError
from supplyline.evidence.desk.add_events import add_events, report_on
from supplyline.evidence.desk.effects import apply, propose_from, update_events
from supplyline.evidence.desk.export import export_evidence
from supplyline.evidence.desk.writing import cells_of, write_changes

__all__ = ["postgresql", "store", "store_address"]


@pytest.fixture
def case(tmp_path):
    return load_case(shutil.copytree(packaged_cases()["toy"], tmp_path / "toy"))


@pytest.fixture
def file(tmp_path):
    days = ("2024-02-02", "2024-02-09", "2024-02-16", "2024-06-01")
    return write_ged(tmp_path / "ged.csv", days)


def test_a_file_is_taken_in_and_the_part_of_the_case_is_told(case, store, file):
    report = add_events(case, [file], store)
    again = add_events(case, [file], store)

    assert (report.files[0].rows, report.files[0].counts["new"]) == (4, 4)
    assert again.files[0].counts["same"] == 4
    assert again.in_area == report.in_area == 3
    assert report.by_region == {"lowland": 3}
    assert report.on_road == 3
    assert report.road_km < 5
    text = "\n".join(report.lines())
    assert "3 events of the store are of the case toy" in text
    assert "CC-BY-4.0" in text
    assert json.loads(json.dumps(report.result()))["files"][0]["new"] == 4


def test_events_of_a_store_change_the_case_and_leave_it_again(case, store, file):
    assert update_events(case, store) == []
    add_events(case, [file], store)

    changes = update_events(case, store)
    after = apply(case, propose_from(case, store))

    assert {change.rule for change in changes} == {"incident", "effort", "hazard"}
    assert len(after.events) == len(case.events) + 3
    assert apply(after, propose_from(after, store)) is after
    later = apply(after, propose_from(after, store, date(2024, 6, 30)))
    assert len(later.events) == len(case.events) + 4


def test_prices_of_a_file_lengthen_the_series_of_the_case(case, store, tmp_path):
    told = {"market": "Highcourt", "commodity": "Fuel (kerosene)", "currency": "XXX"}
    days = ("2024-02-15", "2024-02-22")
    prices = [wfp(4, **told, date=day, price=4.4) for day in days]
    other = wfp(5, market="Elsewhere", date="2024-02-15")
    path = tmp_path / "prices.csv"
    path.write_text(text(WFP, [*prices, other]), encoding="utf-8")
    assert add_events(case, [path], store).files[0].counts["new"] == 3

    assert {change.rule for change in export_evidence(case, store).changes} == {"price"}
    after = load_case(case.folder)
    news = after.observed.iloc[len(case.observed) :]
    assert list(news["series"]) == ["highcourt_kerosene_price"] * 2
    assert list(news["value"]) == [4.4, 4.4]
    assert export_evidence(after, store).changes == ()


def test_a_folder_is_read_file_by_file(case, store, file, tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    shutil.copy(file, folder / "one.csv")
    (folder / "README.md").write_text("no table", encoding="utf-8")

    assert [one.name for one in add_events(case, [folder], store).files] == ["one.csv"]


def test_a_fault_in_one_file_keeps_all_out(case, store, file, tmp_path):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(EvidenceError, match=r"wrong\.csv"):
        add_events(case, [file, wrong], store)
    with pytest.raises(EvidenceError, match="no file"):
        add_events(case, [], store)

    assert add_events(case, [file], store).files[0].counts["new"] == 4


def test_twins_actors_and_what_is_withheld_are_told(toy):
    report = report_on(toy, EVENTS)

    assert report.in_area == 8
    assert (report.twins, report.own, report.withheld) == (2, 1, 1)
    assert [one.name for one in report.unmapped] == ["A band nobody knows"]
    text = "\n".join(report.lines())
    assert "1 times 'A band nobody knows'" in text
    assert "1 may not be passed on: counted only" in text
    assert report_on(toy, table()).lines() == [
        "0 events of the store are of the case toy"
    ]


def test_a_case_without_the_parameters_is_told_why(case):
    rows = [row for row in cells_of(case, "params") if row["param"] != "match_km"]
    report = report_on(write_changes(case, {"params": rows}), EVENTS)

    assert "match_km" in report.refused
    assert "match_km" in report.lines()[0]
