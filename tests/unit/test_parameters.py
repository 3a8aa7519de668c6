"""The table of parameters: each row is read, each name that is read is a row."""

import ast
import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import supplyline as sl
from broken_cases import cell, remove
from supplyline.case.case import find_folder, load_case
from supplyline.case.parameters import PARAMETERS, RULES_OF_EVIDENCE, names_in_scope
from supplyline.cli import app
from supplyline.engine.draws import Luck, draw_parameters
from supplyline.engine.kernels import parameters as kernel_parameters
from supplyline.errors import CaseError, SupplylineWarning
from supplyline.evidence.desk.rule_params import NEEDS

ENGINE = Path(kernel_parameters.__file__).parents[1]
COUNTRY_FACTS = {"gateway_capacity_trucks", "hydro_h", "army_soldiers"}


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(find_folder("toy"), tmp_path / "case")


def is_params(node):
    """Tell whether an expression is a member's parameters: `params`, `x.params[m]`."""
    if isinstance(node, ast.Subscript):
        return getattr(node.value, "attr", None) == "params"
    return getattr(node, "id", None) == "params"


def read_in_kernels():
    """Name every attribute that a kernel reads of parameters, with its file."""
    reads = {}
    for path in (ENGINE / "kernels").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and is_params(node.value):
                reads[node.attr] = path.name
    return reads


def read_of_draws():
    """Name every column of the draws that is read beside the kernels."""
    files = [*ENGINE.glob("*.py"), *(ENGINE.parent / "analysis").glob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return texts & set(PARAMETERS)


def test_what_a_kernel_reads_is_a_row_of_the_table():
    reads = read_in_kernels()

    assert len(reads) > 150
    wrong = {n: file for n, file in reads.items() if n not in kernel_parameters.FIELDS}
    assert wrong == {}


def test_every_row_of_the_table_is_read():
    of_rules = {name for names in NEEDS.values() for name in names}

    assert of_rules == set(names_in_scope(RULES_OF_EVIDENCE))
    read = {*read_in_kernels(), *read_of_draws(), *of_rules}
    assert [name for name in PARAMETERS if name not in read] == []


@pytest.mark.parametrize("name", ["truck_kl", "split_share", "served_floor"])
def test_a_case_without_a_row_takes_the_default_and_says_so(toy, folder, name):
    remove("params.csv", name)(folder)

    case = load_case(folder)

    row = case.params.set_index("param").loc[name]
    prior = PARAMETERS[name].prior
    assert (row["distribution"], row["a"]) == (prior["distribution"], float(prior["a"]))
    assert row["note"].startswith("packaged default")
    assert set(case.defaults) == {name, *toy.defaults}
    assert case.warnings == ()
    assert len(case.assumptions()) == len(toy.assumptions())
    assumed = case.assumptions().set_index(["table", "key"])
    assert assumed.loc[("params", name)].isna().all()


def test_check_tells_the_defaults(folder):
    for name in ("truck_kl", "split_share"):
        remove("params.csv", name)(folder)

    told = CliRunner().invoke(app, ["check", str(folder)])
    as_json = CliRunner().invoke(app, ["check", str(folder), "--json"])

    assert re.search(
        r"defaults .*not in params\.csv: .*truck_kl, split_share", told.output
    )
    assert {"truck_kl", "split_share"} <= set(json.loads(as_json.stdout)["defaults"])


def test_a_default_in_place_of_a_sourced_row_is_one_assumption_more(folder):
    cell("params.csv", "truck_kl", "source", "made-up")(folder)
    sourced = load_case(folder)
    remove("params.csv", "truck_kl")(folder)

    assert len(load_case(folder).assumptions()) == len(sourced.assumptions()) + 1


def test_a_default_that_is_another_countrys_number_is_a_warning(folder):
    for name in (*COUNTRY_FACTS, "truck_kl"):
        remove("params.csv", name)(folder)

    with pytest.warns(SupplylineWarning, match="toy: 1 warning"):
        case = load_case(folder)

    assert all(name in case.warnings[0] for name in COUNTRY_FACTS)
    assert "another country's number" in case.warnings[0]
    assert "truck_kl" not in case.warnings[0]


def test_a_case_without_any_row_runs(folder):
    path = folder / "params.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    for scenario in (folder / "scenarios").iterdir():
        scenario.unlink()

    with pytest.warns(SupplylineWarning):
        case = load_case(folder)

    needed = set(PARAMETERS) - set(names_in_scope(RULES_OF_EVIDENCE))
    assert set(case.params["param"]) == needed
    assert sl.simulate(case, days=1, members=2, seed=1).daily.sizes["member"] == 2


def test_a_default_draws_as_the_row_that_states_it(toy, folder):
    """The luck of a parameter is its own, wherever its row stands."""
    remove("params.csv", "holding_days")(folder)
    case = load_case(folder)

    drawn, given = (
        draw_parameters(each.params, Luck(1, range(5))) for each in (case, toy)
    )

    assert (drawn["holding_days"] == given["holding_days"]).all()


def test_a_case_saved_with_a_default_lacks_the_row_still(folder, tmp_path):
    remove("params.csv", "truck_kl")(folder)
    case = load_case(folder)
    again = load_case(case.save(tmp_path / "copy"))

    assert again.hashes == case.hashes
    assert again.params.equals(case.params)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("truck_kll", "truck_kl"), ("splitshare", "split_share"), ("hydro", "hydro_h")],
)
def test_an_unknown_parameter_is_refused_with_the_nearest_name(folder, wrong, near):
    line = cell("params.csv", near, "param", wrong)(folder)

    with pytest.raises(CaseError) as caught:
        load_case(folder)

    problem = next(p for p in caught.value.problems if p.field == "param")
    assert (problem.line, problem.nearest) == (line, near)
