"""Read records of JSON: a list, an envelope of an API, GeoJSON, or one per line.

Records are decoded one at a time, so that memory holds the text and one block.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from supplyline.evidence.events.blocks import (
    BLOCK_ROWS,
    MAX_COLUMNS,
    Block,
    Broken,
    block_of,
    plain,
)
from supplyline.evidence.events.containers import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from supplyline.evidence.events.containers import Content

MAX_JSON_BYTES: Final = 512 * 1024**2
"""Largest JSON that is read [bytes]."""

_LISTS: Final = ("data", "Result", "features", "results", "events")
_HINTS: Final = ("NextPageUrl", "PreviousPageUrl", "version")
_SPACE: Final = re.compile(r"[\s,]*")
_DECODER: Final = json.JSONDecoder()
_SAMPLE_RECORDS: Final = 1_000


@dataclass(frozen=True, slots=True)
class JsonSheet:
    """Records of a JSON file."""

    content: Content
    names: tuple[str, ...]
    at: int
    hints: tuple[str, ...]
    title: str = ""
    is_headless: bool = False

    def blocks(self, wanted: Sequence[str]) -> Iterator[Block]:
        """Give the rows."""
        places = {name: at for at, name in enumerate(wanted)}
        rows: list[list[str]] = []
        lines: list[int] = []
        broken: list[Broken] = []
        text = _text_of(self.content)
        for line, record in enumerate(_records(text, self.at, self.content), start=1):
            cells = _cells(record)
            if cells is None:
                broken.append(Broken(line, "is no record", str(record)[:2_000]))
            else:
                rows.append([cells.get(name, "") for name in wanted])
                lines.append(line)
            if len(rows) + len(broken) >= BLOCK_ROWS:
                yield block_of(rows, lines, places, broken)
                rows, lines, broken = [], [], []
        yield block_of(rows, lines, places, broken)


def open_json(content: Content) -> JsonSheet:
    """Find the records of a JSON file."""
    text = _text_of(content)
    at, hints = _beginning(text, content)
    names: dict[str, None] = {}
    for number, record in enumerate(_records(text, at, content)):
        names.update(dict.fromkeys(_cells(record) or {}))
        if number >= _SAMPLE_RECORDS:
            break
    if len(names) > MAX_COLUMNS:
        fault = f"has records of {len(names):,} fields"
        raise refuse(content.file, fault, f"at most {MAX_COLUMNS:,}")
    if not names:
        raise refuse(content.file, "holds no records", "a list of records")
    return JsonSheet(content, tuple(names), at, hints)


def _text_of(content: Content) -> str:
    """Read the whole text."""
    with content.stream() as stream:
        read = stream.read(MAX_JSON_BYTES + 1)
    if len(read) > MAX_JSON_BYTES:
        fault = f"is JSON of more than {MAX_JSON_BYTES >> 20} MiB"
        raise refuse(content.file, fault, "pages of it, or CSV")
    try:
        return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = f"holds the byte 0x{read[error.start]:02X}, which is not UTF-8"
        raise refuse(content.file, fault, "UTF-8 text") from error


def _decode(text: str, at: int, content: Content) -> tuple[Any, int]:
    """Decode one value, and tell where it ends."""
    try:
        return _DECODER.raw_decode(text, at)
    except RecursionError as error:
        raise refuse(content.file, "is JSON nested too deep", "records") from error
    except ValueError as error:
        line = text.count("\n", 0, at) + 1
        fault = f"is no JSON in the record that begins on line {line:,}"
        raise refuse(content.file, fault, "whole JSON") from error


def _past(text: str, at: int) -> int:
    """Pass over space and commas."""
    match = _SPACE.match(text, at)
    return at if match is None else match.end()


def _beginning(text: str, content: Content) -> tuple[int, tuple[str, ...]]:
    """Find where the records begin, and what an envelope says besides."""
    at = _past(text, 0)
    if text.startswith("[", at):
        return at + 1, ()
    start, hints, list_start = at, [], None
    at = _past(text, at + 1)
    while at < len(text) and not text.startswith("}", at):
        key, at = _decode(text, at, content)
        at = _past(text, at)
        if not text.startswith(":", at):
            raise refuse(content.file, "is no JSON", "whole JSON")
        at = _past(text, at + 1)
        if key in _LISTS and text.startswith("[", at) and list_start is None:
            list_start = at + 1
            at = _end_of_list(text, list_start, content)
        else:
            value, at = _decode(text, at, content)
            if key in _HINTS:
                hints.append(str(value)[:300])
        at = _past(text, at)
    # an object without a list is the first of records, one per line
    return (start if list_start is None else list_start), tuple(hints)


def _end_of_list(text: str, at: int, content: Content) -> int:
    """Find where a list of records ends."""
    at = _past(text, at)
    while not text.startswith("]", at):
        _, at = _decode(text, at, content)
        at = _past(text, at)
    return at + 1


def _records(text: str, at: int, content: Content) -> Iterator[Any]:
    """Decode records one at a time."""
    at = _past(text, at)
    is_list = at > 0 and text[:at].rstrip().endswith(("[", ","))
    while at < len(text) and not text.startswith("]", at):
        record, at = _decode(text, at, content)
        yield record
        at = _past(text, at)
    if is_list and at >= len(text):
        raise refuse(content.file, "is JSON that ends too early", "whole JSON")


def _cells(record: object) -> dict[str, str] | None:
    """Write the fields of a record as text; nothing where it is no record."""
    if not isinstance(record, dict):
        return None
    fields = record.get("properties", record)
    if not isinstance(fields, dict):
        return None
    try:
        return {plain(name): _cell(value) for name, value in fields.items()}
    except (RecursionError, UnicodeError):
        return None


def _cell(value: object) -> str:
    """Write one value as text."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = value
    elif isinstance(value, float):
        text = repr(int(value)) if value.is_integer() else repr(value)
    elif isinstance(value, bool | int):
        text = str(value)
    else:
        text = json.dumps(value)
    text.encode("utf-8")
    return text
