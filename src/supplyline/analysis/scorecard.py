"""The scorecard: what was reported, beside what a run gives for the same thing.

A claim that the model has no counterpart for stays in the list, with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from supplyline.analysis.measures import MEASURES
from supplyline.analysis.measuring import Asked, measured
from supplyline.case.frames import rows, to_cells
from supplyline.case.sentences import sentence
from supplyline.errors import refuse_other, unknown_text
from supplyline.tables import TABLES

if TYPE_CHECKING:
    from supplyline.analysis.measuring import Floats
    from supplyline.runs import Run

VERDICTS: Final = ("inside", "outside", "no counterpart")
"""Whether the reported range meets the modelled 80 % band."""
COLUMNS: Final = (
    "claim", "statement", "low", "value", "high", "unit", "start", "end", "source",
    "grade", "is_disputed", "contradicted_by", "measure", "argument", "title",
    "pro_rata", "p10", "p50", "p90", "verdict", "reason",
)  # fmt: skip
"""Columns of the scorecard."""
_WORDS: Final = ("contradicted_by", "measure", "argument", "title", "reason")
"""Columns of text that may be missing; None there."""


def scorecard(run: Run) -> pd.DataFrame:
    """Set the claims of the case's scorecard beside what a run gives.

    Parameters
    ----------
    run : Run
        The run.

    Returns
    -------
    pandas.DataFrame
        One row for each row of scorecard.csv: ``claim`` and its ``statement`` in words;
        the reported ``low``, ``value`` and ``high`` in its ``unit``; ``start`` and
        ``end`` of the window; ``source``, its ``grade`` and whether other claims
        disagree (``is_disputed``, ``contradicted_by``); the ``measure``, its
        ``argument`` and ``title``, what the model counts; ``pro_rata``, the share of
        the window's days that the run holds; the modelled ``p10``, ``p50`` and ``p90``
        in the claim's unit, counts brought to the whole window; the ``verdict`` and
        the ``reason`` where there is no counterpart.

    Raises
    ------
    ValueError
        If a row names an unknown measure or argument.
    """
    refuse_other("run", run, "Run", "load_run")
    case = run.case
    claims = case.claims.set_index("claim", drop=False)
    cells = {row["claim"]: row for row in to_cells(case.claims, TABLES["claims"])}
    grades = case.sources.set_index("source")["reliability"]
    opposed = _opposed(case.contradictions())
    asked = {
        row.claim: _ask(run, row, *_window(row, claims.loc[row.claim]))
        for row in rows(case.scorecard)
    }
    known = [one for one in asked.values() if isinstance(one, Asked)]
    values = measured(run, known, told=True)
    entries = []
    for row in rows(case.scorecard):
        claim = claims.loc[row.claim]
        start, end = _window(row, claim)
        others = opposed.get(row.claim, ())
        entry = {
            "claim": row.claim,
            "statement": sentence("claims", row.claim, cells[row.claim]),
            **{name: claim[name] for name in ("low", "value", "high", "unit")},
            "start": start,
            "end": end,
            "source": claim["source"],
            "grade": grades[claim["source"]],
            "is_disputed": bool(others),
            "contradicted_by": ", ".join(others) or None,
            "measure": row.measure,
            "argument": row.argument,
        }
        entries.append(entry | _modelled(row, claim, asked[row.claim], values))
    card = pd.DataFrame(entries, columns=list(COLUMNS))
    for name in _WORDS:
        card[name] = card[name].astype(object).where(card[name].notna(), None)
    return card


def _opposed(contradictions: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Name for each claim those whose ranges do not meet its own."""
    pairs = contradictions[["claim", "other_claim"]]
    both = [
        *pairs.itertuples(index=False),
        *pairs.iloc[:, ::-1].itertuples(index=False),
    ]
    opposed: dict[str, list[str]] = {}
    for claim, other in both:
        opposed.setdefault(claim, []).append(other)
    return {claim: tuple(sorted(set(others))) for claim, others in opposed.items()}


def _window(row: Any, claim: pd.Series[Any]) -> tuple[pd.Timestamp, pd.Timestamp]:  # noqa: ANN401 - a row of a table
    """Find the first and last day that a row counts."""
    start, end = (
        pd.Timestamp(claim[name] if pd.isna(asked) else asked)
        for name, asked in (("start", row.start), ("end", row.end))
    )
    return start, end


def _ask(
    run: Run,
    row: Any,  # noqa: ANN401 - a row of a table
    start: pd.Timestamp,
    end: pd.Timestamp,
) -> Asked | str:
    """Ask the run for what a row names, on the days it has, or say why it cannot."""
    if row.measure is None:
        return str(row.reason)
    if row.measure not in MEASURES:
        told = unknown_text("measure", row.measure, MEASURES)
        message = f"scorecard.csv, {row.claim}: {told}"
        raise ValueError(message)
    measure, label = MEASURES[row.measure], row.argument or ""
    if measure.needs_groups and not run.has_country:
        return "the run does not follow armed groups"
    day = pd.DatetimeIndex(run.daily["day"].to_numpy())
    asked = Asked(row.claim, measure, max(start, day[0]), min(end, day[-1]), label)
    if asked.days < 1:
        return "the run does not reach these days"
    if measure.too_short(asked.days, label):
        return "the run holds too few of these days"
    return asked


def _modelled(
    row: Any,  # noqa: ANN401 - a row of a table
    claim: pd.Series[Any],
    asked: Asked | str,
    told: dict[str, Floats],
) -> dict[str, object]:
    """Give what the run has beside a claim, or why it has nothing."""
    nothing: dict[str, object] = {
        "title": None,
        "pro_rata": np.nan,
        **dict.fromkeys(("p10", "p50", "p90"), np.nan),
        "verdict": VERDICTS[2],
    }
    if isinstance(asked, str):
        return nothing | {"reason": asked}
    values = told[row.claim]
    values = values[np.isfinite(values)]
    if values.size == 0:
        return nothing | {"reason": "it never happens in the run"}
    start, end = _window(row, claim)
    share = asked.days / ((end - start).days + 1)
    # a count of part of the window is brought to the whole of it
    scale = (1.0 if pd.isna(row.factor) else row.factor) / (
        share if asked.measure.is_sum else 1.0
    )
    low, middle, high = (
        float(scale * value) for value in np.quantile(values, (0.1, 0.5, 0.9))
    )
    least, most = _reported(claim)
    is_inside = least <= high and low <= most
    return {
        "title": asked.measure.title,
        "pro_rata": share,
        "p10": low,
        "p50": middle,
        "p90": high,
        "verdict": VERDICTS[0] if is_inside else VERDICTS[1],
        "reason": None,
    }


def _reported(claim: pd.Series[Any]) -> tuple[float, float]:
    """Give the reported range; a low end without a high one means "at least"."""
    ends = [float(claim[name]) for name in ("low", "value", "high")]
    known = [end for end in ends if not np.isnan(end)]
    is_open = not np.isnan(ends[0]) and np.isnan(ends[2]) and ends[1] == ends[0]
    return min(known), np.inf if is_open else max(known)
