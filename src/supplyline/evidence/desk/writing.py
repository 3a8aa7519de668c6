"""Write changed tables into a case folder, all of them or none.

The new set is read as a case first, in a copy; what cannot be read is not written. It
is then kept beside the tables in full before the first of them is replaced, so that a
set cut short by a crash is finished by `finish_changes`.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from supplyline.case.case import Case, load_case, packaged_cases
from supplyline.case.config import FILE
from supplyline.case.frames import FILES, file_of, to_cells, to_csv
from supplyline.case.pending import PENDING, finish_changes, sync
from supplyline.case.read import decode, digest, read_bytes, read_cells
from supplyline.errors import CaseError, Problem, SupplylineWarning, shown
from supplyline.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def cells_of(case: Case, table: str) -> list[dict[str, str]]:
    """Give the rows of a table as its file holds them."""
    file = file_of(table)
    if file not in case.hashes:
        return []
    content, problems = read_bytes(case.folder, file)
    if problems or digest(content) != case.hashes[file]:
        raise _changed_since(case, file)
    text, _ = decode(content, file)
    return read_cells(text, TABLES[table])


def write_changes(
    case: Case,
    tables: Mapping[str, pd.DataFrame | Sequence[Mapping[str, str]]],
    files: Mapping[str, bytes] | None = None,
) -> Case:
    """Write changed tables of a case into its folder, all of them or none."""
    refuse_packaged(case)
    finish_changes(case.folder)
    _refuse_changed(case)
    wanted = {file_of(name): _bytes(name, rows) for name, rows in tables.items()}
    wanted.update(_checked(files or {}))
    news = {
        name: content
        for name, content in wanted.items()
        if digest(content) != case.hashes.get(name)
        and (name in case.hashes or content.count(b"\n") > 1 or name not in FILES)
    }
    if not news:
        return case
    changed = _read_in_copy(case, news)
    _commit(case.folder, news)
    finish_changes(case.folder)
    return changed


def refuse_packaged(case: Case) -> None:
    """Refuse to write into a case that comes with the package."""
    packaged = {path.resolve(): name for name, path in packaged_cases().items()}
    name = packaged.get(case.folder.resolve())
    if name is not None:
        expected = f"a case of your own: supplyline new FOLDER --like {name}"
        fault = "comes with the package and is not changed"
        raise CaseError(case.name, [Problem(name, None, None, fault, expected)])
    if not os.access(case.folder, os.W_OK):
        folder, fault = str(case.folder), "may not be written to"
        raise CaseError(case.name, [Problem(folder, None, None, fault)])


def _checked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Refuse names that lead out of the folder."""
    for name in files:
        if Path(name).name != name or name.startswith("."):
            fault, expected = "is no plain file name", "a name without folders"
            raise CaseError(name, [Problem(shown(name), None, None, fault, expected)])
    return dict(files)


def _bytes(name: str, rows: pd.DataFrame | Sequence[Mapping[str, str]]) -> bytes:
    """Write the file of a table."""
    model = TABLES[name]
    if isinstance(rows, pd.DataFrame):
        return to_csv(to_cells(rows, model), model)
    return to_csv([dict(row) for row in rows], model)


def _refuse_changed(case: Case) -> None:
    """Refuse to overwrite what somebody else wrote in the meantime."""
    for file, sha256 in case.hashes.items():
        content, problems = read_bytes(case.folder, file)
        if problems or digest(content) != sha256:
            raise _changed_since(case, file)
    for file in FILES:
        if file not in case.hashes and (case.folder / file).exists():
            raise _changed_since(case, file)


def _changed_since(case: Case, file: str) -> CaseError:
    """Tell of a file that is not the one that was read."""
    fault, expected = "was changed since the case was read", "the command once more"
    return CaseError(case.name, [Problem(file, None, None, fault, expected)])


def _read_in_copy(case: Case, news: Mapping[str, bytes]) -> Case:
    """Read the case with its new files in a copy."""
    with tempfile.TemporaryDirectory(prefix="supplyline-") as parent:
        copy = case.save(Path(parent) / "copy")
        for name, content in news.items():
            (copy / name).write_bytes(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SupplylineWarning)
            try:
                changed = load_case(copy, unfinished=bool(case.gaps))
            except CaseError as error:
                raise CaseError(str(case.folder), error.problems) from None
    return replace(changed, folder=case.folder)


def _commit(folder: Path, news: Mapping[str, bytes]) -> None:
    """Commit the set: written from here on, even after a crash."""
    draft = Path(tempfile.mkdtemp(prefix=".draft-changes-", dir=folder))
    try:
        for name, content in news.items():
            _write(draft / name, content, _mode(folder / name))
        sync(draft)
        draft.rename(folder / PENDING)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    sync(folder)


def _mode(path: Path) -> int:
    """Give the permissions of a file; of a new one those of case.toml."""
    known: Any = path if path.exists() else path.parent / FILE
    return stat.S_IMODE(known.stat().st_mode)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file and wait until it is on the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(mode)
