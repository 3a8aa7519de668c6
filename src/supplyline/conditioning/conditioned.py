"""Conditioned ensembles: members that agree with what was reported."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from supplyline.conditioning.record import Record, differences
from supplyline.engine.simulate import simulate
from supplyline.errors import ConditioningError, RunError, refuse_other
from supplyline.notebook import as_html
from supplyline.output import draft_folder, path_of, put_folder, refuse_others
from supplyline.runs.lineage import LINEAGE, Lineage

if TYPE_CHECKING:
    from collections.abc import Callable

    from supplyline.case.case import Case
    from supplyline.case.scenario import Scenario
    from supplyline.engine.executors import Executor
    from supplyline.runs import Run

FOLDER: Final = "conditioned"
"""Folder of a case in which its conditioned ensemble is kept."""
REPORT: Final = "report.json"
TABLES: Final = {
    "facts": ["fact"],
    "forecasts": ["series", "label", "date"],
    "learned": ["name"],
    "without": ["how", "fact"],
    "gate": ["stage", "kind", "name", "label", "date"],
}
"""Tables that are kept, and the index of each."""
FILES: Final = (LINEAGE, REPORT, *(f"{name}.csv" for name in TABLES))
BACKTEST: Final = "backtest.csv"
"""Table of past forecasts of a case, which may be kept beside them."""


@dataclass(frozen=True, eq=False, repr=False)
class Conditioned:
    """Members of a case that agree with what was reported, all of equal weight.

    Attributes
    ----------
    case : Case
        The case.
    lineage : Lineage
        Whose luck each member lives on: that of a member of the pool up to the origin,
        fresh luck after it.
    record : Record
        What it rests on: hashes of case, engine and facts, seed, sizes, effective
        members, whether the gate was passed.
    facts : DataFrame
        One row for each fact: what was ``observed``, quantiles and mean of what members
        of the ``prior`` and of the ``conditioned`` ensemble would have reported, the
        place of what was observed among them, and whether it ``is_inside``.
    forecasts : DataFrame
        One row for each series, label and date: quantiles and mean, ``prior`` and
        ``conditioned``, and the ``share`` of the variance that the facts tell.
    learned : DataFrame
        One row for each parameter, and what else is drawn once: the ``share`` of its
        variance that the facts tell, whether it ``is_learned``, the ``width`` of its
        90 % interval as a share of the prior's, and quantiles of both.
    without : DataFrame
        Means of headlines by the prior, by all facts, without each fact, and were each
        that has no number false.
    gate : DataFrame
        One row for each forecast, headline and parameter: coverage of intervals on
        truths held out of the pool, distance of their places from uniform, whether it
        ``is_passed``; for the pool, and for the refresh if there was one.
    """

    case: Case
    lineage: Lineage
    record: Record
    facts: pd.DataFrame
    forecasts: pd.DataFrame
    learned: pd.DataFrame
    without: pd.DataFrame
    gate: pd.DataFrame

    def __repr__(self) -> str:
        """Tell the case, the members, what they rest on, and whether they pass."""
        record = self.record
        gate = "passed" if record.is_passed else "not passed"
        return (
            f"<Conditioned {self.case.name}: {record.members:,} members of a pool of "
            f"{record.pool:,} by {record.facts} facts to {record.origin}; "
            f"{self.effective:,.0f} effective; gate {gate}>"
        )

    def _repr_html_(self) -> str:
        """Show what was learned most."""
        most = self.learned.sort_values("share", ascending=False).head(10)
        rows = [
            (name, f"{row.share:.2f}", f"{row.width:.2f}")
            for name, row in zip(most.index, most.itertuples(), strict=True)
        ]
        heads = ("learned", "share of variance", "width beside the prior's")
        return as_html(repr(self).strip("<>"), heads, rows)

    @property
    def effective(self) -> float:
        """Count the members of equal weight that would tell as much.

        Returns
        -------
        effective : float
            Effective members at the origin; the smallest of all steps is in `record`.
        """
        return self.record.effective[-1]

    def differences(self, case: Case | None = None) -> list[str]:
        """Say why it does not hold: another case, engine or facts, or no passed gate.

        Parameters
        ----------
        case : Case, optional
            The case as it is at hand; its own if not given.

        Returns
        -------
        differences : list of str
            Reasons; empty where it holds.
        """
        return differences(self.record, self.case if case is None else case)

    def simulate(
        self,
        *,
        scenario: str | Path | Scenario | None = None,
        days: int | None = None,
        members: int | None = None,
        executor: Executor | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Run:
        """Simulate the conditioned members.

        Parameters
        ----------
        scenario : str, Path or Scenario, optional
            Changes made from the scenario's start on, as in `supplyline.simulate`.
        days : int, optional
            Days after the cut-off; the case's own number if not given [days].
        members : int, optional
            How many, from the first on; all if not given. They stand for all.
        executor : Executor, optional
            Where members are simulated, as in `supplyline.simulate`.
        progress : callable, optional
            Called with members done and members in all.

        Returns
        -------
        run : Run
            The run, held in memory.
        """
        lineage = self.lineage
        if members is not None:
            lineage = lineage.of(np.arange(members))
        return simulate(
            self.case,
            days=days,
            seed=self.record.seed,
            scenario=scenario,
            lineage=lineage,
            executor=executor,
            progress=progress,
        )

    def save(self, folder: str | Path | None = None) -> Path:
        """Write the lineage, the tables and the report.

        Parameters
        ----------
        folder : str or Path, optional
            Folder to write, in the place of an older ensemble that is there;
            ``conditioned`` in the folder of the case if not given.

        Returns
        -------
        folder : Path
            The folder.

        Raises
        ------
        OutputError
            If the folder holds anything else, or cannot be written.
        """
        place = folder_for(self.case, folder)
        target = place.resolve()  # a link stays, and what it leads to is replaced
        target.parent.mkdir(parents=True, exist_ok=True)
        with draft_folder(target.parent, (*FILES, BACKTEST)) as draft:
            self.lineage.save(draft / LINEAGE)
            for name in TABLES:
                table: pd.DataFrame = getattr(self, name)
                table.to_csv(draft / f"{name}.csv", float_format="%.5g")
            files = {
                path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(draft.iterdir())
            }
            report = {"record": self.record.model_dump(mode="json"), "files": files}
            text = json.dumps(report, indent=1) + "\n"
            (draft / REPORT).write_text(text, encoding="utf-8")
            if (target / BACKTEST).is_file():
                shutil.copyfile(target / BACKTEST, draft / BACKTEST)
            draft.chmod(0o755)
            put_folder(draft, target)
        return place


def folder_for(case: Case, folder: str | Path | None) -> Path:
    """Tell where an ensemble of a case is written, and refuse what cannot be."""
    place = case.folder / FOLDER if folder is None else path_of("folder", folder)
    refuse_others(place, (*FILES, BACKTEST), "a conditioned ensemble")
    return place


def load_conditioned(case: Case, folder: str | Path | None = None) -> Conditioned:
    """Read the conditioned ensemble of a case.

    Parameters
    ----------
    case : Case
        The case.
    folder : str or Path, optional
        Folder as written by `Conditioned.save`; ``conditioned`` in the folder of the
        case if not given.

    Returns
    -------
    conditioned : Conditioned
        The ensemble; `Conditioned.differences` tells whether it still holds.

    Raises
    ------
    ConditioningError
        If there is none, or it is altered or incomplete.
    """
    refuse_other("case", case, "Case", "load_case")
    place = case.folder / FOLDER if folder is None else Path(folder)
    record = _read_report(place)
    tables = {
        name: _in_form(_read_table(place / f"{name}.csv", index))
        for name, index in TABLES.items()
    }
    try:
        lineage = Lineage.load(place / LINEAGE)
    except RunError as error:
        raise ConditioningError(str(error)) from error
    return Conditioned(case, lineage, record, **tables)


def _read_report(folder: Path) -> Record:
    """Read the report, and refuse files that are not as it says."""
    if not (folder / REPORT).is_file():  # a pipe would block
        message = (
            f"{folder}: no conditioned ensemble; expected one that "
            "`supplyline condition` writes"
        )
        raise ConditioningError(message)
    try:
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        record, files = Record.model_validate(report["record"]), dict(report["files"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        message = f"{folder / REPORT}: no report of a conditioning: {error}"
        raise ConditioningError(message) from error
    expected = set(FILES) - {REPORT}
    faults = [
        f"{folder / name}: {fault}"
        for name in sorted(expected | set(files))
        if (fault := _fault(folder / name, files.get(name))) is not None
    ]
    if faults:
        raise ConditioningError("\n".join(faults))
    return record


def _fault(path: Path, sha256: str | None) -> str | None:
    """Say what is wrong with a file."""
    if not path.is_file():
        return "missing"
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        return "altered since it was written"
    return None


def _read_table(path: Path, index: list[str]) -> pd.DataFrame:
    """Read a table; what is named NA or 1 is a name, as any other."""
    names = dict.fromkeys(index, str)
    table = pd.read_csv(path, dtype=names, keep_default_na=False, na_values=[""])
    return table.set_index(index)


def _in_form(table: pd.DataFrame) -> pd.DataFrame:
    """Give dates as dates, and empty labels as such."""
    levels = [
        pd.to_datetime(level) if level.name == "date" else level.fillna("")
        for level in map(table.index.get_level_values, range(table.index.nlevels))
    ]
    table.index = levels[0] if len(levels) == 1 else pd.MultiIndex.from_arrays(levels)
    for name in {"start", "end"} & set(table.columns):
        table[name] = pd.to_datetime(table[name])
    return table
