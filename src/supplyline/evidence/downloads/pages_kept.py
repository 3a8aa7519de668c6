"""Pages of a download, each kept as it comes, so that a broken one goes on."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplyline.errors import DownloadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages fetched so far for one request."""

    target: Path
    folder: Path

    @classmethod
    def of(cls, target: Path, request: Mapping[str, str]) -> Pages:
        """Find or make the folder of a request."""
        if target.exists():
            message = f"{target} exists; expected a new file"
            raise DownloadError(message)
        text = json.dumps(dict(request), sort_keys=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:12]
        folder = target.with_name(f".{target.name}.{name}.part")
        folder.mkdir(parents=True, exist_ok=True)
        return cls(target, folder)

    def keep(self, number: int, page: Mapping[str, Any]) -> None:
        """Keep one page, whole or not at all."""
        draft = self.folder / f"{number:06d}.draft"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(page, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / f"{number:06d}.json")

    def count(self) -> int:
        """Count the pages fetched without a gap."""
        number = 0
        while (self.folder / f"{number:06d}.json").exists():
            number += 1
        return number

    def read(self, number: int) -> dict[str, Any]:
        """Read one page."""
        text = (self.folder / f"{number:06d}.json").read_text(encoding="utf-8")
        page: dict[str, Any] = json.loads(text)
        return page

    def finish(self, field: str) -> int:
        """Write all rows as one CSV file and forget the pages."""
        columns: dict[str, None] = {}
        for row in self._rows(field):
            columns.update(dict.fromkeys(row))
        draft = self.folder / "whole.csv"
        count = 0
        with draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(columns), lineterminator="\n")
            writer.writeheader()
            for row in self._rows(field):
                writer.writerow({name: _cell(value) for name, value in row.items()})
                count += 1
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.target)
        shutil.rmtree(self.folder)
        return count

    def _rows(self, field: str) -> Iterator[dict[str, Any]]:
        """Give the rows of all pages."""
        for number in range(self.count()):
            yield from rows_of(self.read(number), field)


def rows_of(page: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    """Take the rows out of a page."""
    rows = page.get(field)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        message = f"a page has no rows under '{field}'"
        raise DownloadError(message)
    return rows


def _cell(value: object) -> str:
    """Write a value of JSON as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return value if isinstance(value, str) else json.dumps(value)
