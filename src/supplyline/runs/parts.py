"""Parts: members of whom all tables are written together, each to a file of its own."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Final

from supplyline.runs.files import hashes_below
from supplyline.runs.lineage import LINEAGE
from supplyline.runs.manifest import CASE, MANIFEST, SCHEMA, Output
from supplyline.runs.parquet import encoded

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from supplyline.case.case import Case
    from supplyline.runs.lineage import Lineage
    from supplyline.runs.manifest import Manifest
    from supplyline.runs.run import Run

PART_MEMBERS: Final = 1024
SUFFIX: Final = ".parquet"
_FILE: Final = re.compile(r"(\w+)/(\d{7,})-(\d{7,})" + re.escape(SUFFIX))


def parts_of(members: range) -> list[range]:
    """Cut members into parts."""
    starts = range(members.start, members.stop, PART_MEMBERS)
    return [range(start, min(start + PART_MEMBERS, members.stop)) for start in starts]


def part_file(table: str, members: range) -> str:
    """Name the file of a part by its first member and the one after its last."""
    return f"{table}/{members.start:07d}-{members.stop:07d}{SUFFIX}"


def members_in(name: str) -> range:
    """Tell the members of a file by its name; none if it is no part of a table."""
    match = _FILE.fullmatch(name)
    return range(int(match[2]), int(match[3])) if match else range(0)


def write_tables(run: Run, folder: Path) -> dict[str, Output]:
    """Write the members of a run as one part of every table."""
    outputs = {}
    for table in run.tables:
        name = part_file(table, run.members)
        (folder / name).parent.mkdir(exist_ok=True)
        outputs[name] = _write(run.table(table), folder / name)
    return outputs


def _write(rows: pa.Table, path: Path) -> Output:
    """Write rows as a file of a run folder."""
    content = encoded(rows)
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return Output(sha256=sha256, rows=rows.num_rows)


def close_folder(
    folder: Path,
    case: Case,
    manifest: Manifest,
    outputs: dict[str, Output],
    lineage: Lineage | None,
) -> Manifest:
    """Put the case, the lineage if it has one, and the manifest beside the tables."""
    case.save(folder / CASE)
    if lineage is not None:
        outputs = outputs | {LINEAGE: _write(lineage.table(), folder / LINEAGE)}
    made = {
        "schema_version": SCHEMA,
        "outputs": outputs,
        "case_files": hashes_below(folder / CASE),
    }
    whole = manifest.model_copy(update=made)
    text = json.dumps(whole.model_dump(mode="json"), indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return whole
