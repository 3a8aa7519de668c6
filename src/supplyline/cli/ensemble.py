"""Which members a verb simulates: of the conditioned ensemble, or of the prior."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import typer

from supplyline.cli.speech import counted

if TYPE_CHECKING:
    from supplyline.case.case import Case
    from supplyline.cli.speech import Speech
    from supplyline.conditioning.conditioned import Conditioned
    from supplyline.runs import Lineage

_MEMBERS, _SEED = 2000, 1
"""Members and seed of the prior, where none are asked for."""


class Ensemble(NamedTuple):
    """Members that a verb simulates, and what they rest on."""

    members: int
    seed: int
    conditioned: Conditioned | None
    """The ensemble that they are of; None where they are of the prior."""
    why_prior: str = ""
    """Why there is none that holds; empty where the prior was asked for."""

    @property
    def lineage(self) -> Lineage | None:
        """Whose luck they live on."""
        return None if self.conditioned is None else self.conditioned.lineage

    def say(self, name: str, speech: Speech) -> None:
        """Say what they rest on, and how to have it otherwise."""
        if self.conditioned is not None:
            record = self.conditioned.record
            used = f"{counted(record.facts, 'fact')} to {record.origin}"
            worth = f"{self.conditioned.effective:,.0f} effective members"
            speech.step("rests on", used, worth, "gate passed")
        elif self.why_prior:
            speech.step("rests on", "prior", self.why_prior)
            speech.step("", f"supplyline condition {name} makes one that holds")

    def refuse_prior(self, name: str) -> None:
        """Refuse to fall back on the prior."""
        from supplyline.errors import ConditioningError

        if self.conditioned is None:
            message = f"{name}: {self.why_prior}; supplyline condition {name} makes one"
            raise ConditioningError(message)


def choose_ensemble(
    case: Case, name: str, members: int | None, seed: int | None, *, prior: bool
) -> Ensemble:
    """Take the conditioned ensemble of a case where it holds; else the prior."""
    found = "" if prior else _find(case)
    if isinstance(found, str):
        return Ensemble(
            _MEMBERS if members is None else members,
            _SEED if seed is None else seed,
            None,
            found,
        )
    record = found.record
    again = f"supplyline condition {name}"
    if members is not None and members > record.members:
        message = (
            f"--members is {members}; the conditioned ensemble of {case.name} has "
            f"{record.members}: {again} --members {members} makes more, or take "
            "the prior"
        )
        raise typer.BadParameter(message)
    if seed not in (None, record.seed):
        message = (
            f"--seed is {seed}; the conditioned ensemble of {case.name} was chosen "
            f"with {record.seed}: {again} --seed {seed} makes another, or take the "
            "prior"
        )
        raise typer.BadParameter(message)
    return Ensemble(record.members if members is None else members, record.seed, found)


def _find(case: Case) -> Conditioned | str:
    """Read the conditioned ensemble of a case, or say why none can be rested on."""
    from supplyline.conditioning.conditioned import FOLDER, load_conditioned
    from supplyline.errors import ConditioningError

    if not (case.folder / FOLDER).is_dir():
        return "the case has no conditioned ensemble"
    try:
        found = load_conditioned(case)
    except ConditioningError:
        return "files of its conditioned ensemble are missing or altered"
    if reasons := found.differences():
        return f"its conditioned ensemble does not hold: {'; '.join(reasons)}"
    return found
