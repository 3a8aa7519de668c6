"""Changes of the reader in one place: of its code, of its words."""

from __future__ import annotations

import ast
import csv
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPPOSITE = {
    ast.Lt: ">=",
    ast.LtE: ">",
    ast.Gt: "<=",
    ast.GtE: "<",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}


class Mutant(NamedTuple):
    """One change: of a stretch of code, or of a cell or row of the lexicon."""

    path: Path
    line: int
    kind: str
    old: str
    new: str
    span: tuple[int, int] = (0, 0)
    column: str = ""

    def __str__(self) -> str:
        """Say where it is and what it does."""
        new = f" -> {' '.join(self.new.split())[:90]}" if self.span[1] else ""
        old = " ".join(self.old.split())[:90]
        return f"{self.path.name}:{self.line} {self.kind}: {old}{new}"


def code_mutants(path: Path) -> Iterator[Mutant]:
    """Give every change of one module."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tree = ast.parse(source)
    skipped = {id(one) for node in ast.walk(tree) for one in _unread(node)}
    for node in ast.walk(tree):
        if id(node) in skipped or not isinstance(node, ast.expr | ast.Return):
            continue
        first = starts[node.lineno - 1] + node.col_offset
        last = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        old = source[first:last].decode()
        for kind, new in _changes(node):
            yield Mutant(path, node.lineno, kind, old, new, (first, last))


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """Give what stands in annotations, type checks, docstrings and f-strings."""
    parts: list[ast.AST | None] = []
    if isinstance(node, ast.AnnAssign | ast.arg):
        parts.append(node.annotation)
    if isinstance(node, ast.FunctionDef):
        parts.append(node.returns)
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        parts.append(node)
    if isinstance(node, ast.JoinedStr):
        parts.append(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        parts.append(node)
    for part in parts:
        if part is not None:
            yield from ast.walk(part)


def _changes(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Give what can stand in the place of one expression, by kind."""
    kind, change = _CHANGED_BY.get(type(node), ("", None))
    if change is not None:
        for new in change(node):
            is_pattern = isinstance(node, ast.Constant) and isinstance(node.value, str)
            yield ("pattern" if is_pattern else kind), new


def _of_comparison(node: ast.Compare) -> Iterator[str]:
    """Turn one comparison round."""
    if len(node.ops) == 1:
        left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
        yield f"({left} {OPPOSITE[type(node.ops[0])]} {right})"


def _of_condition(node: ast.BoolOp) -> Iterator[str]:
    """Leave one part of a condition out."""
    word = " and " if isinstance(node.op, ast.And) else " or "
    for left_out in node.values:
        rest = [f"({ast.unparse(one)})" for one in node.values if one is not left_out]
        yield f"({word.join(rest)})"


def _of_not(node: ast.UnaryOp) -> Iterator[str]:
    """Leave a not out."""
    if isinstance(node.op, ast.Not):
        yield f"bool({ast.unparse(node.operand)})"


def _of_choice(node: ast.IfExp) -> Iterator[str]:
    """Take one of two values always."""
    yield f"({ast.unparse(node.body)})"
    yield f"({ast.unparse(node.orelse)})"


def _of_result(node: ast.Return) -> Iterator[str]:
    """Give the opposite, or nothing, back."""
    if isinstance(node.value, ast.Compare | ast.BoolOp):
        yield f"return not ({ast.unparse(node.value)})"
    elif not isinstance(node.value, ast.Constant | None):
        yield "return None"


def _of_sum(node: ast.BinOp) -> Iterator[str]:
    """Turn a plus into a minus and back."""
    if isinstance(node.op, ast.Add | ast.Sub):
        sign = "-" if isinstance(node.op, ast.Add) else "+"
        yield f"({ast.unparse(node.left)} {sign} {ast.unparse(node.right)})"


def _of_slice(node: ast.Subscript) -> Iterator[str]:
    """Leave one end of a slice out."""
    if isinstance(node.slice, ast.Slice):
        lower, upper, step = node.slice.lower, node.slice.upper, node.slice.step
        for old, rest in ((lower, (None, upper)), (upper, (lower, None))):
            if old is not None:
                part = ast.unparse(ast.Slice(*rest, step))
                yield f"{ast.unparse(node.value)}[{part}]"


def _of_constant(node: ast.Constant) -> Iterator[str]:
    """Add one to a number, turn a truth round, leave a piece of a pattern out."""
    if isinstance(node.value, bool):
        yield str(not node.value)
    elif isinstance(node.value, int | float):
        yield f"({node.value} + 1)"
    elif isinstance(node.value, str) and "|" in node.value:
        for first, last in _pieces(node.value):
            yield f"({node.value[:first] + node.value[last:]!r})"


_CHANGED_BY: dict[type[ast.AST], tuple[str, Any]] = {
    ast.Compare: ("comparison", _of_comparison),
    ast.BoolOp: ("condition", _of_condition),
    ast.UnaryOp: ("condition", _of_not),
    ast.IfExp: ("condition", _of_choice),
    ast.Return: ("result", _of_result),
    ast.BinOp: ("sum", _of_sum),
    ast.Subscript: ("slice", _of_slice),
    ast.Constant: ("constant", _of_constant),
}


def _pieces(pattern: str) -> Iterator[tuple[int, int]]:
    """Give the alternatives of a pattern, each with one of its bars."""
    groups: list[list[int]] = [[0]]
    for found in re.finditer(
        r"\\.|\[\^?\]?(?:\\.|[^\]])*\]|\((?:\?(?:[:=!]|<[=!]|P<\w+>))?|\||\)", pattern
    ):
        if found.group()[0] == "(":
            groups.append([found.end()])
        elif found.group() == "|":
            groups[-1].append(found.end())
        elif found.group() == ")" and len(groups) > 1:
            yield from _cut(groups.pop(), found.start())
    yield from _cut(groups[0], len(pattern))


def _cut(begins: list[int], end: int) -> Iterator[tuple[int, int]]:
    """Give the alternatives of a group that begin at given places."""
    for place, begin in enumerate(begins[:-1] if len(begins) > 1 else []):
        yield begin, begins[place + 1]
    if len(begins) > 1:
        yield begins[-1] - 1, end


def word_mutants(path: Path) -> Iterator[Mutant]:
    """Give every row of a table left out, and every cue of its long cells."""
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            yield Mutant(path, line, "row", ",".join(row.values()), "")
            for column, cell in row.items():
                bar = " " if column == "words" else "|"
                cues = cell.split(bar)
                for cue in cues if len(cues) > 1 else []:
                    rest = bar.join(one for one in cues if one is not cue)
                    yield Mutant(path, line, "cue", cue, rest, column=column)
