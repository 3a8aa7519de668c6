"""A case: one country over one period, read from a folder and checked."""

from __future__ import annotations

import json
import os
import re
import warnings as python_warnings
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from supplyline.case import config as configuration
from supplyline.case.checks import find_faults, find_gaps, find_suspicions
from supplyline.case.config import CaseConfig, read_config
from supplyline.case.contradictions import find_contradictions
from supplyline.case.draft import Draft
from supplyline.case.frames import (
    FILES,
    Frames,
    file_of,
    to_cells,
    to_frame,
)
from supplyline.case.known import known_on
from supplyline.case.pending import finish_changes
from supplyline.case.priors import is_default, with_defaults
from supplyline.case.read import Table, decode, digest, read_bytes, read_table
from supplyline.case.references import ASSUMPTION
from supplyline.case.scenario import Scenario, read_scenario
from supplyline.errors import CaseError, Problem, SupplylineWarning, nearest, shown
from supplyline.notebook import as_html
from supplyline.output import draft_folder, path_of, refuse_folder
from supplyline.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from importlib.resources.abc import Traversable

OUTLINE: Final = "outline.json"
SCENARIOS: Final = "scenarios"

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """One country over one period, as plain tables.

    Every table is also an attribute: ``case.segments`` is ``case.tables["segments"]``.
    A table is handed out as a copy, so that a case never changes.

    Attributes
    ----------
    config : CaseConfig
        What case.toml says.
    tables : mapping of str to pandas.DataFrame
        Table name to rows.
    hashes : mapping of str to str
        File name to SHA-256 of its bytes: case.toml and the tables.
    folder : pathlib.Path
        Folder it was read from.
    warnings : tuple of str
        What is suspect but usable.
    lines : mapping of str to tuple of int
        Table name to the line of each row in its file as it was read.
    outline : dict or None
        Outlines for maps as GeoJSON, where the case has them.
    gaps : tuple of Problem
        What keeps an unfinished case from being run; of any other case, nothing.
    """

    config: CaseConfig
    tables: Mapping[str, pd.DataFrame]
    hashes: Mapping[str, str]
    folder: Path
    warnings: tuple[str, ...] = ()
    lines: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)
    outline: dict[str, Any] | None = None
    gaps: tuple[Problem, ...] = ()
    _scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    _files: Mapping[str, bytes] = field(default_factory=dict)

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Give the table of this name."""
        if name in TABLES:
            return self.tables[name]
        near = nearest(name, TABLES)
        hint = "" if near is None else f"; did you mean '{near}'?"
        message = f"a case has no attribute '{name}'{hint}"
        raise AttributeError(message)

    def __repr__(self) -> str:
        """Name the case and what it holds."""
        names = ("places", "segments", "corridors", "claims", "sources")
        counts = ", ".join(f"{len(self.tables[name])} {name}" for name in names)
        return f"<Case {self.name}: {counts}, frozen {self.config.cutoff}>"

    def _repr_html_(self) -> str:
        """Show the tables that have rows, and what a row of each is."""
        meanings = {
            name: (model.__doc__ or "").strip() for name, model in TABLES.items()
        }
        rows = [
            (name, f"{len(self.tables[name]):,}", meaning.split("\n")[0])
            for name, meaning in meanings.items()
            if len(self.tables[name])
        ]
        return as_html(repr(self).strip("<>"), ("table", "rows", "a row"), rows)

    @property
    def name(self) -> str:
        """Short name of the case.

        Returns
        -------
        str
            Name in case.toml.
        """
        return self.config.name

    def refuse_unfinished(self) -> None:
        """Refuse to be run while anything is missing.

        Raises
        ------
        CaseError
            If the case was read with ``unfinished=True`` and cannot be run.
        """
        if self.gaps:
            raise CaseError(self.name, _sorted(self.gaps))

    def scenarios(self) -> dict[str, Scenario]:
        """Give the scenarios that come with the case.

        Returns
        -------
        dict of str to Scenario
            Name to scenario, in the order of names.
        """
        return dict(self._scenarios)

    def assumptions(self) -> pd.DataFrame:
        """List every row that rests on an assumption.

        Returns
        -------
        pandas.DataFrame
            One row for each: ``table``, ``key`` and ``line``; no line for a parameter
            of `defaults`.
        """
        rows: list[tuple[str, str, int | None]] = []
        for name, model in TABLES.items():
            if name == "sources" or "source" not in model.model_fields:
                continue
            lines = self.lines.get(name, ())
            for number, row in enumerate(to_cells(self.tables[name], model)):
                if row["source"] == ASSUMPTION:
                    key = ", ".join(row[part] for part in model.key)
                    line = lines[number] if number < len(lines) else None
                    rows.append((name, key, line))
        return pd.DataFrame(rows, columns=["table", "key", "line"])

    @property
    def defaults(self) -> tuple[str, ...]:
        """Parameters that the case does not state; each is an assumption.

        Returns
        -------
        tuple of str
            Names of the parameters whose packaged default is taken.
        """
        params = self.tables["params"]
        return tuple(params["param"][params["note"].map(is_default)])

    def contradictions(self) -> pd.DataFrame:
        """List the claims that disagree, side by side.

        Returns
        -------
        pandas.DataFrame
            One row for each pair; see `supplyline.case.contradictions`.
        """
        return find_contradictions(self.tables["claims"])

    def known_by(self, day: date) -> Case:
        """Give the case as it was known on a day, which is its cut-off then.

        Rows of later days are left out, and measures that began or were told of later.

        Parameters
        ----------
        day : datetime.date
            Day of the past of the case.

        Returns
        -------
        Case
            The case as it was known.

        Raises
        ------
        ValueError
            If the day is before the start of the case or after its cut-off.
        CaseError
            If what was known on it is no sound case, such as one without a price.
        """
        return known_on(self, day)

    def save(self, folder: str | Path) -> Path:
        """Write the case as a folder that `load_case` reads, with the same hashes.

        Parameters
        ----------
        folder : str or pathlib.Path
            Folder to write; it must not exist, or be empty.

        Returns
        -------
        pathlib.Path
            The folder.

        Raises
        ------
        CaseError
            If the folder holds anything; nothing is written then.
        """
        return write_folder(path_of("folder", folder), self._files)


def load_case(name_or_folder: str | Path, *, unfinished: bool = False) -> Case:
    """Read and check a case; every fault is told at once.

    Parameters
    ----------
    name_or_folder : str or pathlib.Path
        Name of a packaged case, such as ``"mali"``, or a case folder.
    unfinished : bool
        Take a case that cannot be run yet, to gather evidence for it: case.toml says
        name, country and dates, and the rows that are there are right. What is missing
        is told by `Case.gaps`.

    Returns
    -------
    Case
        The case.

    Raises
    ------
    CaseError
        If anything is wrong with it; every problem is listed with file and line.

    Warns
    -----
    SupplylineWarning
        If something is suspect but usable; `Case.warnings` lists it.
    """
    folder = find_folder(name_or_folder)
    finish_changes(folder)
    faults: list[Problem] = []
    gaps: list[Problem] = []
    files: dict[str, bytes] = {}
    config = _read_config(folder, files, faults, gaps)
    # what case.toml does not say is told once, and not by each rule that needs it
    whole_config = None if gaps else config
    tables = {name: _read_table(folder, name, files, faults, gaps) for name in TABLES}
    has_groups = bool(tables["groups"].rows)
    tables["params"] = with_defaults(tables["params"], has_groups=has_groups)
    faults.extend(_unknown_files(folder))
    faults.extend(find_faults(Draft(config, tables)))
    draft = Draft(whole_config, tables)
    gaps.extend(find_gaps(draft))
    hashes = {file: digest(content) for file, content in files.items()}
    outline = _read_outline(folder, files, faults)
    scenarios = _read_scenarios(folder, files, faults)
    if config is None or faults or (gaps and not unfinished):
        told = faults if unfinished else [*faults, *gaps]
        raise CaseError(str(name_or_folder), _sorted(told))
    warnings = () if gaps else tuple(str(each) for each in find_suspicions(draft))
    if warnings:
        count = f"{len(warnings)} warning{'' if len(warnings) == 1 else 's'}"
        message = f"{config.name}: {count}, listed in Case.warnings"
        python_warnings.warn(message, SupplylineWarning, stacklevel=2)
    return Case(
        config=config,
        tables=Frames({name: to_frame(table) for name, table in tables.items()}),
        hashes=hashes,
        folder=folder,
        warnings=warnings,
        lines={name: table.lines for name, table in tables.items()},
        outline=outline,
        gaps=tuple(gaps),
        _scenarios=scenarios,
        _files=files,
    )


def packaged_cases() -> dict[str, Path]:
    """Find the cases that come with the package."""
    root: Traversable = resources.files("supplyline").joinpath("cases")
    folder = Path(str(root))
    files = sorted(folder.glob(f"*/{configuration.FILE}"))
    return {file.parent.name: file.parent for file in files}


def find_folder(name_or_folder: str | Path) -> Path:
    """Find the folder of a case."""
    packaged = packaged_cases()
    text = str(name_or_folder)
    if isinstance(name_or_folder, str) and text in packaged:
        return packaged[text]
    try:
        if text and Path(text).is_dir():
            return Path(text).resolve()
    except ValueError:  # a NUL byte in the path
        text = shown(text)
    if text in packaged:
        return packaged[text]
    text = text or shown(text)
    names = ", ".join(packaged)
    expected = f"a case folder, or one of {names}"
    near = nearest(text, packaged)
    raise CaseError(text, [Problem(text, None, None, "is no case", expected, near)])


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write a folder whole or not at all."""
    if folder.is_symlink() or folder.exists():
        if folder.is_symlink() or not folder.is_dir() or any(folder.iterdir()):
            name, expected = str(folder), "a new or empty folder"
            found = Problem(name, None, None, "is no empty folder", expected)
            raise CaseError(name, [found])
        folder.rmdir()
    refuse_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    contents = {PurePath(name).parts[0] for name in files}
    with draft_folder(folder.parent, contents) as draft:
        for name, content in files.items():
            path = draft / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        draft.chmod(0o777 & ~_umask())
        draft.rename(folder)
    return folder


