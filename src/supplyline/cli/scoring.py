"""What the verb on past forecasts says: lines for a person, values for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from supplyline.case.frames import rows
from supplyline.forecasts.rivals import RIVALS
from supplyline.forecasts.score import skill_column
from supplyline.output import draft_file

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    import pandas as pd

    from supplyline.cli.speech import Speech
    from supplyline.forecasts.backtest import Backtest

_FACT_HEADS: Final = ("fact", "what it is", "unit", "until", "came")
_ROW_HEADS: Final = (
    "origin", "fact", "came", "10 % quantile", "90 % quantile", "score", "best rival",
    "skill",
)  # fmt: skip
_TABLE_HEADS: Final = (
    "forecast", "against", "facts", "origins", "score", "rival's score", "skill",
    "90 % interval of skill",
)  # fmt: skip
_OF_ROWS: Final = (
    "Score: CRPS of a number, in its unit; Brier's score of a yes. Lower is better.",
    "Skill: share of a rival's score that is saved. 1 is perfect, below 0 is worse.",
)
_OF_TABLE: Final = (
    "These are mean scores, of numbers over the size of earlier values: units add up."
)


def tell_backtest(scored: Backtest, speech: Speech) -> None:
    """Tell every fact and row, the skill against each rival, and the verdict."""
    table = scored.table()
    once = scored.rows.drop_duplicates("fact")
    speech.table(_FACT_HEADS, [_fact(row) for row in rows(once)])
    speech.line("")
    speech.table(_ROW_HEADS, [_row(row) for row in rows(scored.rows)])
    speech.line(*_OF_ROWS, "")
    speech.table(_TABLE_HEADS, [_line(line) for line in rows(table)])
    speech.line(_OF_TABLE, "", scored.verdict())
    days = [f"{day:%Y-%m-%d}" for day in scored.origins]
    speech.result(
        {
            "case": scored.case,
            "origins": days,
            "rows": _records(scored.rows),
            "table": _records(table),
            "verdict": scored.verdict(),
        }
    )


def keep_table(scored: Backtest, file: Path) -> None:
    """Write the table of skill to a file, whole or not at all."""
    with draft_file(file) as draft:
        text = scored.table().to_csv(index=False, float_format="%.4g")
        draft.write(text.encode())


def _fact(row: Any) -> tuple[str, ...]:  # noqa: ANN401 - a row of a table
    """Write what a fact is, and what came."""
    unit = row.unit if row.form == "number" else ""
    return row.fact, row.title, unit, f"{row.end:%Y-%m-%d}", _came(row)


def _came(row: Any) -> str:  # noqa: ANN401 - a row of a table
    """Write the number that came, or that it was so."""
    return _number(row.value) if row.form == "number" else "yes"


def _row(row: Any) -> tuple[str, ...]:  # noqa: ANN401 - a row of a table
    """Write what was forecast of a fact, what came, and the hardest rival."""
    is_number = row.form == "number"
    skills = {name: getattr(row, skill_column(name)) for name in RIVALS}
    known = {name: value for name, value in skills.items() if not np.isnan(value)}
    rival = min(known, key=lambda name: known[name]) if known else ""
    forecast = (_number(row.q10), _number(row.q90)) if is_number else ("", "")
    return (
        f"{row.origin:%Y-%m-%d}",
        row.fact,
        _came(row),
        *forecast,
        _number(row.crps if is_number else row.brier),
        rival,
        f"{known[rival]:.2f}" if rival else "",
    )


def _line(line: Any) -> tuple[str, ...]:  # noqa: ANN401 - a row of a table
    """Write the skill against a rival."""
    ends = "" if np.isnan(line.low) else f"{line.low:.2f} to {line.high:.2f}"
    scores = (_number(line.score), _number(line.rival_score), f"{line.skill:.2f}")
    counts = (str(line.facts), str(line.origins))
    return (line.forecast, line.against, *counts, *scores, ends)


def _number(value: float) -> str:
    """Write a number of any size, three figures of it."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _records(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Give the rows of a table to a program, days as text."""
    days = table.select_dtypes("datetime")
    told = {str(name): days[name].dt.strftime("%Y-%m-%d") for name in days}
    return table.assign(**told).to_dict("records")
