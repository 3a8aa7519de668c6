"""Runs: an ensemble with its manifest, in memory and on disk.

A run folder outlives the code that made it: a manifest in JSON, tables in Parquet, and
the case as it was. A reader of results needs no engine.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import resource
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xarray as xr
from pydantic import BaseModel, ConfigDict, ValidationError

from supplyline.case.case import Case, load_case
from supplyline.errors import CaseError, RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from supplyline.case.scenario import Scenario

SCHEMA: Final = 1
MANIFEST: Final = "manifest.json"
ID_LENGTH: Final = 12

FUEL_ACCOUNTS: Final = (
    "stock_start", "internal_start", "imported", "informal", "sold", "refused",
    "internal_lost", "used", "holdings_start", "stock_end", "internal_end", "holdings_end",
)  # fmt: skip
"""Fuel accounts of a run, over the depots and internal roads of the country [kl]."""

TRUCK_ACCOUNTS: Final = ("start", "idle", "waiting", "under_way", "returning", "lost")
"""Truck accounts of a run [trucks]."""

_UNITS: Final = {
    "kl": "kl", "share": "1", "h": "h", "usd": "USD", "price_per_l": "{currency}/l",
    "days_of_supply": "days", "fear": "1", "posture": "1", "escorts": "packages",
    "convoys": "convoys", "drivers_abducted": "persons", "drivers_killed": "persons",
}  # fmt: skip
"""Unit by name, or by the last word of the name; trucks otherwise."""


class Frozen(BaseModel):
    """A value that cannot be changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Arguments(Frozen):
    """What the caller chose."""

    days: int
    """Days after the cut-off [days]."""
    members: int
    """Members of the ensemble."""
    seed: int
    """Seed of all luck."""


class Request(Frozen):
    """All that decides a run; the same request has the same name on every machine."""

    software: str
    """Version of supplyline."""
    case: str
    """Name of the case."""
    case_sha256: dict[str, str]
    """SHA-256 of each file of the case."""
    scenario: dict[str, Any] | None
    """The scenario, resolved; None for the baseline."""
    arguments: Arguments
    """What the caller chose."""

    @property
    def run(self) -> str:
        """First hex digits of the SHA-256 of the request's canonical JSON."""
        text = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), allow_nan=False
        )
        return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


class Output(Frozen):
    """One file of a run folder."""

    sha256: str
    """SHA-256 of its bytes."""
    rows: int
    """Rows of the table."""


class Manifest(Frozen):
    """How a run was made; checked by ``manifest.schema.json``."""

    schema_version: int = SCHEMA
    """Version of the format of the run folder."""
    run: str
    """Name of the request."""
    request: Request
    """All that decides the run."""
    start: str
    """First day."""
    cutoff: str
    """Last day of the past part."""
    environment: dict[str, str]
    """Versions and platform; not part of the name."""
    resources: dict[str, float]
    """Time and memory taken; not part of the name."""
    warnings: tuple[str, ...]
    """What was cut or is suspect."""
    outputs: dict[str, Output] = {}
    """Files of the folder; empty for a run that was not saved."""

    @property
    def arguments(self) -> Arguments:
        """What the caller chose."""
        return self.request.arguments

    @property
    def seed(self) -> int:
        """Seed of all luck."""
        return self.request.arguments.seed

    @property
    def scenario(self) -> str:
        """Name of the scenario, or ``baseline``."""
        scenario = self.request.scenario
        return "baseline" if scenario is None else str(scenario["name"])

    @property
    def name(self) -> str:
        """Name of the run folder."""
        return f"{self.request.case}-{self.scenario}-{self.run}"


def request_of(case: Case, scenario: Scenario | None, arguments: Arguments) -> Request:
    """Say what decides a run.

    Parameters
    ----------
    case : Case
        The case.
    scenario : Scenario or None
        The scenario; None for the baseline.
    arguments : Arguments
        What the caller chose.

    Returns
    -------
    request : Request
        All that decides the run.
    """
    return Request(
        software=version("supplyline"),
        case=case.name,
        case_sha256=dict(case.hashes),
        scenario=None if scenario is None else scenario.resolve(),
        arguments=arguments,
    )


