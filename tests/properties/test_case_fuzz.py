"""Whatever a file holds, a case is either read or refused with its problems."""

import tempfile
import warnings
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategies import broken_files, changes, sound_cases, toml_value, toy
from supplyline.case.case import load_case
from supplyline.case.config import read_config
from supplyline.case.read import read_table
from supplyline.case.scenario import apply, read_scenario
from supplyline.errors import CaseError, ScenarioError, SupplylineWarning
from supplyline.tables import TABLES

SLOW = settings(
    deadline=None, max_examples=150, suppress_health_check=list(HealthCheck)
)


def try_to_load(files):
    """Load files as a case; give the case or the problems."""
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore", SupplylineWarning)
        folder = Path(name)
        (folder / "scenarios").mkdir()
        for file, content in files.items():
            (folder / file).write_bytes(content)
        try:
            return load_case(folder), ()
        except CaseError as error:
            return None, error.problems


@SLOW
@given(broken_files())
def test_a_case_is_read_or_its_problems_are_told(files):
    case, problems = try_to_load(files)

    assert (case is None) == (len(problems) > 0)
    for problem in problems:
        text = files.get(problem.file, b"")
        lines = len(text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
        assert problem.line is None or 1 <= problem.line <= lines
        assert str(problem).isprintable()


@SLOW
@given(st.lists(changes(), min_size=1, max_size=3))
def test_a_scenario_is_applied_or_its_problems_are_told(drawn):
    lines = ['title = "Drawn"', 'question = "What if?"', "start = 2024-03-04"]
    for change in drawn:
        lines.append("[[change]]")
        lines.extend(
            f"{key} = {toml_value(value)}"
            for key, value in change.items()
            if value is not None
        )
    text = "\n".join(lines).encode("utf-8", "surrogatepass")

    scenario, problems = read_scenario(text, "drawn")

    assert (scenario is None) == (len(problems) > 0)
    if scenario is not None:
        with suppress(ScenarioError):
            apply(toy(), scenario)


@given(st.text())
def test_any_text_may_stand_in_case_toml(text):
    reading = read_config(text)
    assert (reading.config is None) == (len(reading.faults) > 0)


@given(st.binary(), st.sampled_from(sorted(TABLES)))
def test_any_bytes_may_stand_in_a_table(content, name):
    table, problems = read_table(content, TABLES[name], f"{name}.csv")
    assert table.rows == () or table.lines
    assert problems


@settings(deadline=None, max_examples=20)
@given(sound_cases())
def test_a_sound_case_is_saved_and_read_back(case):
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore", SupplylineWarning)
        again = load_case(case.save(Path(name) / "case"))
    assert again.hashes == case.hashes
    assert all(again.tables[table].equals(case.tables[table]) for table in TABLES)
