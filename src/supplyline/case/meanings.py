"""What stands under each field of a model in its source: for pages and templates only.

Pydantic reads it too, but whenever a model is imported, which every command would wait
for.
"""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from textwrap import dedent
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """Tell what each field of a model means, by its name in a file."""
    told: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if issubclass(each, BaseModel) and each is not BaseModel:
            told |= _docstrings(each)
    fields = model.model_fields.items()
    return {field.alias or name: told[name] for name, field in fields if name in told}


def _docstrings(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Find the strings that stand below the fields of one class."""
    [body] = ast.parse(dedent(inspect.getsource(model))).body
    for field, below in pairwise(body.body if isinstance(body, ast.ClassDef) else ()):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, " ".join(text.split())
