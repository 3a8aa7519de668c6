"""What a published forecast rests on: a conditioned ensemble, or the prior alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from supplyline.errors import ForecastError, Problem
from supplyline.forecasts.published import Basis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel

    from supplyline.case.case import Case
    from supplyline.runs import Lineage, Run


class ConditionedEnsemble(Protocol):
    """Members that agree with what was seen, and the record of how they were chosen."""

    @property
    def lineage(self) -> Lineage:
        """Whose luck each member lives on."""

    @property
    def record(self) -> BaseModel:
        """What it rests on, as it is published."""

    def differences(self, case: Case) -> list[str]:
        """Say why it does not hold: another case or engine, or no passed gate."""


def refuse_prior(name: str, *, prior: bool) -> None:
    """Refuse what rests on the prior alone, if that is not asked for."""
    if not prior:
        found = "is not conditioned on what was seen, or by no gate that passed"
        expected = (
            "an ensemble that `supplyline condition` makes, or prior=True (--prior), "
            "which the file will say"
        )
        raise ForecastError(name, [Problem(name, None, None, found, expected)])


def basis_of(
    run: Run, conditioned: ConditionedEnsemble | None, *, prior: bool
) -> Basis:
    """Say what the forecast of a run rests on; refuse what cannot be told of it."""
    name = run.manifest.name
    if conditioned is None:
        refuse_prior(name, prior=prior)
        faults = _faults_of_prior(run)
        text = (
            "The prior ranges of the case alone: the ensemble is not conditioned on "
            "what was seen, and no gate was passed."
        )
        record = {}
    else:
        record = conditioned.record.model_dump(mode="json")
        faults = _faults_of_conditioned(run, conditioned, record)
        text = (
            f"Members that agree with what was seen: {record['members']:,}, drawn from "
            f"a pool of {record['pool']:,} by {record['facts']} facts to "
            f"{record['origin']}, {record['effective'][-1]:,.0f} effective; the gate "
            "was passed."
        )
    if faults:
        raise ForecastError(name, [Problem(name, None, None, each) for each in faults])
    if run.manifest.request.scenario is not None:
        text += f" It holds if the scenario {run.manifest.scenario} comes about."
    return Basis(is_prior=conditioned is None, text=text, record=record)


def _faults_of_prior(run: Run) -> Sequence[str]:
    """Tell why a run is not of the prior."""
    told = "lives on the luck of a lineage, so it is not the prior"
    return () if run.lineage is None else (told,)


def _faults_of_conditioned(
    run: Run, conditioned: ConditionedEnsemble, record: dict[str, Any]
) -> Sequence[str]:
    """Tell why a run is not of a conditioned ensemble that holds."""
    faults = conditioned.differences(run.case)
    luck, own = (record["seed"], conditioned.lineage), (run.manifest.seed, run.lineage)
    if luck != own:
        faults.append("is not of the seed and lineage of the conditioned ensemble")
    origin = record["origin"]
    if origin != run.manifest.cutoff:
        faults.append(
            f"is cut off on {run.manifest.cutoff}, and conditioned to {origin}"
        )
    return faults
