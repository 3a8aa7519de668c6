"""The names of a case, as the reading of texts needs them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from supplyline.evidence.reading.context import Context, Named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.case.case import Case

_BRACKETS: Final = re.compile(r"\s*\(([^()]*)\)")
_CAPITAL: Final = "area:capital"
"""Area of the capital in a case that does not say yet which place it is."""
_NO_CURRENCY: Final = "XXX"
"""ISO 4217 code of no currency, in a case that does not say yet which it has."""
_ABBREVIATION: Final = re.compile(r"[A-Z][\w-]*[A-Z][\w-]*")


def context_of(case: Case) -> Context:
    """Gather what texts are read against: titles, other names and people of a case.

    A row of names.csv wins over a title, an actor over a place, a place over a region
    of the same name.
    """
    names: dict[str, Named] = {}
    for name, named in _names(case):
        names.setdefault(name, named)
    places, actors = case.tables["places"], case.tables["actors"]
    config = case.config
    return Context(
        country=config.country,
        capital=config.capital if config.capital in set(places["place"]) else _CAPITAL,
        currency=config.currency or _NO_CURRENCY,
        cutoff=config.cutoff,
        names=names,
        place_regions=dict(zip(places["place"], places["region"], strict=True)),
        actor_kinds=dict(zip(actors["actor"], actors["kind"], strict=True)),
    )


def _names(case: Case) -> Iterator[tuple[str, Named]]:
    """Yield every name of the case, the strongest first."""
    tables = case.tables
    for row in tables["names"].itertuples():
        yield str(row.name), Named(str(row.kind), str(row.row))
    for row in tables["people"].itertuples():
        for name in str(row.name).split(";"):
            yield name.strip(), Named("person", str(row.person))
    for table, kind in (
        ("actors", "actor"),
        ("places", "place"),
        ("regions", "region"),
    ):
        column = tables[table]
        for name, title in zip(column[kind], column["title"], strict=True):
            for written in _written(str(title), str(name)):
                yield written, Named(kind, str(name))


def _written(title: str, row: str) -> Iterator[str]:
    """Yield the ways a text may write a title: without brackets, and short in them.

    A title that says more than the name, such as "Dakar port", is also known by the
    name of its row, if that begins the title.
    """
    yield _BRACKETS.sub("", title)
    for inner in _BRACKETS.findall(title):
        for part in inner.split(","):
            # other words in brackets explain, and may name somebody else
            if _ABBREVIATION.fullmatch(word := part.strip().removeprefix("formerly ")):
                yield word
    first = title.split(maxsplit=1)[0]
    if first.casefold() == row.casefold() and first != title:
        yield first
