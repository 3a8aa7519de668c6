"""What goes into a run: dated measures, who holds what, and what is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from supplyline.quantities import Quantity
from supplyline.report.maps import held
from supplyline.report.series import dated

if TYPE_CHECKING:
    from supplyline.case.case import Case


@dataclass(frozen=True, slots=True)
class Input:
    """A dated measure that the run takes as given."""

    kind: str
    target: str
    start: Quantity
    latest: Quantity | None
    end: Quantity | None
    amount: Quantity | None
    note: str


def measures(case: Case) -> tuple[Input, ...]:
    """List the dated measures; rows that differ in their target only are one."""
    table = case.tables["measures"]
    corridors = case.tables["corridors"]
    titles = dict(zip(corridors["corridor"], corridors["title"], strict=True))
    same = ["kind", "start", "start_latest", "end", "value", "unit", "note", "source"]
    inputs = []
    for _, rows in table.groupby(same, dropna=False, sort=False):
        row = rows.iloc[0]
        names = [str(titles.get(t, t)) for t in rows["target"] if not pd.isna(t)]
        inputs.append((pd.Timestamp(row["start"]), _input(row, "; ".join(names))))
    return tuple(entry for _, entry in sorted(inputs, key=lambda pair: pair[0]))


def _input(row: Any, target: str) -> Input:  # noqa: ANN401 - a cell, a row or an array
    """Make one measure printable."""
    source = str(row["source"])
    basis = "assumption" if source == "assumption" else f"source {source}"

    def day(name: str) -> Quantity | None:
        cell = row[name]
        return None if pd.isna(cell) else dated(cell, basis)

    value = row["value"]
    unit = "1" if pd.isna(row["unit"]) else str(row["unit"])
    return Input(
        kind=str(row["kind"]).replace("_", " "),
        target=target,
        start=dated(row["start"], basis),
        latest=day("start_latest"),
        end=day("end"),
        amount=None
        if pd.isna(value)
        else Quantity(float(value), unit, basis=basis, digits=None),
        note="" if pd.isna(row["note"]) else str(row["note"]),
    )


@dataclass(frozen=True, slots=True)
class Hold:
    """Who is said to hold, claim or block an area."""

    area: str
    actor: str
    status: str
    share: Quantity | None
    date: Quantity
    note: str


def holds(case: Case) -> tuple[Hold, ...]:
    """List the latest word on who holds what."""
    places = dict(
        zip(*(case.tables["places"][c] for c in ("place", "title")), strict=True)
    )
    actors = dict(
        zip(*(case.tables["actors"][c] for c in ("actor", "title")), strict=True)
    )
    latest = []
    for row in held(case).iloc[::-1].to_dict("records"):
        source = str(row["source"])
        basis = "assumption" if source == "assumption" else f"source {source}"
        share = row["share"]
        latest.append(
            Hold(
                area=str(places.get(row["area"], str(row["area"]).replace(":", " "))),
                actor=str(actors.get(row["actor"], row["actor"])),
                status=str(row["status"]).replace("_", " "),
                share=None
                if pd.isna(share)
                else Quantity(float(share), "share", basis=basis),
                date=dated(row["date"], basis),
                note="" if pd.isna(row["note"]) else str(row["note"]),
            )
        )
    return tuple(latest)


def assumption_groups(case: Case) -> list[tuple[str, Quantity, str]]:
    """List the rows that rest on an assumption, by table."""
    rows = case.assumptions()
    basis = f"case {case.name}"
    return [
        (
            str(table),
            Quantity(float(len(group)), "1", basis=basis, digits=None),
            "; ".join(str(key) for key in group["key"]),
        )
        for table, group in rows.groupby("table", sort=False)
    ]
