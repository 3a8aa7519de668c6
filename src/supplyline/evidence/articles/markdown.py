"""Markdown to plain text: marks go, words stay."""

from __future__ import annotations

import re
from typing import Final

_FRONT: Final = re.compile(
    r"\A---[ ]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ ]*(?:\n|\Z)", re.DOTALL
)
_FIELD: Final = re.compile(
    r"^(title|date|lang|language|publisher|site)\s*:\s*(.{1,300})$", re.MULTILINE
)
_FENCE: Final = re.compile(r"^[ ]{0,3}(```|~~~)")
_IMAGE: Final = re.compile(
    r"!\[[^\[\]\n]{0,500}\](?:\([^()\n]{0,2000}\)|\[[^\[\]\n]{0,200}\])"
)
_LINK: Final = re.compile(
    r"\[([^\[\]\n]{1,500})\](?:\([^()\n]{0,2000}\)|\[[^\[\]\n]{0,200}\])"
)
_DEFINITION: Final = re.compile(
    r"^[ ]{0,3}\[[^\[\]\n]{1,200}\]:[ ]?(?:<|https?:|/|#).{0,2000}$", re.MULTILINE
)
_NOTE_MARK: Final = re.compile(r"\[\^[^\[\]\n]{1,50}\]:?")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>\n]{0,500}>|<!--.{0,2000}?-->", re.DOTALL)
_HEADING: Final = re.compile(r"^[ ]{0,3}#{1,6}[ ]+(.*?)[ ]*#*$")
_RULE: Final = re.compile(r"^[ ]{0,3}(?:[-*_=][ ]?){3,}$")
_QUOTE: Final = re.compile(r"^(?:[ ]{0,3}>[ ]?)+")
_EMPHASIS: Final = re.compile(
    r"(?<![\w\\])(\*{1,3}|_{1,3})(?=\S)([^*_\n]{1,1000}?)(?<=\S)\1(?!\w)"
)
_CODE: Final = re.compile(r"`{1,2}([^`\n]{1,500})`{1,2}")
_ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+.!>|$€-])")
_MAX_LINE: Final = 50_000
_CELL_RULE: Final = re.compile(r"^[|\s:-]+$")


def strip_marks(text: str) -> tuple[str, dict[str, str], str | None]:
    """Take the marks of Markdown off a text."""
    fields = {}
    front = _FRONT.match(text)
    if front is not None:
        pairs = _FIELD.findall(front[1])
        fields = {name: value.strip().strip("\"'") for name, value in pairs}
        text = text[front.end() :]
    text = _DEFINITION.sub("", text)
    lines: list[str] = []
    first = None
    is_code = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
            continue
        if is_code or _RULE.match(line):
            lines.append("")
            continue
        heading = _HEADING.match(line)
        if heading is None:
            lines.append(_plain(_QUOTE.sub("", line)))
            continue
        # a heading is a paragraph of its own, whatever stands around it
        words = _plain(heading[1])
        lines += ["", words, ""]
        if first is None and line.lstrip().startswith("# "):
            first = words
    return "\n".join(lines), fields, first


def _plain(line: str) -> str:
    """Take the marks off one line; a line of no human length is left as it is."""
    if len(line) > _MAX_LINE:
        return line
    if line.lstrip().startswith("|"):
        if _CELL_RULE.match(line):
            return ""
        line = " ; ".join(cell.strip() for cell in line.strip(" |").split("|"))
    line = _NOTE_MARK.sub("", _LINK.sub(r"\1", _IMAGE.sub("", line)))
    line = _CODE.sub(r"\1", _TAG.sub("", line))
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", line)))