def _umask() -> int:
    """Give the mask under which new folders are made."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _read_config(
    folder: Path, files: dict[str, bytes], faults: list[Problem], gaps: list[Problem]
) -> CaseConfig | None:
    """Read case.toml."""
    content, found = read_bytes(folder, configuration.FILE)
    faults.extend(found)
    if found:
        return None
    files[configuration.FILE] = content
    text, found = decode(content, configuration.FILE)
    faults.extend(found)
    if found:
        return None
    reading = read_config(text)
    faults.extend(reading.faults)
    gaps.extend(reading.gaps)
    return reading.config


def _read_table(
    folder: Path,
    name: str,
    files: dict[str, bytes],
    faults: list[Problem],
    gaps: list[Problem],
) -> Table[Any]:
    """Read one table; an optional table may be absent."""
    model, file = TABLES[name], file_of(name)
    is_there = os.path.lexists(folder / file)
    if model.optional and not is_there:
        return Table(model, file, is_whole=True)
    content, found = read_bytes(folder, file)
    (faults if is_there else gaps).extend(found)
    if found:
        return Table(model, file)
    files[file] = content
    table, found = read_table(content, model, file)
    faults.extend(found)
    return table


def _unknown_files(folder: Path) -> list[Problem]:
    """Find tables that nobody reads, such as a misspelt name."""
    return [
        Problem.unknown(
            path.name, None, None, path.name, FILES, "the name of a table of the case"
        )
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in (".csv", ".parquet") and path.name not in FILES
    ]


def _read_outline(
    folder: Path, files: dict[str, bytes], problems: list[Problem]
) -> dict[str, Any] | None:
    """Read the outlines for maps, where the case has them."""
    if not os.path.lexists(folder / OUTLINE):
        return None
    content, found = read_bytes(folder, OUTLINE)
    files[OUTLINE] = content
    text, undecoded = decode(content, OUTLINE)
    problems.extend([*found, *undecoded])
    if found or undecoded:
        return None
    try:
        outline = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg}"
        problems.append(Problem(OUTLINE, error.lineno, None, message))
        return None
    except (RecursionError, ValueError):
        message = "holds brackets too deep or a number too long to read"
        problems.append(Problem(OUTLINE, None, None, message))
        return None
    if not isinstance(outline, dict) or outline.get("type") != "FeatureCollection":
        expected = "a GeoJSON FeatureCollection"
        problems.append(Problem(OUTLINE, None, None, "is something else", expected))
        return None
    return outline


def _read_scenarios(
    folder: Path, files: dict[str, bytes], problems: list[Problem]
) -> dict[str, Scenario]:
    """Read the scenarios that come with the case."""
    scenarios = {}
    for path in sorted((folder / SCENARIOS).glob("*.toml")):
        file = f"{SCENARIOS}/{path.name}"
        if not _NAME.fullmatch(path.stem):
            expected = "a name of letters, digits, '_', '.' and '-'"
            problems.append(Problem(file, None, None, "has a bad name", expected))
            continue
        content, found = read_bytes(folder, file)
        files[file] = content
        problems.extend(found)
        if not found:
            scenario, found = read_scenario(content, path.stem)
            problems.extend(found)
            if scenario is not None:
                scenarios[path.stem] = scenario
    return scenarios


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    """Order problems by file and line, as a person mends them."""
    order = {file: number for number, file in enumerate([configuration.FILE, *FILES])}
    return sorted(
        problems, key=lambda p: (order.get(p.file, len(order)), p.file, p.line or 0)
    )
