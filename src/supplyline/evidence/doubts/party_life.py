"""Parties that act before they began or after they ended."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import TYPE_CHECKING, Final

from supplyline.evidence.doubts.known import Doubt
from supplyline.evidence.doubts.scene import words_of
from supplyline.evidence.doubts.word_lists import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.evidence.doubts.mentioned_names import Mentioned
    from supplyline.evidence.doubts.scene import Passage, Scene
    from supplyline.evidence.reading.candidate import Candidate

_WHEN: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_VERB_WORDS: Final = 2  # words after a name in which its verb is looked for

Span = tuple[date, date]


def outside_life(scene: Scene) -> Iterator[Doubt]:
    """Find numbers of a party over a period in which it did not exist."""
    lives = _lives(scene)
    for c in scene.candidates:
        who = c.actor if c.actor in lives else c.subject
        if who not in lives or c.start is None or c.end is None or c.kind == "date":
            continue
        home = scene.home(c)
        if home is not None and {said.row for said in home.named("actor")} - {who}:
            continue  # the number may be of another party of the sentence
        began, ended = lives[who]
        if began is not None and c.end < began[0]:
            word, day = "began in", began[0]
        elif ended is not None and c.start > ended[1]:
            word, day = "ended by", ended[1]
        else:
            continue
        text = f"speaks of {who} from {c.start} to {c.end}, but it {word} {day}"
        yield Doubt(c.candidate, "outside_life", text, (f"actors.csv {who}",))


def other_date(scene: Scene) -> Iterator[Doubt]:
    """Hold the date on which a party began or ended against the known one."""
    lives = _lives(scene)
    for c, who, phase in _dated(scene):
        known = lives.get(who, (None, None))[0 if phase == "start" else 1]
        if known is None or c.start is None or c.end is None:
            continue
        if c.start <= known[1] and known[0] <= c.end:
            continue
        said, true = _format_period((c.start, c.end)), _format_period(known)
        text = f"{phase} of {who} on {said}, known as {true}"
        yield Doubt(c.candidate, "other_date", text, (f"actors.csv {who}",))


def gone_yet_here(scene: Scene) -> Iterator[Doubt]:
    """Find parties spoken of as acting today although they have ended.

    By the tables, and by the text itself where it dates their end.
    """
    said = scene.article.published or scene.known.cutoff
    lives = _lives(scene)
    left = {who: c for c, who, phase in _dated(scene) if phase == "end"}
    for passage in scene.passages:
        for mention in passage.named("actor"):
            if not _is_present(passage, mention):
                continue
            who = mention.row
            ended = lives.get(who, (None, None))[1]
            if ended is not None and ended[1] < said:
                end = _format_period(ended)
                text = f"speaks of {who} as acting on {said}; it ended {end}"
                against = (f"actors.csv {who}",)
                yield from scene.doubt(passage, "gone_yet_here", text, against)
            if (date_of_end := left.pop(who, None)) is not None:
                yield from _denied(passage, who, date_of_end, said)


def _denied(passage: Passage, who: str, left: Candidate, said: date) -> Iterator[Doubt]:
    """Find that a text dates the end of a party and has it act afterwards."""
    is_over = left.end is not None and left.start is not None and left.end < said
    if not is_over or left in passage.candidates:
        return
    end = _format_period((left.start or said, left.end or said))
    text = f"the text ends {who} on {end} and speaks of it as acting on {said}"
    yield Doubt(left.candidate, "denied_in_text", text, ())


def _dated(scene: Scene) -> Iterator[tuple[Candidate, str, str]]:
    """Give the dates on which a text has a party begin or end."""
    known = {str(row) for row in scene.known.actors["actor"]}
    phases = {row["word"]: row["kind"] for row in rows("phases")}
    for c in scene.candidates:
        who = c.subject  # a date of what a party does is not that of its life
        if c.kind != "date" or who not in known or c.quantity is None:
            continue
        for word in c.quantity.split("_"):
            if word in phases:
                yield c, str(who), phases[word]
                break


def _is_present(passage: Passage, mention: Mentioned) -> bool:
    """Tell whether a sentence has a party act today: its verb is in the present."""
    if passage.says("gone"):
        return False
    after = passage.folded[mention.end - passage.start :]
    if re.match(r"\s*(?:'s?(?!\w)|,)", after):
        return False  # of the party, or the end of a clause
    near = words_of(after)[:_VERB_WORDS]
    verbs = {row["word"] for row in passage.words("present") if row["kind"] == "verb"}
    return not verbs.isdisjoint(near)


def _lives(scene: Scene) -> dict[str, tuple[Span | None, Span | None]]:
    """Give when each party began and ended."""
    frame = scene.known.actors
    columns = (frame["actor"], frame["active_from"], frame["active_to"])
    return {
        str(who): (_span(began), _span(ended))
        for who, began, ended in zip(*columns, strict=True)
    }


def _span(cell: object) -> Span | None:
    """Read a year, month or day as its first and last day."""
    match = _WHEN.fullmatch(str(cell).strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if not year or not 1 <= (month or 1) <= 12:
        return None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return date(year, month, 1), date(year, month, last)
    return (date(year, month, day),) * 2 if 1 <= day <= last else None


def _format_period(span: Span) -> str:
    """Write a day or a period."""
    return str(span[0]) if span[0] == span[1] else f"{span[0]} to {span[1]}"
