"""Run folders: read, and checked against their manifest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq
import xarray as xr

from supplyline.case.case import load_case
from supplyline.errors import CaseError, RunError
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
from supplyline.runs.parquet import hashes_below, labelled
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
    manifest = read_manifest(folder)
    faults = [fault for fault in _file_faults(folder, manifest) if fault]
    if manifest.request.run != manifest.run:
        faults.append(f"{MANIFEST}: run is {manifest.run}; its request says otherwise")
    if faults:
        raise RunError("\n".join([f"{folder} is altered", *(f"  {f}" for f in faults)]))
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


def _file_faults(folder: Path, manifest: Manifest) -> list[str]:
    """Tell which files are absent, altered or unknown."""
    expected = {name: output.sha256 for name, output in manifest.outputs.items()}
    expected |= {f"{CASE}/{name}": sha for name, sha in manifest.case_files.items()}
    found = hashes_below(folder)
    found.pop(MANIFEST, None)
    absent = {*expected, *_tables_of(manifest)} - set(found)
    faults = [f"{name}: absent" for name in sorted(absent)]
    faults += [f"{name}: unknown" for name in sorted(set(found) - set(expected))]
    faults += [
        f"{name}: its SHA-256 is not the manifest's"
        for name in sorted(set(found) & set(expected))
        if found[name] != expected[name]
    ]
    return faults or _case_faults(folder, manifest)


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
    manifest = read_manifest(folder)
    faults = _file_faults(folder, manifest)
    if faults:
        raise RunError("\n".join([f"{folder} is altered", *(f"  {f}" for f in faults)]))
    case = load_case(folder / CASE)
    read = {name: pq.read_table(folder / name) for name in _tables_of(manifest)}
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
