"""Rows as a user names them: by identifier, or by the title as printed."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from supplyline.errors import shown, unknown_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from supplyline.case.case import Case


def find_name(case: Case, axis: str, value: object, known: Iterable[object]) -> str:
    """Find the identifier that is meant by itself or by a title only one row has."""
    names = [str(name) for name in known]
    if isinstance(value, str) and value in names:
        return value
    titles = titles_of(case, axis)
    meant = named_by(value, names, titles)
    if len(meant) == 1:
        return meant[0]
    if meant:
        message = (
            f"{axis} is {shown(value)}, the title of several: {', '.join(meant)}; "
            "expected one of these identifiers"
        )
        raise ValueError(message)
    expected = f"one of {', '.join(names) or 'none'}"
    offered = [*names, *(titles[name] for name in names if name in titles)]
    raise ValueError(unknown_text(axis, value, offered, expected))


def named_by(
    value: object, names: Iterable[str], titles: Mapping[str, str]
) -> list[str]:
    """Name the rows that a text names; an identifier goes before every title."""
    if not isinstance(value, str):
        return []
    if value in names:
        return [value]
    wanted = plain(value)
    return [name for name in names if plain(titles.get(name, "")) == wanted != ""]


def grades_of(case: Case) -> dict[str, str]:
    """Give the grade of each source, A to F; an assumption has none."""
    sources = case.tables["sources"]
    return dict(zip(sources["source"], sources["reliability"], strict=True))


def titles_of(case: Case, axis: str) -> dict[str, str]:
    """Give the titles of an axis by identifier; a group has that of its actor."""
    if axis == "group":
        actors = dict(case.actors[["actor", "title"]].to_numpy().tolist())
        pairs = case.groups[["group", "actor"]].to_numpy().tolist()
        return {group: actors[actor] for group, actor in pairs if actor in actors}
    if axis not in ("place", "corridor", "region"):
        return {}
    table = case.tables[f"{axis}s"]
    return dict(table[[axis, "title"]].to_numpy().tolist())


def plain(text: str) -> str:
    """Write a text without what two people write differently: case, accents, spaces."""
    parts = unicodedata.normalize("NFKD", text)
    letters = "".join(each for each in parts if not unicodedata.combining(each))
    return " ".join(letters.casefold().split())


def words_of(text: str) -> list[str]:
    """Give the words of a text, without capitals, accents and signs."""
    return re.findall(r"[^\W_]+", plain(text))
