"""`supplyline check` of a broken case: its problems, exit code 2, no traceback."""

import shutil

import pytest
from typer.testing import CliRunner

from broken_cases import BROKEN
from supplyline.case.case import find_folder

cli = pytest.importorskip("supplyline.cli")


def squeezed(text):
    """Leave out white space, which depends on the width of the terminal."""
    return "".join(text.split())


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.kind)
def test_check_tells_and_ends_with_2(tmp_path, broken):
    folder = shutil.copytree(find_folder("toy"), tmp_path / "case")
    line = broken.edit(folder)

    result = CliRunner().invoke(cli.app, ["check", str(folder)])

    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    output = squeezed(result.output)
    assert "Traceback" not in output
    assert squeezed(broken.part) in output
    assert (broken.file if line is None else f"{broken.file}:{line}:") in output


def test_check_of_a_sound_case_ends_with_0():
    assert CliRunner().invoke(cli.app, ["check", "toy"]).exit_code == 0


def test_new_writes_a_case_that_check_finds_empty(tmp_path):
    made = CliRunner().invoke(cli.app, ["new", str(tmp_path / "mine")])
    assert made.exit_code == 0

    result = CliRunner().invoke(cli.app, ["check", str(tmp_path / "mine")])

    assert result.exit_code == 2
    assert "hasnorows" in squeezed(result.output)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ('where = { measure = "ban-road" }\nset = { end = 2024-01-02 }', "end is"),
        ('where = { measure = "price-gas_oil" }\nremove = true', "has no official"),
        ('where = { measure = "clearance-12h" }\nset = { value = "" }', "value is"),
    ],
)
def test_a_fault_of_a_scenario_is_told_with_its_name(tmp_path, change, told):
    folder = shutil.copytree(find_folder("toy"), tmp_path / "toy")
    head = 'title = "A"\nquestion = "What?"\nstart = 2024-03-04\n[[change]]\n'
    scenario = f'{head}table = "measures"\n{change}\n'
    (folder / "scenarios" / "wrong.toml").write_text(scenario)
    result = CliRunner().invoke(cli.app, ["check", str(folder)])
    assert result.exit_code == 2
    assert f"scenario wrong, measures.csv: {told}" in result.stderr