def manifest_of(
    request: Request, case: Case, elapsed_s: float, warnings: Sequence[str]
) -> Manifest:
    """Write down how a run was made.

    Parameters
    ----------
    request : Request
        All that decides the run.
    case : Case
        The case.
    elapsed_s : float
        Time of the simulation [s].
    warnings : sequence of str
        What was cut or is suspect.

    Returns
    -------
    manifest : Manifest
        The manifest; its outputs are named when the run is saved.
    """
    libraries = ("numpy", "numba", "pandas", "xarray", "pyarrow", "scipy")
    environment = {name: version(name) for name in libraries}
    environment["python"] = platform.python_version()
    environment["platform"] = f"{sys.platform}-{platform.machine()}"
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Manifest(
        run=request.run,
        request=request,
        start=str(case.config.start),
        cutoff=str(case.config.cutoff),
        environment=environment,
        resources={"elapsed_s": round(elapsed_s, 3), "peak_memory_mb": round(peak_mb)},
        warnings=tuple(warnings),
    )


def describe(data: xr.Dataset, currency: str) -> None:
    """Give every variable its unit and its name in words."""
    for name, variable in data.data_vars.items():
        text = str(name).removeprefix("corridor_")
        unit = _UNITS.get(text) or _UNITS.get(text.rsplit("_", 1)[-1], "trucks")
        variable.attrs["units"] = unit.format(currency=currency)
        variable.attrs["long_name"] = str(name).replace("_", " ")


