"""How good past forecasts were: the backtest beside simple rivals, and the register."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from supplyline.analysis.members import basis_of
from supplyline.case.frames import rows
from supplyline.forecasts.bootstrap import hardest
from supplyline.quantities import Quantity
from supplyline.report.sentences import Said, Sentence
from supplyline.report.series import dated

if TYPE_CHECKING:
    import pandas as pd

    from supplyline.runs import Run


@dataclass(frozen=True, slots=True)
class RivalRow:
    """A forecast of ours beside one simple forecast."""

    forecast: str
    rival: str
    facts: Quantity
    origins: Quantity
    score: Quantity
    rival_score: Quantity
    skill: Quantity | None
    """Share of the rival's error that is saved; None where it cannot be told."""
    better: str
    """Yes, no, or perhaps where its interval holds none saved, or there is none."""


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A published forecast with its scores so far."""

    file: str
    origin: Quantity
    horizon: Quantity
    published_on: Quantity
    rests_on: str
    outcomes: Quantity
    windows: Quantity
    held: Quantity | None
    """Share of outcomes inside the middle four fifths; None before any is known."""


@dataclass(frozen=True, slots=True)
class Past:
    """All that is known of past forecasts."""

    verdict: Sentence
    rivals: tuple[RivalRow, ...]
    published: tuple[PublishedRow, ...]


def past_of(
    run: Run, backtest: pd.DataFrame | None, published: pd.DataFrame | None
) -> Past:
    """Make the scores of past forecasts printable."""
    basis = basis_of(run)
    rivals = () if backtest is None else tuple(_rival(r, basis) for r in rows(backtest))
    own = (
        () if published is None else rows(published[published["case"] == run.case.name])
    )
    return Past(
        verdict=() if backtest is None else _verdict(backtest, basis),
        rivals=rivals,
        published=tuple(_published(row, basis) for row in own),
    )


def _rival(row: Any, basis: str) -> RivalRow:  # noqa: ANN401 - a row of a table
    """Make one comparison printable."""

    def count(number: float) -> Quantity:
        return Quantity(float(number), "1", basis=basis, digits=None)

    def share(value: float, low: float | None, high: float | None) -> Quantity:
        return Quantity(float(value), "share", low=low, high=high, basis=basis)

    skill, low, high = float(row.skill), float(row.low), float(row.high)
    has_ends = isfinite(low) and isfinite(high)
    ends = (low, high) if has_ends else (None, None)
    return RivalRow(
        forecast=str(row.forecast),
        rival=str(row.against),
        facts=count(row.facts),
        origins=count(row.origins),
        score=share(row.score, None, None),
        rival_score=share(row.rival_score, None, None),
        skill=share(skill, *ends) if isfinite(skill) else None,
        better=_better(skill, low),
    )


def _better(skill: float, low: float) -> str:
    """Say whether a forecast is better than a simple one."""
    if not skill > 0:
        return "no" if isfinite(skill) else ""
    return "yes" if low > 0 else "perhaps"


def _verdict(backtest: pd.DataFrame, basis: str) -> Sentence:
    """Say whether anything beats the simple forecasts, as `Backtest.verdict` does."""
    line = hardest(backtest)
    if line is None:
        return ()
    row = _rival(line, basis)
    if row.skill is None or row.better == "no":
        return ("Nothing beats the ", Said(row.rival), " here.")
    saved: Sentence = (row.skill, " of its error is saved, in ", row.facts, " reports.")
    if row.better == "yes":
        return (
            "The ", Said(row.forecast), " beats every simple forecast here, the ",
            Said(row.rival), " by the least: ", *saved,
        )  # fmt: skip
    return (
        "The ", Said(row.forecast), " scores best here, but not surely so: of the ",
        Said(row.rival), " ", *saved,
    )  # fmt: skip


def _published(row: Any, basis: str) -> PublishedRow:  # noqa: ANN401 - a row of a table
    """Make one published forecast printable."""
    held = float(row.in_80)
    return PublishedRow(
        file=str(row.file),
        origin=dated(row.origin, basis),
        horizon=dated(row.horizon, basis),
        published_on=dated(row.published_on, basis),
        rests_on="prior ranges" if row.is_prior else "reported facts",
        outcomes=Quantity(float(row.outcomes), "1", basis=basis, digits=None),
        windows=Quantity(float(row.windows), "1", basis=basis, digits=None),
        held=Quantity(held, "share", basis=basis) if isfinite(held) else None,
    )
