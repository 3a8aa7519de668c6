"""The title of a brief: the worst towns first, then the capital."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from supplyline.language import _, ngettext
from supplyline.quantities import LIKELIHOODS, Likelihood, likelihood
from supplyline.report.sentences import Said, Sentence, fill, in_a_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.report.towns import Town, Towns

_NAMED: Final = 4
"""Most towns that the title names beside the capital."""
_LIKELY: Final = likelihood(0.55)
_EVEN: Final = likelihood(0.5)


def headline(towns: Towns) -> Sentence:
    """Write the title of a brief."""
    if not towns.rows:
        return fill(_("In no town does the public buy {fuel}"), fuel=Said(towns.fuel))
    if towns.last is None:
        return _state(towns)
    worst = towns.rows[0]
    alike = [town for town in towns.rows if town.word == worst.word]
    if worst.word.low < _EVEN.low and len(towns.rows) > 1:
        first = fill(
            _("No town is likely to be short of {fuel} by {day}"),
            fuel=Said(towns.fuel),
            day=towns.last,
        )
        return _joined(first, _worst(worst), *_capital(towns, [worst]))
    named = alike[:_NAMED]
    return _joined(
        _finding(towns, named), *_others(towns, named), *_capital(towns, named)
    )


def _joined(*parts: Sentence) -> Sentence:
    """Join the parts of a title."""
    joined: Sentence = ()
    for part in parts:
        joined = (*joined, "; ", *part) if joined else part
    return joined


def _finding(towns: Towns, named: Sequence[Town]) -> Sentence:
    """Say how likely the worst towns are to be short, and whether they are already."""
    word, count = named[0].word, len(named)
    if word.is_chance:
        message = ngettext(
            "{towns} has {likely} of being short of {fuel} by {day}",
            "{towns} have {likely} of being short of {fuel} by {day}",
            count,
        )
    elif all(town.is_short_already for town in named):
        message = ngettext(
            "{towns} is {likely} to be short of {fuel} by {day}, as it is already",
            "{towns} are {likely} to be short of {fuel} by {day}, as they are already",
            count,
        )
    else:
        message = ngettext(
            "{towns} is {likely} to be short of {fuel} by {day}",
            "{towns} are {likely} to be short of {fuel} by {day}",
            count,
        )
    return fill(
        message,
        towns=names(named),
        likely=_phrase(word),
        fuel=Said(towns.fuel),
        day=towns.last or "",
    )


def names(towns: Sequence[Town]) -> Sentence:
    """Name towns in a row."""
    return in_a_row([Said(town.title) for town in towns])


def likely_towns(towns: Towns) -> tuple[Likelihood, list[Town]]:
    """Find the towns at least likely to be short, or as likely as the worst."""
    least = min(_LIKELY, towns.rows[0].word, key=LIKELIHOODS.index)
    return least, [town for town in towns.rows if town.word.low >= least.low]


def _state(towns: Towns) -> Sentence:
    """Write the title where the forecast holds no day."""
    short = [town for town in towns.rows if town.is_short_already][:_NAMED]
    if not short:
        message = _("No town is short of {fuel} on {day}; the run holds no forecast")
    else:
        message = ngettext(
            "{towns} is short of {fuel} on {day}; the run holds no forecast",
            "{towns} are short of {fuel} on {day}; the run holds no forecast",
            len(short),
        )
    return fill(message, towns=names(short), fuel=Said(towns.fuel), day=towns.known)


def _phrase(word: Likelihood) -> str:
    """Give a word of likelihood as it stands in a sentence."""
    article = _("a {chance}") if word.word.startswith("roughly") else "{chance}"
    return article.format(chance=_(word.word))


def _others(towns: Towns, named: Sequence[Town]) -> tuple[Sentence, ...]:
    """Count the towns not named by the title though at least likely to be short."""
    least, likely = likely_towns(towns)
    # the capital is told by itself
    others = [town for town in likely if town not in named and not town.is_capital]
    if not others:
        return ()
    more = replace(towns.count, value=float(len(others)))
    if least.is_chance:
        message = ngettext(
            "{more} more of {count} towns has {likely} of it",
            "{more} more of {count} towns have {likely} of it",
            len(others),
        )
    else:
        message = ngettext(
            "{more} more of {count} towns is at least {likely} to be",
            "{more} more of {count} towns are at least {likely} to be",
            len(others),
        )
    return (fill(message, more=more, count=towns.count, likely=_phrase(least)),)


def _capital(towns: Towns, told: Sequence[Town]) -> tuple[Sentence, ...]:
    """Say how the capital stands, where that is not told already."""
    capital = next((town for town in towns.rows if town.is_capital), None)
    if capital is None or capital in told:
        return ()
    message = (
        _("{town} has {likely} of it ({chance})")
        if capital.word.is_chance
        else _("{town} is {likely} to be ({chance})")
    )
    return (_of(capital, message),)


def _worst(town: Town) -> Sentence:
    """Say how the town stands that is worst placed where none is likely to be short."""
    message = (
        _("{town}, the worst placed, has {likely} of it")
        if town.word.is_chance
        else _("{town}, the worst placed, is {likely} to be")
    )
    return _of(town, message)


def _of(town: Town, message: str) -> Sentence:
    """Fill a message about one town."""
    return fill(
        message,
        town=Said(town.title),
        likely=_phrase(town.word),
        chance=town.chance or town.already,
    )
