"""Tables as CSV: UTF-8, commas, a point before decimals, days as 2025-09-03."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.analysis.chunks import chunks_of
from supplyline.exports.about import about_table, codebook
from supplyline.exports.texts import with_guarded_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from supplyline.exports.member_tables import MemberTable
    from supplyline.exports.tables import Tidy
    from supplyline.runs import Run


def write_csv(
    run: Run,
    folder: Path,
    told: Mapping[str, str],
    tables: Sequence[Tidy],
    by_member: Sequence[MemberTable],
) -> None:
    """Write tables, those by member a few members at a time, and the codebook."""
    columns = {table.name: table.columns for table in tables}
    columns |= {each.name: each.columns for each in by_member}
    for table in (about_table(told), codebook(columns), *tables):
        _write(folder / f"{table.name}.csv", [table.frame])
    for each in by_member:
        frames = (each.rows(part) for part in chunks_of(run))
        _write(folder / f"{each.name}.csv", frames)


def _write(file: Path, frames: Iterable[pd.DataFrame]) -> None:
    """Write frames below each other, with one head."""
    with file.open("w", encoding="utf-8", newline="") as out:
        for number, frame in enumerate(frames):
            with_guarded_texts(frame).to_csv(
                out,
                index=False,
                header=number == 0,
                date_format="%Y-%m-%d",
                lineterminator="\n",
            )
