"""The unfinished folder of a run: finished parts, from which a killed run goes on.

``run`` in it becomes the run folder. ``parts`` holds a record of each part that is
whole, written when all its tables are: a part without its record is made again.
"""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from supplyline.errors import EngineError
from supplyline.output import PREFIX, draft_folder, put_folder, sweep
from supplyline.runs.files import FOLDER, hashes_below, kind_of, kinds_below
from supplyline.runs.layout import COUNTRY_TABLES, TABLES
from supplyline.runs.manifest import Frozen, Output
from supplyline.runs.parts import close_folder, write_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from supplyline.case.case import Case
    from supplyline.runs import Manifest, Run
    from supplyline.runs.lineage import Lineage

ENDING: Final = ".unfinished"
RUN: Final = "run"
PARTS: Final = "parts"
_OPEN: Final = "open"
_CLOSED: Final = "closed"
_RECORD: Final = "record.json"
_CONTENTS: Final = (*TABLES, *COUNTRY_TABLES, _RECORD)
_DRAFT_OR_OLD_PART: Final = re.compile(rf"{re.escape(PREFIX)}.*|\d{{7,}}-\d{{7,}}\.npz")
"""A draft, or a part as earlier versions kept them in ``.parts-…``."""


class PartRecord(Frozen):
    """What a part of a run is, written when all its tables are."""

    request: str
    """Name of the request."""
    first: int
    """First member."""
    end: int
    """One past the last member."""
    lead_cuts: int
    """Leads that were cut at what the rings hold."""
    outputs: dict[str, Output]
    """Files of its tables."""

    @property
    def members(self) -> range:
        """Members of the part."""
        return range(self.first, self.end)


@contextmanager
def writing_parts(folder: Path, request: str, parts: Sequence[range]) -> Iterator[Path]:
    """Give a folder for drafts of parts; from its end on no part gets whole any more.

    An error that names members names those whose parts are then not whole.
    """
    try:
        with draft_folder(folder, (_OPEN, _CLOSED)) as home:
            drafts = home / _OPEN
            drafts.mkdir()
            try:
                yield drafts
            finally:
                # a worker that is lost and still busy finds its draft no more
                with suppress(FileNotFoundError):  # the run is in its place
                    drafts.rename(home / _CLOSED)
    except EngineError as error:
        error.missing = [part for part in parts if not _is_whole(folder, request, part)]
        raise


def _is_whole(folder: Path, request: str, members: range) -> bool:
    """Tell whether a part has its record."""
    record = _read_record(folder / _record_file(members))
    return record is not None and record.request == request


def write_part(folder: Path, drafts: Path, part: Run, lead_cuts: int) -> PartRecord:
    """Write the tables of a part, and when all are there its record."""
    members = part.members
    with draft_folder(drafts, _CONTENTS) as draft:
        outputs = write_tables(part, draft)
        for name in outputs:
            place = folder / RUN / name
            place.parent.mkdir(parents=True, exist_ok=True)
            (draft / name).replace(place)
        record = PartRecord(
            request=part.manifest.run,
            first=members.start,
            end=members.stop,
            lead_cuts=lead_cuts,
            outputs=outputs,
        )
        (draft / _RECORD).write_text(record.model_dump_json(), encoding="utf-8")
        (folder / PARTS).mkdir(exist_ok=True)
        (draft / _RECORD).replace(folder / _record_file(members))
    return record


def _record_file(members: range) -> str:
    return f"{PARTS}/{members.start:07d}-{members.stop:07d}.json"


def finished_parts(
    folder: Path, request: str, parts: Sequence[range]
) -> dict[range, PartRecord]:
    """Find the parts that are whole, and remove all that belongs to none of them."""
    hashes = hashes_below(folder)
    finished, needed = {}, set()
    for members in parts:
        name = _record_file(members)
        record = _read_record(folder / name) if name in hashes else None
        if record is None or (record.request, record.members) != (request, members):
            continue
        files = {f"{RUN}/{file}": out.sha256 for file, out in record.outputs.items()}
        if files.items() <= hashes.items():
            finished[members] = record
            needed |= {name, *files}
    for name, kind in reversed(kinds_below(folder).items()):
        if kind != FOLDER and name not in needed:
            (folder / name).unlink()
        elif kind == FOLDER:
            with suppress(OSError):  # it holds what is needed
                (folder / name).rmdir()
    return finished


def _read_record(path: Path) -> PartRecord | None:
    try:
        return PartRecord.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def finish(
    folder: Path,
    place: Path,
    case: Case,
    manifest: Manifest,
    parts: Iterable[PartRecord],
    lineage: Lineage | None,
) -> Manifest:
    """Put all else of a run to its parts, and the run in its place."""
    outputs = {name: out for part in parts for name, out in part.outputs.items()}
    whole = close_folder(folder / RUN, case, manifest, outputs, lineage)
    put_folder(folder / RUN, place)
    shutil.rmtree(folder)
    return whole


def sweep_parent(parent: Path) -> None:
    """Remove what killed processes left beside runs and nobody can go on from."""
    for left in [*parent.glob(f"*{ENDING}"), *parent.glob(".parts-*")]:
        if kind_of(left) == FOLDER and all(map(_is_spent, left.iterdir())):
            sweep(left)


def _is_spent(path: Path) -> bool:
    """Tell what is of no use without a run folder: records, drafts, old parts."""
    return path.name == PARTS or bool(_DRAFT_OR_OLD_PART.fullmatch(path.name))
