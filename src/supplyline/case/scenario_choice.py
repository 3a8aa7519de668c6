"""The scenario that a user names: one that comes with the case, or a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from supplyline.case.scenario import Scenario, read_scenario
from supplyline.errors import Problem, ScenarioError, shown

if TYPE_CHECKING:
    from supplyline.case.case import Case


def choose_scenario(case: Case, scenario: str | Path | Scenario) -> Scenario:
    """Find a scenario of the case by name, or read one from a .toml file."""
    if isinstance(scenario, Scenario):
        return scenario
    known = case.scenarios()
    name = str(scenario)
    if name in known:
        return known[name]
    if Path(name).suffix.lower() == ".toml":
        return _read(Path(name))
    expected = f"a .toml file, or one of {', '.join(sorted(known)) or 'none'}"
    problem = Problem.unknown(case.name, None, "scenario", name, known, expected)
    raise ScenarioError(case.name, [problem])


def _read(path: Path) -> Scenario:
    """Read a scenario from a file of its own; faults name that file."""
    file = str(path)
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = Problem(shown(file), None, None, f"cannot be read: {reason}")
        raise ScenarioError(file, [problem]) from error
    scenario, problems = read_scenario(content, path.stem)
    if scenario is None:
        raise ScenarioError(file, [replace(p, file=file) for p in problems])
    return scenario