@dataclass(frozen=True, eq=False)
class Run:
    """An ensemble of one case with its manifest.

    Attributes
    ----------
    manifest : Manifest
        How it was made.
    case : Case
        The case it was made from.
    daily : xarray.Dataset
        National and capital outputs; dims ``member, day[, product]``.
    weekly : xarray.Dataset
        Outputs by place and corridor; dims ``member, week, place | corridor[, product]``.
    losses : pandas.DataFrame
        One row for each encounter that cost trucks.
    params : pandas.DataFrame
        Drawn parameters, index ``member``.
    ledger : xarray.Dataset
        Accounts of fuel [kl] and trucks [trucks] by member.
    """

    manifest: Manifest
    case: Case
    daily: xr.Dataset
    weekly: xr.Dataset
    losses: pd.DataFrame
    params: pd.DataFrame
    ledger: xr.Dataset

    def __repr__(self) -> str:
        """Name the run and its size."""
        arguments = self.manifest.arguments
        days = self.daily.sizes["day"]
        return (
            f"<Run {self.manifest.name}: {arguments.members:,} members x {days} days, "
            f"seed {arguments.seed}>"
        )

    def series(
        self,
        name: str,
        *,
        place: str | None = None,
        corridor: str | None = None,
        product: str | None = None,
    ) -> xr.DataArray:
        """Give one output through time.

        Parameters
        ----------
        name : str
            Name of the output.
        place : str, optional
            Place; the capital and the nation are daily, other places weekly.
        corridor : str, optional
            Corridor; weekly.
        product : str, optional
            Product, where the output has one.

        Returns
        -------
        series : DataArray
            Dims ``member, day`` or ``member, week``, and ``product`` if none was chosen.

        Raises
        ------
        ValueError
            If there is no such output, place, corridor or product.
        """
        capital = self.case.config.capital
        data = self.daily if place in {None, capital} and corridor is None else self.weekly
        variable = f"corridor_{name}" if corridor is not None else name
        chosen = {"place": place, "corridor": corridor, "product": product}
        if variable not in data:
            known = ", ".join(str(known) for known in data.data_vars)
            message = f"name is {name!r}; expected one of {known}"
            raise ValueError(message)
        series = data[variable]
        for dim, value in chosen.items():
            if value is None or dim not in series.dims:
                continue
            if value not in series[dim].to_numpy():
                known = ", ".join(str(known) for known in series[dim].to_numpy())
                message = f"{dim} is {value!r}; expected one of {known}"
                raise ValueError(message)
            series = series.sel({dim: value})
        return series

    def days_of_supply(self, place: str, product: str | None = None) -> xr.DataArray:
        """Give the days of supply at a place: stock over demand [days].

        Parameters
        ----------
        place : str
            Place with a depot.
        product : str, optional
            Product; all if not given.

        Returns
        -------
        series : DataArray
            Dims ``member, day`` in the capital, ``member, week`` elsewhere.

        Raises
        ------
        ValueError
            If there is no such place or product.
        """
        return self.series("days_of_supply", place=place, product=product)

    def tables(self) -> dict[str, pa.Table]:
        """Give the tables of the run folder, by file name."""
        return {
            "nation.parquet": _long(self.daily, ("member", "day")),
            "capital.parquet": _long(self.daily, ("member", "product", "day")),
            "depots.parquet": _long(self.weekly, ("member", "week", "place", "product")),
            "places.parquet": _long(self.weekly, ("member", "week", "place")),
            "corridors.parquet": _long(self.weekly, ("member", "week", "corridor")),
            "fuel_ledger.parquet": _long(
                self.ledger, ("member", "fuel_account", "product")
            ),
            "truck_ledger.parquet": _long(
                self.ledger, ("member", "truck_account", "fleet")
            ),
            "losses.parquet": pa.Table.from_pandas(self.losses, preserve_index=False),
            "params.parquet": pa.Table.from_pandas(
                self.params.reset_index(), preserve_index=False
            ),
        }

    def save(self, parent: str | Path) -> Path:
        """Write the run as a folder, whole or not at all.

        Parameters
        ----------
        parent : str or Path
            Folder that holds runs; made if it is absent.

        Returns
        -------
        folder : Path
            The run's folder; one of the same name is replaced.
        """
        parent = Path(parent)
        parent.mkdir(parents=True, exist_ok=True)
        folder = parent / self.manifest.name
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=parent))
        try:
            outputs = {}
            for name, table in self.tables().items():
                pq.write_table(
                    table, draft / name, compression="lz4", use_dictionary=_index_of(table)
                )
                outputs[name] = Output(sha256=_sha256(draft / name), rows=table.num_rows)
            self.case.save(draft / "case")
            manifest = self.manifest.model_copy(update={"outputs": outputs})
            text = json.dumps(manifest.model_dump(mode="json"), indent=1, ensure_ascii=False)
            (draft / MANIFEST).write_text(text + "\n", encoding="utf-8")
            draft.chmod(0o755)
            if folder.exists():
                shutil.rmtree(folder)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return folder


def _long(data: xr.Dataset, dims: tuple[str, ...]) -> pa.Table:
    """Lay the variables with just these dims out in rows, sorted by the dims."""
    columns: dict[str, pa.Array] = {}
    sizes = [data.sizes[dim] for dim in dims]
    for position, dim in enumerate(dims):
        labels = data[dim].to_numpy()
        codes = np.arange(sizes[position], dtype=np.int32)
        each = int(np.prod(sizes[position + 1 :], dtype=int))
        times = int(np.prod(sizes[:position], dtype=int))
        rows = np.tile(np.repeat(codes, each), times)
        if dim == "member":
            columns[dim] = pa.array(rows)
        else:
            if labels.dtype.kind == "M":
                labels = labels.astype("datetime64[D]")
            columns[dim] = pa.DictionaryArray.from_arrays(rows, pa.array(labels))
    for name, variable in data.data_vars.items():
        if set(variable.dims) == set(dims):
            values = variable.transpose(*dims).to_numpy()
            columns[str(name)] = pa.array(np.ascontiguousarray(values).reshape(-1))
    return pa.table(columns)


