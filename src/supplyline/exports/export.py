"""A run in the formats of other programs, written whole or not at all."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from supplyline.analysis.shortage import SHORTAGE_DAYS
from supplyline.errors import MissingExtraError, refuse_other, unknown_text
from supplyline.exports.about import ABOUT, CODEBOOK, about
from supplyline.exports.arrays import PARTS, write_arrays
from supplyline.exports.csv_files import write_csv
from supplyline.exports.geojson import write_geojson
from supplyline.exports.member_tables import member_tables
from supplyline.exports.plot import CHARTS, write_charts
from supplyline.exports.shortage import BY_MEMBER, SHORTAGE, TOWNS, shortages_of
from supplyline.exports.tables import run_tables
from supplyline.exports.workbook import write_workbook
from supplyline.output import draft_folder, path_of, put_folder, refuse_others
from supplyline.runs.layout import COUNTRY_TABLES, TABLES

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from supplyline.runs import Run

FORMATS: Final = ("csv", "xlsx", "geojson", "netcdf", "png", "svg")
_NEEDS: Final = {
    "xlsx": ("openpyxl", "export"),
    "netcdf": ("scipy", "export"),
    "png": ("matplotlib", "plot"),
    "svg": ("matplotlib", "plot"),
}
"""Format to the package it needs, and the extra that brings it."""
_WORKBOOK: Final = "run.xlsx"


def export(
    run: Run,
    folder: str | Path,
    formats: Collection[str] = ("csv",),
    *,
    members: bool = False,
    short_for: int = SHORTAGE_DAYS,
) -> Path:
    """Write a run for other programs: spreadsheets, R, a GIS, a text with charts.

    Every format says of which run it is, how far the data reach and on what terms it
    may be used, and has the unit and meaning of all that it holds.

    Parameters
    ----------
    run : Run
        Run.
    folder : str or pathlib.Path
        Folder to write; an earlier export in it is replaced.
    formats : collection of str
        Any of ``"csv"``, ``"xlsx"``, ``"geojson"``, ``"netcdf"``, ``"png"`` and
        ``"svg"``.
    members : bool
        Whether CSV also has all outputs by member, and not their quantiles alone;
        shortages by member are in it anyway.
    short_for : int
        Short days in a row that are called a shortage [days].

    Returns
    -------
    folder : pathlib.Path
        The folder.

    Raises
    ------
    ValueError
        If a format is none of these, or members are asked for without CSV.
    OutputError
        If the folder holds anything else or cannot be written, or a table has more
        rows than a sheet can hold.
    MissingExtraError
        If a package that a format needs is not installed.
    """
    refuse_other("run", run, "Run", "simulate or load_run")
    folder = path_of("folder", folder)
    wanted = _checked(formats, members=members)
    refuse_others(folder, _contents(), "an export")
    folder.parent.mkdir(parents=True, exist_ok=True)
    shortages, told = shortages_of(run, short_for), about(run, short_for)
    with draft_folder(folder.parent, _contents()) as draft:
        if {"csv", "xlsx"} & wanted:
            tables = [shortages.towns, shortages.daily, *run_tables(run)]
            if "xlsx" in wanted:
                write_workbook(draft / _WORKBOOK, told, tables)
            by_member = [shortages.by_member, *(member_tables(run) if members else ())]
            if "csv" in wanted:
                write_csv(run, draft, told, tables, by_member)
        if "geojson" in wanted:
            write_geojson(run, draft, told, shortages.towns)
        if "netcdf" in wanted:
            write_arrays(run, draft, told)
        for form in sorted({"png", "svg"} & wanted):
            write_charts(run, draft, told, form, short_for)
        draft.chmod(0o755)
        put_folder(draft, folder)
    return folder


def _checked(formats: Collection[str], *, members: bool) -> set[str]:
    """Refuse formats that are not there, or whose package is not."""
    given = [formats] if isinstance(formats, str) else list(formats)
    for form in given or [""]:
        if form not in FORMATS:
            raise ValueError(unknown_text("format", form, FORMATS))
    for form in given:
        package, extra = _NEEDS.get(form, ("", ""))
        if package and find_spec(package) is None:
            raise MissingExtraError([package], extra)
    if members and "csv" not in given:
        message = f"members are asked for in {', '.join(given)}; only csv has them"
        raise ValueError(message)
    return set(given)


def _contents() -> set[str]:
    """Name all that an export may hold, whatever was asked for."""
    tables = {TOWNS, SHORTAGE, ABOUT, CODEBOOK, *TABLES, *COUNTRY_TABLES}
    by_member = {f"{name}_members" for name in (*TABLES, *COUNTRY_TABLES)}
    return {
        *(f"{name}.csv" for name in tables | by_member | {BY_MEMBER}),
        _WORKBOOK,
        "places.geojson",
        "corridors.geojson",
        *(f"{part}.nc" for part in PARTS),
        *(f"{name}.{form}" for name in CHARTS for form in ("png", "svg")),
    }
