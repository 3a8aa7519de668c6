"""Run folders: read, and checked against their manifest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr

from supplyline.case.case import load_case
from supplyline.errors import CaseError, RunError
from supplyline.output import path_of
from supplyline.runs.files import FILE, FOLDER, hashes_below, kinds_below
from supplyline.runs.layout import (
    COUNTRY_TABLES,
    LAYOUT,
    LOSSES,
    PARAMS,
    TABLES,
    describe,
    row_order,
    with_part,
)
from supplyline.runs.lineage import LINEAGE, Lineage
from supplyline.runs.manifest import CASE, MANIFEST, SCHEMA, Manifest, read_manifest
from supplyline.runs.parts import SUFFIX, part_file, parts_of
from supplyline.runs.run import Run
from supplyline.runs.saved import SavedFile, SavedFrame, SavedTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from supplyline.case.case import Case

HELD_BYTES: Final = 600_000_000
"""Labelled outputs that a run holds in memory; more are left in their folder."""


def verify(folder: str | Path, rerun: Callable[[Run], Run] | None = None) -> Manifest:
    """Check a run folder against its manifest, and on request against a rerun.

    Parameters
    ----------
    folder : str or Path
        Run folder.
    rerun : callable, optional
        Makes the run again from what was read; the outputs must be identical.

    Returns
    -------
    manifest : Manifest
        The manifest, if all is as it says.

    Raises
    ------
    RunError
        If a file is absent, altered or unknown, or the rerun differs.
    """
    folder = path_of("folder", folder)
    manifest, _ = _read_sound(folder)
    if rerun is not None:
        _refuse_difference(folder, rerun)
    return manifest


def _refuse_difference(folder: Path, rerun: Callable[[Run], Run]) -> None:
    """Make a run again part by part, as memory is, and refuse it where it differs."""
    saved = load_run(folder)
    differing, again = set(), saved
    for members in parts_of(saved.members):
        part = saved.select(members)
        again = rerun(part)
        differing |= {
            name
            for name in saved.tables
            if not _frame(again, name).equals(_frame(part, name))
        }
    if differing:
        names = [name for name in saved.tables if name in differing]
        first = f"a rerun of {folder} differs in {', '.join(names)}"
        lines = _environment_lines(saved.manifest, again.manifest)
        raise RunError("\n".join([first, *(f"  {line}" for line in lines)]))


def _environment_lines(made: Manifest, again: Manifest) -> list[str]:
    """Tell in what the machine of a rerun is not that of the run."""
    before, now = (
        {"supplyline": manifest.request.software, **manifest.environment}
        for manifest in (made, again)
    )
    lines = [
        f"{name}: {before.get(name, 'not told')} when it was made, "
        f"{now.get(name, 'not told')} now"
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
    ]
    return lines or ["versions, platform and processor are those it was made with"]


def _frame(run: Run, name: str) -> pd.DataFrame:
    """Give a table as a data frame, in which a missing value equals a missing value."""
    frame: pd.DataFrame = run.table(name).to_pandas()
    return frame


def _read_sound(folder: Path) -> tuple[Manifest, Case]:
    """Read manifest and case of a folder in which all is as the manifest says."""
    manifest, case = read_manifest(folder), None
    faults = _file_faults(folder, manifest) or _row_faults(folder, manifest)
    if not faults:
        try:
            case = load_case(folder / CASE)
        except CaseError as error:
            faults = [f"{CASE}: {error}"]
        else:
            faults = _case_faults(case, manifest)
        faults += _lineage_faults(folder, manifest)
    if faults or case is None:
        raise RunError("\n".join([f"{folder} is altered", *(f"  {f}" for f in faults)]))
    return manifest, case


def _file_faults(folder: Path, manifest: Manifest) -> list[str]:
    """Tell which files are absent, altered, unknown or no files."""
    needed = {name for files in _tables_of(manifest).values() for name in files}
    needed |= {LINEAGE} if manifest.arguments.lineage else set()
    expected = {name: output.sha256 for name, output in manifest.outputs.items()}
    expected |= {f"{CASE}/{name}": sha for name, sha in manifest.case_files.items()}
    known = needed | {name for name in expected if name.startswith(f"{CASE}/")}
    homes = {str(home) for name in expected for home in PurePosixPath(name).parents}
    kinds = {
        name: kind for name, kind in kinds_below(folder).items() if name != MANIFEST
    }
    hashes = hashes_below(folder)
    faults = [f"{name}: absent" for name in sorted({*expected, *needed} - set(kinds))]
    for name, kind in kinds.items():
        right = FOLDER if name in homes else FILE
        if kind != right and (name in expected or kind != FOLDER):
            faults.append(f"{name}: {kind}; expected {right}")
        elif name not in homes and (name not in expected or name not in known):
            faults.append(f"{name}: unknown")
        elif name in expected and hashes[name] != expected[name]:
            faults.append(f"{name}: its SHA-256 is not the manifest's")
    return faults


def _row_faults(folder: Path, manifest: Manifest) -> list[str]:
    """Tell which files do not have the rows that the manifest says."""
    faults = []
    for table, files in _tables_of(manifest).items():
        each = set()
        for name, members in files.items():
            said = manifest.outputs[name].rows
            try:
                with (folder / name).open("rb") as file:
                    rows = pq.read_metadata(file).num_rows
            except pa.ArrowInvalid:
                faults.append(f"{name}: no table in Parquet")
                continue
            each.add(rows / len(members))
            if rows != said:
                faults.append(f"{name}: {rows:,} rows; the manifest says {said:,}")
            elif table == PARAMS and rows != len(members):
                count = f"{len(members):,} members"
                faults.append(f"{name}: {rows:,} rows; the request says {count}")
        if table in LAYOUT and len(each) > 1:
            faults.append(f"{table}: its files differ in the rows of a member")
    return faults


def _tables_of(manifest: Manifest) -> dict[str, dict[str, range]]:
    """Name the files that each table must have, with the members of each.

    Where one table tells of groups, all do.
    """
    firsts = {PurePosixPath(name).parts[0] for name in manifest.outputs}
    is_old = manifest.schema_version < SCHEMA
    ending = SUFFIX if is_old else ""
    has_country = any(table + ending in firsts for table in COUNTRY_TABLES)
    members = manifest.arguments.range
    return {
        table: {table + SUFFIX: members}
        if is_old
        else {part_file(table, part): part for part in parts_of(members)}
        for table in ((*TABLES, *COUNTRY_TABLES) if has_country else TABLES)
    }


def _case_faults(case: Case, manifest: Manifest) -> list[str]:
    """Tell where the copy of the case is not the one that was simulated."""
    faults = [
        f"{CASE}/{name}: not the file that was simulated"
        for name, sha256 in manifest.request.case_sha256.items()
        if case.hashes.get(name) != sha256
    ]
    for name in ("start", "cutoff"):
        said, meant = getattr(manifest, name), str(getattr(case.config, name))
        if said != meant:
            faults.append(f"{MANIFEST}: {name} is {said}; expected {meant}")
    return faults


def _lineage_faults(folder: Path, manifest: Manifest) -> list[str]:
    """Tell where the lineage is not the one that was lived."""
    told = manifest.arguments.lineage
    if told is None:
        return []
    try:
        lineage = Lineage.load(folder / LINEAGE)
    except RunError as error:
        return [str(error)]
    rows = len(lineage) * len(lineage.stretches)
    said, end = manifest.outputs[LINEAGE].rows, manifest.arguments.range.stop
    faults = []
    if lineage.sha256 != told:
        faults.append(f"{LINEAGE}: not the lineage that was simulated")
    if said != rows:
        faults.append(f"{LINEAGE}: {rows:,} rows; the manifest says {said:,}")
    if len(lineage) < end:
        count = f"{len(lineage):,} members"
        faults.append(f"{LINEAGE}: {count}; the request asks for {end:,}")
    return faults


def load_run(folder: str | Path) -> Run:
    """Read a run folder.

    Parameters
    ----------
    folder : str or Path
        Run folder, as written by `Run.save`.

    Returns
    -------
    run : Run
        The run.

    Raises
    ------
    RunError
        If the folder is no run, is altered, or of another version.
    """
    folder = path_of("folder", folder)
    return read_run(folder, *_read_sound(folder))


def read_run(folder: Path, manifest: Manifest, case: Case) -> Run:
    """Read the run of a folder that was checked; a large one when it is used."""
    run = _lazy_run(folder, manifest, case)
    held = (run.daily, run.weekly, run.ledger)
    if sum(data.nbytes for data in held) > HELD_BYTES:
        return run
    for data in held:
        data.load()
    return replace(run, losses=run.losses, params=run.params)


def _lazy_run(folder: Path, manifest: Manifest, case: Case) -> Run:
    """Give the run of a folder of whose tables nothing is read yet."""
    tables = _tables_of(manifest)
    files = {
        table: tuple(
            SavedFile.at(folder / name, members, manifest.outputs[name].sha256)
            for name, members in parts.items()
        )
        for table, parts in tables.items()
    }
    parts: dict[str, list[xr.Dataset]] = {"daily": [], "weekly": [], "ledger": []}
    for name, (part, dims) in LAYOUT.items():
        if name in files:
            order = dims if manifest.schema_version < SCHEMA else row_order(dims)
            parts[part].append(SavedTable(files[name], dims, order).dataset())
    daily, weekly, ledger = (
        xr.merge(found, compat="override", join="override") for found in parts.values()
    )
    cutoff = pd.Timestamp(manifest.cutoff)
    for data in (daily, weekly, ledger):
        describe(data, case.config.currency)
    members = manifest.arguments.range
    has_lineage = manifest.arguments.lineage is not None
    return Run(
        manifest,
        case,
        with_part(daily, "day", cutoff),
        with_part(weekly, "week", cutoff),
        SavedFrame(files[LOSSES], members),
        SavedFrame(files[PARAMS], members, "member"),
        ledger,
        Lineage.load(folder / LINEAGE) if has_lineage else None,
    )
