"""What a published forecast rests on: a conditioned ensemble, or the prior alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplyline.analysis.course import WEEK
from supplyline.analysis.forecast_series import days_for
from supplyline.errors import ForecastError, Problem
from supplyline.forecasts.published import Basis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.case.case import Case
    from supplyline.conditioning.conditioned import Conditioned
    from supplyline.runs import Run


def refuse_prior(name: str, *, prior: bool) -> None:
    """Refuse what rests on the prior alone, if that is not asked for."""
    if not prior:
        found = "is not conditioned on what was seen, or by no gate that passed"
        expected = (
            "an ensemble that `supplyline condition` makes, or prior=True (--prior), "
            "which the file will say"
        )
        raise ForecastError(name, [Problem(name, None, None, found, expected)])


def refuse_unfit(conditioned: Conditioned, case: Case, weeks: int) -> None:
    """Refuse an ensemble that does not hold for a case as it is, or for the weeks."""
    name = f"the conditioned ensemble of {case.name}"
    _refuse(name, [*conditioned.differences(case), *_beyond(conditioned, case, weeks)])


def basis_of(
    run: Run, conditioned: Conditioned | None, weeks: int, *, prior: bool
) -> Basis:
    """Say what the forecast of a run rests on; refuse what cannot be told of it."""
    if conditioned is None:
        refuse_prior(run.manifest.name, prior=prior)
        return _of_prior(run)
    return _of_conditioned(run, conditioned, weeks)


def _of_prior(run: Run) -> Basis:
    """Say that a run rests on the prior alone."""
    if run.lineage is not None:
        told = "lives on the luck of a lineage, so it is not the prior"
        _refuse(run.manifest.name, [told])
    text = (
        "The prior ranges of the case alone: the ensemble is not conditioned on what "
        "was seen, and no gate was passed."
    )
    return Basis(is_prior=True, text=text + _supposed(run))


def _of_conditioned(run: Run, conditioned: Conditioned, weeks: int) -> Basis:
    """Say that a run rests on facts, if it is of an ensemble that holds."""
    record, cutoff = conditioned.record, run.manifest.cutoff
    faults = conditioned.differences(run.case)
    if (record.seed, conditioned.lineage) != (run.manifest.seed, run.lineage):
        faults.append("is not of the seed and lineage of the conditioned ensemble")
    if record.origin != cutoff:
        faults.append(f"is cut off on {cutoff}, and conditioned to {record.origin}")
    faults += _beyond(conditioned, run.case, weeks)
    _refuse(run.manifest.name, faults)
    text = (
        f"Members that agree with what was seen: {record.members:,}, drawn from a pool "
        f"of {record.pool:,} by {record.facts} facts to {record.origin}, "
        f"{conditioned.effective:,.0f} effective; the gate was passed."
    )
    said = record.model_dump(mode="json")
    return Basis(is_prior=False, text=text + _supposed(run), record=said)


def _beyond(conditioned: Conditioned, case: Case, weeks: int) -> list[str]:
    """Tell of weeks that its gate was not passed for."""
    most = (conditioned.record.days - days_for(case, 0)) // WEEK
    if weeks <= most:
        return []
    told = (
        f"weeks is {weeks}; expected at most {most}, the weeks for which its gate was "
        f"passed; `supplyline condition --days {days_for(case, weeks)}` tries more"
    )
    return [told]


def _supposed(run: Run) -> str:
    """Tell the scenario of a run, if it has one."""
    if run.manifest.request.scenario is None:
        return ""
    return f" It holds if the scenario {run.manifest.scenario} comes about."


def _refuse(name: str, faults: Sequence[str]) -> None:
    """Refuse to publish what has faults."""
    if faults:
        raise ForecastError(name, [Problem(name, None, None, each) for each in faults])
