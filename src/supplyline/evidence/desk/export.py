"""Export evidence: accepted claims and events into the tables of a case, at once.

All is worked out in a copy of the case first. The case itself is written once, whole.
"""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from supplyline.case.case import load_case
from supplyline.case.config import FILE
from supplyline.errors import SupplylineWarning, refuse_other
from supplyline.evidence.desk.claim_export import TABLES, propose_claims
from supplyline.evidence.desk.effects import TOUCHED, apply, find_left_out, propose_from
from supplyline.evidence.desk.table_changes import CLAIM, to_updates
from supplyline.evidence.desk.writing import cells_of, refuse_packaged, write_changes
from supplyline.output import refuse_folder

if TYPE_CHECKING:
    from datetime import date

    from supplyline.case.case import Case
    from supplyline.evidence.desk.claim_export import ClaimChange
    from supplyline.evidence.desk.effects import UpdateProposal
    from supplyline.evidence.desk.table_changes import TableChange
    from supplyline.evidence.store.connection import Store
    from supplyline.evidence.store.left_out import LeftOut

_SHOWN_LINES: Final = 40


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What evidence changed in a case, or would change."""

    case: str
    folder: Path
    previous_cutoff: date
    cutoff: date
    claims: tuple[ClaimChange, ...]
    changes: tuple[TableChange, ...]
    refused: tuple[str, ...]
    left_out: LeftOut | None
    is_written: bool

    def lines(self) -> list[str]:
        """Tell it in lines."""
        told = [str(change) for change in self.claims]
        # a claim that is added stands among the claims already
        told.extend(_line(each) for each in self.changes if each.rule != CLAIM)
        lines = told[:_SHOWN_LINES]
        if len(told) > _SHOWN_LINES:
            lines.append(f"and {len(told) - _SHOWN_LINES:,} more (--json lists all)")
        lines.extend(f"not applied: {reason}" for reason in self.refused)
        if self.left_out is not None:
            lines.extend(self.left_out.cutoff_lines(self.case))
        if not told:
            lines.append("The evidence changes nothing in the case.")
        elif self.is_written:
            lines.append(f"{len(told):,} changes stand in {self.folder}.")
        else:
            lines.append(f"{len(told):,} changes would be made; nothing is written.")
        return lines

    def result(self) -> dict[str, Any]:
        """Tell it as plain values."""
        claims = ("what", "table", "row", "text")
        changes = ("table", "row", "field", "before", "after", "rule", "basis")
        return {
            "case": self.case,
            "folder": str(self.folder),
            "previous_cutoff": str(self.previous_cutoff),
            "cutoff": str(self.cutoff),
            "is_written": self.is_written,
            "claims": [
                {name: getattr(each, name) for name in claims} for each in self.claims
            ],
            "changes": [
                {name: getattr(each, name) for name in changes} for each in self.changes
            ],
            "refused": list(self.refused),
            "left_out": None if self.left_out is None else self.left_out.result(),
        }


def export_evidence(
    case: Case, store: Store, *, cutoff: date | None = None, is_dry_run: bool = False
) -> ExportResult:
    """Write accepted claims and events into a case, by the documented rules.

    Parameters
    ----------
    case : Case
        Case of a folder, as it was read.
    store : Store
        Evidence store; see `open_evidence`.
    cutoff : datetime.date, optional
        Last day of the past from now on; None leaves it.
    is_dry_run : bool
        Only tell what would change; a packaged case can be asked about too.

    Returns
    -------
    ExportResult
        What changed.

    Raises
    ------
    CaseError
        If the case is packaged, was changed since it was read, or would be wrong with
        the evidence; nothing is written then.
    """
    refuse_other("case", case, "Case", "load_case")
    refuse_other("store", store, "Store", "open_evidence")
    if not is_dry_run:
        refuse_packaged(case)
        refuse_folder(case.folder)
    with (
        tempfile.TemporaryDirectory(prefix="supplyline-") as parent,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore", SupplylineWarning)  # told when it was read
        folder = case.save(Path(parent) / "copy")
        copy = load_case(folder, unfinished=bool(case.gaps))
        moved = cutoff or copy.config.cutoff
        seen = replace(copy, config=copy.config.model_copy(update={"cutoff": moved}))
        claims = propose_claims(seen, store)
        copy = write_changes(copy, claims.tables)
        proposal = propose_from(copy, store, cutoff)
        left_out = find_left_out(copy, store, cutoff)
        copy = apply(copy, proposal)
        news = {name: cells_of(copy, name) for name in {*TABLES, *TOUCHED}}
        toml = (copy.folder / FILE).read_bytes()
    if not is_dry_run:
        write_changes(case, news, {FILE: toml})
    return ExportResult(
        case=case.name,
        folder=case.folder,
        previous_cutoff=proposal.previous_cutoff,
        cutoff=proposal.cutoff,
        claims=claims.changes,
        changes=_news(case, proposal),
        refused=proposal.refused,
        left_out=left_out,
        is_written=not is_dry_run,
    )


def _news(case: Case, proposal: UpdateProposal) -> tuple[TableChange, ...]:
    """Leave out what an earlier export brought: its row of updates.csv is there."""
    known = set(case.tables["updates"]["update"])
    span = proposal.previous_cutoff, proposal.cutoff
    return tuple(
        change
        for change in proposal.changes
        if to_updates([change], *span)[0]["update"] not in known
    )


def _line(change: TableChange) -> str:
    """Tell one change of a rule in a line."""
    where = f"{change.table} {change.row}"
    if change.field is None:
        return f"{where} added ({change.rule}: {change.basis})"
    values = f"{change.before or 'empty'} → {change.after or 'empty'}"
    return f"{where} {change.field}: {values} ({change.rule}: {change.basis})"
