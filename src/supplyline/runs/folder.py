"""Run folders: read, and checked against their manifest."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr

from supplyline.case.case import load_case
from supplyline.errors import CaseError, RunError
from supplyline.runs.files import FILE, FOLDER, hashes_below, kinds_below
from supplyline.runs.layout import (
    COUNTRY_FILES,
    FILES,
    LAYOUT,
    LOSSES,
    PARAMS,
    describe,
    with_part,
)
from supplyline.runs.manifest import CASE, MANIFEST, Manifest, read_manifest
from supplyline.runs.parquet import labelled
from supplyline.runs.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable


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
    folder = Path(folder)
    manifest = _sound_manifest(folder)
    if rerun is not None:
        saved = load_run(folder)
        again = rerun(saved)
        differing = [
            name
            for name in saved.files
            if not _frame(again, name).equals(_frame(saved, name))
        ]
        if differing:
            message = f"a rerun of {folder} differs in {', '.join(differing)}"
            raise RunError(message)
    return manifest


def _frame(run: Run, name: str) -> pd.DataFrame:
    """Give a table as a data frame, in which a missing value equals a missing value."""
    frame: pd.DataFrame = run.table(name).to_pandas()
    return frame


def _sound_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder in which all is as it says."""
    manifest = read_manifest(folder)
    faults = (
        _file_faults(folder, manifest)
        or _row_faults(folder, manifest)
        or _case_faults(folder, manifest)
    )
    if faults:
        raise RunError("\n".join([f"{folder} is altered", *(f"  {f}" for f in faults)]))
    return manifest


def _file_faults(folder: Path, manifest: Manifest) -> list[str]:
    """Tell which files are absent, altered, unknown or no files."""
    expected = {name: output.sha256 for name, output in manifest.outputs.items()}
    expected |= {f"{CASE}/{name}": sha for name, sha in manifest.case_files.items()}
    homes = {str(home) for name in expected for home in PurePosixPath(name).parents}
    kinds = {
        name: kind for name, kind in kinds_below(folder).items() if name != MANIFEST
    }
    hashes = hashes_below(folder)
    faults = [
        f"{name}: absent"
        for name in sorted({*expected, *_tables_of(manifest)} - set(kinds))
    ]
    for name, kind in kinds.items():
        right = FOLDER if name in homes else FILE
        if kind != right and (name in expected or kind != FOLDER):
            faults.append(f"{name}: {kind}; expected {right}")
        elif name not in expected and name not in homes:
            faults.append(f"{name}: unknown")
        elif name in expected and hashes[name] != expected[name]:
            faults.append(f"{name}: its SHA-256 is not the manifest's")
    return faults


def _row_faults(folder: Path, manifest: Manifest) -> list[str]:
    """Tell which tables do not have the rows that the manifest says."""
    faults = []
    for name in _tables_of(manifest):
        said = manifest.outputs[name].rows
        try:
            with (folder / name).open("rb") as file:
                rows = pq.read_metadata(file).num_rows
        except pa.ArrowInvalid:
            faults.append(f"{name}: no table in Parquet")
            continue
        if rows != said:
            faults.append(f"{name}: {rows:,} rows; the manifest says {said:,}")
        elif name == PARAMS and rows != manifest.arguments.members:
            members = f"{manifest.arguments.members:,} members"
            faults.append(f"{name}: {rows:,} rows; the request says {members}")
    return faults


def _tables_of(manifest: Manifest) -> tuple[str, ...]:
    """Tell which tables a folder must hold: where one tells of groups, all do."""
    has_country = not manifest.outputs.keys().isdisjoint(COUNTRY_FILES)
    return (*FILES, *COUNTRY_FILES) if has_country else FILES


def _case_faults(folder: Path, manifest: Manifest) -> list[str]:
    """Tell where the copy of the case is not the one that was simulated."""
    try:
        case = load_case(folder / CASE)
    except CaseError as error:
        return [f"{CASE}: {error}"]
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
    folder = Path(folder)
    manifest = _sound_manifest(folder)
    case = load_case(folder / CASE)
    read = {name: _read_table(folder / name) for name in _tables_of(manifest)}
    parts: dict[str, list[xr.Dataset]] = {"daily": [], "weekly": [], "ledger": []}
    for name, (part, dims) in LAYOUT.items():
        if name in read:
            parts[part].append(labelled(read[name], dims))
    daily, weekly, ledger = (xr.merge(found) for found in parts.values())
    cutoff = pd.Timestamp(manifest.cutoff)
    for data in (daily, weekly, ledger):
        describe(data, case.config.currency)
    return Run(
        manifest,
        case,
        with_part(daily, "day", cutoff),
        with_part(weekly, "week", cutoff),
        read[LOSSES].to_pandas(),
        read[PARAMS].to_pandas().set_index("member"),
        ledger,
    )


def _read_table(path: Path) -> pa.Table:
    """Read a table; Arrow cannot open a path that is not UTF-8."""
    with path.open("rb") as file:
        return pq.read_table(file)
