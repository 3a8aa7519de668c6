"""The rules of the house that no linter knows."""

import ast
import inspect
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

import supplyline as sl
from supplyline.case.case import load_case, packaged_cases
from supplyline.cli import app

HOUSE = Path(__file__).parents[1]
SOURCE = HOUSE / "src" / "supplyline"
MODULES = sorted(path for path in SOURCE.rglob("*.py"))
MOST_LINES = 500
VAGUE = {"base", "common", "data", "helpers", "info", "manager", "misc", "utils"}

VERBS = {
    "backtest": "backtest",
    "brief": "brief",
    "check": "load_case",
    "compare": "compare",
    "condition": "condition",
    "explain": "explain",
    "export": "export",
    "evidence add": "add_documents",
    "evidence events": "add_events",
    "evidence export": "export_evidence",
    "evidence import": "import_claims",
    "evidence list": "open_evidence",
    "evidence review": "decide",
    "forecast list": "read_forecasts",
    "forecast publish": "publish_forecast",
    "forecast score": "score_forecast",
    "forecast verify": "read_forecasts",
    "heat": "heat",
    "new": "write_template",
    "simulate": "simulate",
    "verify": "verify",
    "why": "why",
}
"""Verb of the command line to public function."""
WITHOUT_VERB = {
    "check_targets", "futures", "load_conditioned", "load_run", "pending", "score",
    "scorecard", "cluster", "processes", "simulate_summaries", "threads",
}  # fmt: skip
"""Steps and options of other verbs."""
WITHOUT_FUNCTION = {"show", "evidence download"}
"""Verbs that print what Python has as frames, or use the network."""


def name_of(path):
    return str(path.relative_to(HOUSE))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_short(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_has_a_subject(path):
    assert path.stem not in VAGUE
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_command_line_prints_and_no_fault_is_swallowed(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print", f"line {node.lineno} prints"
        if isinstance(node, ast.Attribute) and "cli" not in path.parts:
            assert node.attr != "echo", f"line {node.lineno} prints"
        if isinstance(node, ast.ExceptHandler):
            caught = "" if node.type is None else ast.unparse(node.type)
            assert caught not in ("", "Exception", "BaseException"), node.lineno


def public_functions():
    return {name for name in sl.__all__ if inspect.isfunction(getattr(sl, name))}


def verbs():
    """Name every verb, those of a group with the group before them."""
    commands = {command.callback.__name__ for command in app.registered_commands}
    for group in app.registered_groups:
        for command in group.typer_instance.registered_commands:
            name = command.name or command.callback.__name__
            commands.add(f"{group.name} {name}")
    return commands


def test_public_names_are_the_verbs_of_the_command_line():
    assert verbs() == set(VERBS) | WITHOUT_FUNCTION
    assert public_functions() == set(VERBS.values()) | WITHOUT_VERB


def test_the_list_of_public_names_is_whole():
    assert sl.__all__ == sorted(sl.__all__)
    assert set(sl.__all__) <= set(dir(sl))
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        _ = sl.absent


def test_public_names_are_documented():
    pages = "\n".join(page.read_text() for page in (HOUSE / "docs").rglob("*.md"))
    documented = set(re.findall(r"\b(?:sl|supplyline)\.(\w+)", pages))
    assert set(sl.__all__) <= documented, sorted(set(sl.__all__) - documented)


def test_verbs_are_in_the_readme():
    readme = (HOUSE / "README.md").read_text()
    told = re.findall(r"\| `supplyline ((?:evidence |forecast )?\w+)", readme)
    assert set(told) == set(VERBS) | WITHOUT_FUNCTION


def test_the_readme_uses_names_that_exist():
    readme = (HOUSE / "README.md").read_text()
    assert set(re.findall(r"\bsl\.(\w+)", readme)) <= set(sl.__all__)


ORDINARY = {
    "Armed", "Drivers", "Group", "People", "State", "States", "capital", "mines",
    "state",
}  # fmt: skip
"""Words of the cases that are also words of the model."""


@cache
def entities():
    """Name the places, regions, actors, groups, people and products of every case."""
    names = set()
    for case in map(load_case, packaged_cases()):
        names.update(case.tables["groups"]["group"])
        names.update(case.tables["partners"]["partner"])
        said = [case.config.leader or "", *case.tables["partners"]["title"]]
        names.update(re.findall(r"[A-Z][^\W\d_]{3,}", " ".join(said)))
        for table in ("places", "regions", "actors"):
            titles = " ".join(case.tables[table]["title"])
            names.update(re.findall(r"[A-Z][^\W\d_]{3,}", titles))
            names.update(case.tables[table][table.removesuffix("s")])
        names.update((*case.config.products, case.config.currency))
    return names - ORDINARY


@pytest.mark.filterwarnings("ignore::supplyline.SupplylineWarning")
@pytest.mark.parametrize(
    "path", [path for path in MODULES if "engine" in path.parts], ids=name_of
)
def test_the_engine_names_nothing_of_any_case(path):
    lines = path.read_text().splitlines()
    text = "\n".join(line for line in lines if not line.strip().startswith(">>>"))
    assert not set(re.findall(r"\w+", text)) & entities()


def test_constraints_are_names_and_versions_only():
    lines = (HOUSE / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[\w.+]+", line) for line in lines)


def test_the_readme_names_the_pythons_that_the_package_takes():
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
    named = re.search(r"Python 3\.(\d+) to 3\.(\d+)", (HOUSE / "README.md").read_text())
    oldest, newest = map(int, named.groups())
    versions = re.findall(r"Python :: 3\.(\d+)", "\n".join(project["classifiers"]))
    assert project["requires-python"] == f">=3.{oldest},<3.{newest + 1}"
    assert list(map(int, versions)) == list(range(oldest, newest + 1))
