"""An empty case has everything but the country; the reference page is up to date."""

import shutil
from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from supplyline.case.case import find_folder, load_case
from supplyline.case.config import FILE, CaseConfig
from supplyline.case.fields import forms
from supplyline.case.meanings import meanings
from supplyline.case.template import describe_tables, write_template
from supplyline.errors import CaseError
from supplyline.tables import TABLES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "tables.md"


def test_an_empty_case_lacks_only_what_the_user_must_say(tmp_path):
    folder = write_template(tmp_path / "new")

    with pytest.raises(CaseError) as caught:
        load_case(folder)

    told = {(p.file, p.field, p.found) for p in caught.value.problems}
    assert {field for file, field, _ in told if file == FILE} == {
        "name",
        "title",
        "summary",
        "country",
        "capital",
        "currency",
        "licence",
    }
    assert {found for file, _, found in told if file != FILE} == {"has no rows"}


def test_an_empty_case_filled_in_is_a_case(tmp_path):
    folder = write_template(tmp_path / "new")
    toy = find_folder("toy")
    for name in [FILE, *(f"{name}.csv" for name in TABLES)]:
        if name not in ("params.csv", "seasons.csv") and (toy / name).exists():
            shutil.copy(toy / name, folder / name)

    assert load_case(folder).name == "toy"


def test_a_folder_in_use_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(CaseError, match="no empty folder"):
        write_template(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_template_that_fails_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("disk full")  # noqa: EM101, TRY003

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="disk full"):
        write_template(tmp_path / "new")

    assert list(tmp_path.iterdir()) == []


def test_every_field_of_every_table_is_described():
    text = describe_tables()
    for name, model in TABLES.items():
        section = text.split(f"## {name}.csv\n")[1].split("\n## ")[0]
        assert all(f"| `{field}` |" in section for field in model.model_fields)
    assert "Length along the way [km]." in text


def test_the_reference_page_is_that_of_the_row_models():
    assert PAGE.read_text(encoding="utf-8").endswith(describe_tables())


class Depot(BaseModel):
    """A model with every kind of field."""

    place: str
    """Row of places.csv."""
    note: str
    version: int = Field(alias="schema")
    """Version of the
    format."""


class Tank(Depot):
    """A model that takes fields from another."""

    note: str
    """Remark."""


def test_a_meaning_stands_under_its_field_and_goes_by_the_name_in_a_file():
    assert meanings(Depot) == {
        "place": "Row of places.csv.",
        "schema": "Version of the format.",
    }


def test_a_model_takes_meanings_with_the_fields_of_another():
    assert meanings(Tank) == {**meanings(Depot), "note": "Remark."}


@pytest.mark.parametrize("model", [CaseConfig, *TABLES.values()])
def test_every_field_has_a_meaning(model):
    assert meanings(model).keys() == forms(model).keys()
