"""People in a role they did not hold, or alive after their death."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from supplyline.evidence.doubts.scene import words_of
from supplyline.evidence.doubts.word_lists import fold, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from supplyline.evidence.doubts.known import Doubt
    from supplyline.evidence.doubts.scene import Passage, Scene

LIFE: Final = "life"
"""Role of people.csv that ends with death."""
_FORMER: Final = re.compile(r"(?<!\w)(?:former|ex|ousted|deposed|ancien|ancienne)\W*$")
_MAX_WORDS_BETWEEN: Final = 4  # words between a role and the name it belongs to
_ROLE_BEHIND: Final = re.compile(r"\s*(?:,|\(|is|was|est|etait)\s*(?:\w+\W+){0,3}?$")
_NAME: Final = re.compile(r"(?:[^\W\d_a-zà-ÿ][\w'-]+)(?:\s+[^\W\d_a-zà-ÿ][\w'-]+){1,3}")


@dataclass(frozen=True, slots=True)
class Called:
    """A person called by a role in a sentence."""

    who: str
    role: str
    is_former: bool
    passage: Passage


def after_death(scene: Scene) -> Iterator[Doubt]:
    """Find people who act, or are acted on, after the end of their life."""
    people = scene.known.people
    lives = people[(people["role"] == LIFE) & people["end"].notna()]
    deaths = {
        str(row["person"]): pd.Timestamp(str(row["end"])).date()
        for row in lives.to_dict("records")
    }
    for passage in scene.passages:
        if passage.says("dead") or not passage.says("living"):
            continue
        since = min((start for start, _ in passage.stated_dates()), default=None)
        for who in dict.fromkeys(said.row for said in passage.named("person")):
            died = deaths.get(who)
            if died is None or since is None or since <= died:
                continue
            text = f"speaks of {who} as alive on {since}, who died on {died}"
            against = (f"people.csv {who}/{LIFE}",)
            yield from scene.doubt(passage, "after_death", text, against)


def role_not_held(scene: Scene) -> Iterator[Doubt]:
    """Find people called by a role they did not hold, or not then."""
    people = scene.known.people
    people = people[people["role"] != LIFE]
    roles = [_role(str(role)) for role in people["role"]]
    for called in _called(scene):
        rows_of = people[people["person"] == called.who]
        if rows_of.empty:
            continue
        held = people[
            (people["person"] == called.who)
            & pd.Series([r == called.role for r in roles], index=people.index)
        ]
        told = f"people.csv {called.who}"
        if held.empty:
            known = ", ".join(str(role) for role in rows_of["role"])
            text = f"calls {called.who} {called.role}; the roles known are {known}"
            against = tuple(f"{told}/{role}" for role in rows_of["role"])
            yield from scene.doubt(called.passage, "role_not_held", text, against)
        elif not called.is_former and (when := _unheld(called, held)):
            text = f"calls {called.who} {called.role} on {when}, who was not so then"
            against = (f"{told}/{held.iloc[0]['role']}",)
            yield from scene.doubt(called.passage, "role_not_held", text, against)


def two_roles(scene: Scene) -> Iterator[Doubt]:
    """Find a person whom one text calls by two roles, unless both are known of him."""
    people = scene.known.people
    known = {
        (str(row.person), _role(str(row.role))): None for row in people.itertuples()
    }
    first: dict[str, Called] = {}
    for called in _called(scene):
        before = first.setdefault(called.who, called)
        both = (called.who, called.role) in known and (before.who, before.role) in known
        is_risen = before.is_former != called.is_former
        if before.role == called.role or both or is_risen:
            continue
        text = f"calls {called.who} {before.role} and elsewhere {called.role}"
        yield from scene.doubt(called.passage, "two_roles", text, ())


def _unheld(called: Called, held: pd.DataFrame) -> date | None:
    """Give the day stated on which nobody is known to have held the role so."""
    for start, end in called.passage.stated_dates():
        inside = [
            (pd.isna(row["start"]) or pd.Timestamp(row["start"]).date() <= end)
            and (pd.isna(row["end"]) or pd.Timestamp(row["end"]).date() >= start)
            for row in held.to_dict("records")
        ]
        if not any(inside):
            return start
    return None


def _called(scene: Scene) -> Iterator[Called]:
    """Give everybody whom a text calls by a role."""
    for passage in scene.passages:
        yield from _called_in(scene, passage)


def _called_in(scene: Scene, passage: Passage) -> Iterator[Called]:
    """Give everybody whom a sentence calls by a role."""
    written = scene.article.text[passage.start : passage.end]
    people = [
        (said.start - passage.start, said.end - passage.start, said.row)
        for said in passage.named("person")
    ]
    roles = _roles_in(passage.folded)
    people = people or _strangers(written, roles)
    for at, end, role in roles:
        nearest = _owner(passage, at, end, people)
        if nearest is not None:
            is_former = _FORMER.search(passage.folded[:at]) is not None
            yield Called(nearest, role, is_former, passage)


def _strangers(
    written: str, roles: list[tuple[int, int, str]]
) -> list[tuple[int, int, str]]:
    """Give the proper names that stand right beside a role; places do not."""
    for at, end, _ in roles:
        written = written[:at] + "x" * (end - at) + written[end:]
    ends = {end for _, end, _ in roles}
    return [
        (match.start(), match.end(), fold(match.group()))
        for match in _NAME.finditer(written)
        if len(written[: match.start()].rstrip(" ,")) in ends
        or written[match.end() :].startswith(",")
    ]


def _owner(
    passage: Passage, at: int, end: int, people: list[tuple[int, int, str]]
) -> str | None:
    """Find the person to whom a role belongs: named next, or just before."""
    text = passage.folded
    after = [person for person in people if person[0] >= end]
    if after and len(words_of(text[end : after[0][0]])) <= _MAX_WORDS_BETWEEN:
        between = text[end : after[0][0]]
        if (
            ":" not in between
            and ";" not in between
            and not passage.says("present", between)
        ):
            return after[0][2]
    before = [person for person in people if person[1] <= at]
    if before and _ROLE_BEHIND.fullmatch(text[before[-1][1] : at]):
        return before[-1][2]
    return None


def _roles_in(text: str) -> list[tuple[int, int, str]]:
    """Give the roles in a folded text: the longest words first, none inside another."""
    taken: list[tuple[int, int, str]] = []
    for word, role in _role_words():
        for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            if all(match.start() >= e or match.end() <= s for s, e, _ in taken):
                taken.append((match.start(), match.end(), role))
    return sorted(taken)


def _role(text: str) -> str:
    """Give the role that the words of a table mean."""
    folded = fold(text).replace("_", " ")
    roles = _roles_in(folded)
    return roles[0][2] if roles else folded


@cache
def _role_words() -> tuple[tuple[str, str], ...]:
    """Give the words for roles, the longest first."""
    listed = [(row["word"], row["role"]) for row in rows("roles")]
    return tuple(sorted(listed, key=lambda pair: -len(pair[0])))