def _index_of(table: pa.Table) -> list[str]:
    """Name the columns that are worth a dictionary: the labels."""
    return [f.name for f in table.schema if f.name == "member" or pa.types.is_dictionary(f.type)]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read and check the manifest of a run folder.

    Parameters
    ----------
    folder : Path
        Run folder.

    Returns
    -------
    manifest : Manifest
        The manifest.

    Raises
    ------
    RunError
        If it is absent, not a manifest, or of another version.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"{folder} is not a run folder: it has no {MANIFEST}"
        raise RunError(message) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        message = f"{path} is not a manifest: {error}"
        raise RunError(message) from error
    found = content.get("schema_version") if isinstance(content, dict) else None
    if found != SCHEMA:
        message = f"{path}: schema_version is {found!r}; this version reads {SCHEMA}"
        raise RunError(message)
    try:
        return Manifest.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"{path}: {where}: {first['msg']}"
        raise RunError(message) from error


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
        again = rerun(saved).tables()
        differing = [
            name for name, table in saved.tables().items() if not again[name].equals(table)
        ]
        if differing:
            message = f"a rerun of {folder} differs in {', '.join(differing)}"
            raise RunError(message)
    return manifest


def _file_faults(folder: Path, manifest: Manifest) -> list[str]:
    faults = []
    for name, output in manifest.outputs.items():
        path = folder / name
        if Path(name).name != name or not path.is_file():
            faults.append(f"{name}: absent")
        elif _sha256(path) != output.sha256:
            faults.append(f"{name}: its SHA-256 is not the manifest's")
    try:
        hashes = load_case(folder / "case").hashes
    except CaseError as error:
        return [*faults, f"case: {error}"]
    for name, sha256 in manifest.request.case_sha256.items():
        if hashes.get(name) != sha256:
            faults.append(f"case/{name}: its SHA-256 is not the manifest's")
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
    case = load_case(folder / "case")
    read = {name: pq.read_table(folder / name) for name in manifest.outputs}
    cutoff = pd.Timestamp(manifest.cutoff)
    daily = xr.merge(
        [
            _wide(read["nation.parquet"], ("member", "day")),
            _wide(read["capital.parquet"], ("member", "product", "day")),
        ]
    )
    weekly = xr.merge(
        [
            _wide(read["depots.parquet"], ("member", "week", "place", "product")),
            _wide(read["places.parquet"], ("member", "week", "place")),
            _wide(read["corridors.parquet"], ("member", "week", "corridor")),
        ]
    )
    ledger = xr.merge(
        [
            _wide(read["fuel_ledger.parquet"], ("member", "fuel_account", "product")),
            _wide(read["truck_ledger.parquet"], ("member", "truck_account", "fleet")),
        ]
    )
    for data in (daily, weekly, ledger):
        describe(data, case.config.currency)
    return Run(
        manifest,
        case,
        with_part(daily, "day", cutoff),
        with_part(weekly, "week", cutoff),
        read["losses.parquet"].to_pandas(),
        read["params.parquet"].to_pandas().set_index("member"),
        ledger,
    )


def with_part(data: xr.Dataset, time: str, cutoff: pd.Timestamp) -> xr.Dataset:
    """Tell the past from the forecast along a time axis."""
    part = np.where(data[time].to_numpy() <= cutoff.to_datetime64(), "past", "forecast")
    return data.assign_coords(part=(time, part))


def _wide(table: pa.Table, dims: tuple[str, ...]) -> xr.Dataset:
    """Take rows sorted by the dims back to labelled arrays."""
    coords: dict[str, Any] = {}
    for dim in dims:
        column = table[dim].combine_chunks()
        if pa.types.is_dictionary(column.type):
            labels = column.dictionary.to_numpy(zero_copy_only=False)
        else:
            labels = np.unique(column.to_numpy(zero_copy_only=False))
        kind = {"M": "datetime64[us]", "O": "str"}.get(labels.dtype.kind)
        coords[dim] = labels if kind is None else labels.astype(kind)
    shape = tuple(len(coords[dim]) for dim in dims)
    variables = {
        name: (dims, table[name].to_numpy().reshape(shape))
        for name in table.column_names
        if name not in dims
    }
    return xr.Dataset(variables, coords=coords)
