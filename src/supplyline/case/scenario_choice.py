"""The scenario that a user names: one that comes with the case, or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from supplyline.case.scenario import Scenario, read_scenario
from supplyline.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from supplyline.case.case import Case


def choose_scenario(case: Case, name: str) -> Scenario:
    """Find a scenario of the case, or read one from a file."""
    known = case.scenarios()
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix == ".toml":
        scenario, problems = read_scenario(path.read_bytes(), path.stem)
        if scenario is None:
            raise ScenarioError(name, problems)
        return scenario
    expected = f"a .toml file, or one of {', '.join(sorted(known)) or 'none'}"
    problem = Problem.unknown(case.name, None, "scenario", name, known, expected)
    raise ScenarioError(case.name, [problem])
