"""What a notebook shows of a noun: a title and one table, all text escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def as_html(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> str:
    """Write a table of texts; nothing in a name can act as markup or as a formula."""
    cells = [[str(cell) for cell in row] for row in rows]
    frame = pd.DataFrame(cells, columns=list(columns), dtype="object")
    with pd.option_context("display.max_colwidth", None):
        # notebooks leave what has this class out of mathematics
        table = frame.to_html(index=False, border=0, classes="tex2jax_ignore")
    return f'<p class="tex2jax_ignore"><b>{escape(title)}</b></p>\n{table}'
