"""Public names and entry points of kernels say it all, in numpydoc's form."""

import ast
import inspect
from pathlib import Path

import pytest
from numpydoc.validate import validate

import supplyline as sl
from supplyline.engine import kernels

UNASKED = {"ES01", "EX01", "GL01", "GL08", "PR04", "RT02", "RT03", "SA01", "SS06"}
"""No extended summary, example, "see also" or types beside the annotations."""
UNASKED |= {"YD01"}
KERNELS = Path(kernels.__path__[0])


def public_names():
    """Name what ``import supplyline`` gives, with the methods of its classes."""
    for name in sl.__all__:
        value = getattr(sl, name)
        home = f"{value.__module__}.{value.__qualname__}"
        yield home
        if inspect.isclass(value):
            own = [n for n, v in vars(value).items() if not n.startswith("_")]
            documented = [n for n in own if inspect.getdoc(getattr(value, n, None))]
            called = [n for n in documented if callable(getattr(value, n))]
            properties = [n for n in own if isinstance(vars(value)[n], property)]
            yield from (f"{home}.{n}" for n in {*called, *properties})


def faults(name):
    checked = validate(name)
    # a class is told by its attributes
    unasked = UNASKED | {"PR01"} if checked["type"] == "type" else UNASKED
    told = [error for error in checked["errors"] if error[0] not in unasked]
    return [f"{code}: {text}" for code, text in told]


def entry_points():
    """Name each kernel that is compiled on its own: the day loop and its steps."""
    for path in sorted(KERNELS.glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                marks = {ast.unparse(mark) for mark in node.decorator_list}
                if marks & {"entry", "step"}:
                    yield pytest.param(node, id=f"{path.stem}.{node.name}")


@pytest.mark.parametrize("name", sorted(set(public_names())))
def test_a_public_name_says_it_all(name):
    assert faults(name) == []


@pytest.mark.parametrize("node", list(entry_points()))
def test_an_entry_point_of_the_kernels_names_its_parameters(node):
    text = ast.get_docstring(node) or ""
    missing = [arg.arg for arg in node.args.args if arg.arg not in text]

    assert missing == []
    assert "Parameters\n---" in text


def test_a_missing_section_is_seen():
    assert any(fault.startswith("PR01") for fault in faults("textwrap.dedent"))
