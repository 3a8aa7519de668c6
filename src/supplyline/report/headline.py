"""The title of a brief: the worst towns first, then the capital."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from supplyline.quantities import LIKELIHOODS, Likelihood, likelihood
from supplyline.report.sentences import Said, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.report.towns import Town, Towns

_NAMED: Final = 3
"""Most towns that the title names beside the capital."""
_LIKELY: Final = likelihood(0.55)
_EVEN: Final = likelihood(0.5)


def headline(towns: Towns) -> Sentence:
    """Write the title of a brief."""
    if not towns.rows:
        return ("In no town does the public buy ", Said(towns.fuel))
    if towns.last is None:
        return _state(towns)
    worst = towns.rows[0]
    short: Sentence = (" short of ", Said(towns.fuel), " by ", towns.last)
    alike = [town for town in towns.rows if town.word == worst.word]
    if worst.word.low < _EVEN.low and len(towns.rows) > 1:
        return (
            "No town is likely to be", *short, "; ", Said(worst.title),
            ", the worst placed,", _outlook(worst.word, [worst], "to be", "of it"),
            *_capital(towns, alike),
        )  # fmt: skip
    named = alike[:_NAMED]
    return (
        *names(named), _outlook(worst.word, named, "to be", "of being"), *short,
        *_already(named), *_others(towns, named), *_capital(towns, named),
    )  # fmt: skip


def names(towns: Sequence[Town]) -> Sentence:
    """Name towns in a row."""
    parts: list[str | Said] = []
    for position, town in enumerate(towns):
        if position:
            parts.append(" and " if position == len(towns) - 1 else ", ")
        parts.append(Said(town.title))
    return tuple(parts)


def likely_towns(towns: Towns) -> tuple[Likelihood, list[Town]]:
    """Find the towns at least likely to be short, or as likely as the worst."""
    least = min(_LIKELY, towns.rows[0].word, key=LIKELIHOODS.index)
    return least, [town for town in towns.rows if town.word.low >= least.low]


def _state(towns: Towns) -> Sentence:
    """Write the title where the forecast is too short to hold a week."""
    if towns.known is None:
        return (
            "The run is too short to tell which towns are short of ",
            Said(towns.fuel),
        )
    short = [town for town in towns.rows if town.is_short_already][:_NAMED]
    verb = " are" if len(short) > 1 else " is"
    return (
        *(names(short) or ("No town",)), verb, " short of ", Said(towns.fuel),
        " in the week to ", towns.known, "; the forecast holds no whole week",
    )  # fmt: skip


def _outlook(word: Likelihood, towns: Sequence[Town], verb: str, noun: str) -> str:
    """Say how likely towns are to be something, or what chance they have of it."""
    is_many = len(towns) > 1
    if not word.is_chance:
        return f" {'are' if is_many else 'is'} {word.word} {verb}"
    article = "a " if word.word.startswith("roughly") else ""
    return f" {'have' if is_many else 'has'} {article}{word.word} {noun}"


def _already(named: Sequence[Town]) -> Sentence:
    """Say that all towns named are short already."""
    if not all(town.is_short_already for town in named):
        return ()
    return (f", as {'they are' if len(named) > 1 else 'it is'} already",)


def _others(towns: Towns, named: Sequence[Town]) -> Sentence:
    """Count the towns not named by the title though at least likely to be short."""
    least, likely = likely_towns(towns)
    # the capital is told by itself
    others = [town for town in likely if town not in named and not town.is_capital]
    if not others:
        return ()
    more = replace(towns.count, value=float(len(others)))
    if not least.is_chance:
        least = replace(least, word=f"at least {least.word}")
    words = _outlook(least, others, "to be", "of it")
    return ("; ", more, " more of ", towns.count, f" towns{words}")


def _capital(towns: Towns, told: Sequence[Town]) -> Sentence:
    """Say how the capital stands, where that is not told already."""
    capital = next((town for town in towns.rows if town.is_capital), None)
    if capital is None or capital in told:
        return ()
    return (
        "; ",
        Said(capital.title),
        _outlook(capital.word, [capital], "to be", "of it"),
    )
