"""Briefs of cases that leave tables empty where a sound case may."""

import shutil
from pathlib import Path

import pytest

from supplyline import cases
from supplyline.analysis.targets import check_targets
from supplyline.case.case import load_case
from supplyline.engine.simulate import simulate
from supplyline.report.brief import brief

EMPTY = {
    "toy": (
        "aims", "control", "events", "leader", "market", "names", "observed",
        "partners", "people", "relations", "revenue", "scorecard", "targets",
    ),
    "corridor180": (
        "actors", "claims", "control", "events", "observed", "revenue", "targets",
    ),
}  # fmt: skip
"""Case to the tables that it may leave empty."""


def emptied(folder, name, tables):
    """Copy a packaged case and keep only the head of some tables."""
    shutil.copytree(Path(cases.__path__[0]) / name, folder)
    for table in tables:
        file = folder / f"{table}.csv"
        file.write_text(file.read_text().splitlines()[0] + "\n")
    config = folder / "case.toml"
    words = config.read_text().replace(f'name = "{name}"', f'name = "{folder.name}"')
    config.write_text(words)
    return load_case(folder)


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        (name, chosen)
        for name, tables in EMPTY.items()
        for chosen in (*((table,) for table in tables), tables)
    ],
)
def test_a_case_with_empty_tables_has_a_brief(tmp_path, name, tables):
    case = emptied(tmp_path / "made", name, tables)
    run = simulate(case, days=40, members=32)
    made = brief(run, checks=check_targets(run))
    assert "short of fuel by" in made.title
    assert made.html.rstrip().endswith("</html>")
    assert ("without a check" in made.html) == case.targets.empty
