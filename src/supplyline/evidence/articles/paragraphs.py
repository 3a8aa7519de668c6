"""Lines of a saved text to paragraphs, and what each of them looks like."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from supplyline.evidence.articles import page_cues
from supplyline.evidence.articles.datelines import is_date_line

if TYPE_CHECKING:
    from collections.abc import Sequence

Role = Literal["prose", "short", "credit", "more", "end", "aside", "furniture"]

_LONG_WORDS: Final = 25
_CUE_WORDS: Final = 40
_ROW_WORDS: Final = 10
_CAPTION_WORDS: Final = 45
_CLOSING: Final = "\"'”\u2019»)] \N{NO-BREAK SPACE}*_"
_FOOTNOTE: Final = re.compile(r"\s?\[\d{1,3}\]$")
_ITEM: Final = re.compile(r"(?:[-*•\u2013▪◦‣·]|\d{1,2}[.)]|[a-z]\))\s")
_LABEL: Final = re.compile(r"\s[|>\u203a»·•]\s")
_BY_NAME: Final = re.compile(r"\W*\w+(?:\s+\w+)?\s+[^\W\d_a-z]")
# an owner in capitals behind the caption, or in brackets with an agency
_NAMED_OWNER: Final = re.compile(
    r"[.!?»]\s(?:[A-ZÀ-Þ][A-ZÀ-Þ'.\u2019-]+\s?){2,6}(?:/.{1,40}|«[^«»]{1,40}»)?$"
    r"|\[[^\[\]/]{2,40}/[^\[\]/]{2,40}\]$"
)
_WRAP: Final = (45, 130)


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a page, and what it looks like."""

    text: str
    role: Role
    block: int


def split_lines(text: str) -> list[Line]:
    """Part a text into paragraphs; lines wrapped at a width are joined first."""
    blocks = [
        [line.strip() for line in block.split("\n") if line.strip()]
        for block in re.split(r"\n[ ]*\n", text)
    ]
    blocks = [block for block in blocks if block]
    if any(len(block) > 2 and _is_wrapped(block) for block in blocks):
        blocks = [
            _unwrapped(block) if _is_wrapped(block) else block for block in blocks
        ]
    return name_roles(blocks)


def name_roles(blocks: Sequence[Sequence[str]]) -> list[Line]:
    """Tell what each paragraph looks like."""
    counts = Counter(line for block in blocks for line in block if len(line) < 60)
    lines = []
    for number, block in enumerate(blocks):
        roles = [_role(line, counts[line]) for line in block]
        if "credit" in roles and len(block) <= 3:
            # what shares a small block with a credit is the caption of the picture
            roles = [
                "credit"
                if role in {"prose", "short"} and len(line.split()) <= _CAPTION_WORDS
                else role
                for line, role in zip(block, roles, strict=True)
            ]
        lines += [
            Line(line, role, number) for line, role in zip(block, roles, strict=True)
        ]
    return _with_tables(lines)


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends where a sentence ends."""
    return _FOOTNOTE.sub("", text[-80:]).rstrip(_CLOSING).endswith((".", "!", "?", "…"))


def is_cut_short(text: str) -> bool:
    """Tell whether a paragraph stops in the middle, as teasers do."""
    return text.rstrip("]) ").endswith(("…", "...", "[…", "(…"))


def _role(line: str, count: int) -> Role:
    """Tell what one paragraph looks like."""
    words = len(line.split(maxsplit=200))
    is_sentence = ends_sentence(line)
    if words <= 150:
        role = _cued_role(line, words, is_sentence=is_sentence)
        if role is not None:
            return role
    if words <= 6 and not is_sentence and (count >= 3 or _LABEL.search(line)):
        return "furniture"
    return "prose" if _is_prose(line, words, is_sentence=is_sentence) else "short"


def _cued_role(line: str, words: int, *, is_sentence: bool) -> Role | None:
    """Tell what the cue words of a line say of it."""
    folded = page_cues.fold(line)
    kinds: tuple[Role, ...] = ("more", "end", "aside", "furniture")
    for kind in kinds:
        if page_cues.is_whole(folded, kind):
            return kind
    is_brief = words <= _CUE_WORDS
    if words <= 80 and _is_credit(line, folded):
        return "credit"
    if words <= 12 and not is_sentence and page_cues.starts(folded, "end"):
        return "end"
    if is_brief and page_cues.starts(folded, "inline"):
        return "furniture"
    if _is_furniture(line, folded, words, is_sentence=is_sentence):
        return "furniture"
    appeals = page_cues.count_appeals(folded)
    return "furniture" if appeals >= 3 or (appeals == 2 and words <= 60) else None


def _is_credit(line: str, folded: str) -> bool:
    """Tell whether a line is the caption or credit of a picture."""
    if page_cues.starts(folded, "credit") or page_cues.is_credited(folded):
        return True
    return _NAMED_OWNER.search(line[-120:]) is not None


def _is_furniture(line: str, folded: str, words: int, *, is_sentence: bool) -> bool:
    """Tell whether a line is a call to act, a byline or a date."""
    if page_cues.is_counter(folded):
        return True
    if words <= _LONG_WORDS and page_cues.starts(folded, "furniture"):
        return True
    if words <= 14 and is_date_line(line):
        return True
    if is_sentence or words > 14:
        return False
    is_byline = page_cues.starts(folded, "byline") and _BY_NAME.match(line) is not None
    return is_byline or page_cues.ends(folded, "furniture")


def _is_prose(line: str, words: int, *, is_sentence: bool) -> bool:
    """Tell whether a line is a sentence or an item of a list."""
    if words >= _LONG_WORDS:
        return True
    if _ITEM.match(line) and words >= 4:
        return True
    if line.endswith(("?", "!")) and words <= 15:
        return False  # a heading asks, too
    is_whole = is_sentence or line.endswith((":", ";", ","))
    return is_whole and words >= (2 if line.endswith(".") else 4)


def _with_tables(lines: list[Line]) -> list[Line]:
    """Take short lines that hold numbers, two at least in a row, for a table."""
    counted = [
        line.role == "short"
        and any(c.isdigit() for c in line.text)
        and len(line.text.split()) <= _ROW_WORDS
        for line in lines
    ]
    is_listed = False
    for index, line in enumerate(lines):
        # below a mark such as 'related' stand headlines, not rows
        is_listed = line.role in {"end", "more"} or (is_listed and line.role == "short")
        if is_listed:
            continue
        beside = counted[max(0, index - 1) : index + 2]
        if counted[index] and sum(beside) >= 2:
            lines[index] = Line(line.text, "prose", line.block)
    return lines


def _is_wrapped(block: Sequence[str]) -> bool:
    """Tell whether the lines of a block were broken at a width."""
    if len(block) < 2:
        return False
    lengths = [len(line) for line in block]
    longest = max(lengths)
    if not _WRAP[0] <= longest <= _WRAP[1]:
        return False
    inner = block[:-1]
    full = sum(1 for length in lengths[:-1] if length >= 0.7 * longest)
    ended = sum(1 for line in inner if ends_sentence(line))
    return full >= 0.9 * len(inner) and ended <= 0.4 * len(inner)


def _unwrapped(block: Sequence[str]) -> list[str]:
    """Join the lines of a block; a word parted by a hyphen becomes whole."""
    parts = [block[0]]
    for line in block[1:]:
        if (
            parts[-1].endswith("-")
            and parts[-1][-2:-1].isalpha()
            and line[:1].islower()
        ):
            parts[-1] = parts[-1][:-1]
            parts.append(line)
        else:
            parts.append(f" {line}")
    return ["".join(parts)]
