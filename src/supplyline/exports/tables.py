"""Tables of a run by subject, tidy: a row for each thing and time, columns told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from supplyline.analysis.chunks import Sums, chunks_of
from supplyline.case.lookup import titles_of
from supplyline.case.parameters import PARAMETERS
from supplyline.exports.quantiles import LEVELS, over_members, quantile_data
from supplyline.language import _
from supplyline.runs.layout import LAYOUT
from supplyline.runs.listing import outputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from supplyline.runs import Run

QUANTILES: Final = tuple(f"q{round(100 * level):02}" for level in LEVELS)
"""Columns of the quantiles."""
LOSSES: Final = "losses"
PARAMS: Final = "params"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, or an output in its rows, as the codebook tells it."""

    name: str
    unit: str
    """Unit; empty where the column holds none, or several that the rows name."""
    meaning: str
    output: str = ""
    """Output that is told, where the rows of the table are of several."""
    taken: str = ""
    """What of a day or week is kept."""


@dataclass(frozen=True, slots=True)
class Tidy:
    """A table with what its columns mean."""

    name: str
    """Name of its file or sheet."""
    frame: pd.DataFrame
    columns: tuple[Column, ...]


def run_tables(run: Run) -> Iterator[Tidy]:
    """Give the outputs of a run as quantiles over courses, then losses and params."""
    for table in LAYOUT:
        if table in run.tables:
            yield _output_table(run, table)
    yield _losses(run)
    yield _params(run)


def label_columns(dims: tuple[str, ...]) -> list[Column]:
    """Tell the columns that say what a row is of."""
    told = {
        "member": _("Number of the course."),
        "day": _("Day."),
        "week": _("First day of the week."),
        "part": _("Whether the time lies in the past or in the forecast."),
        "place": _("Row of places.csv."),
        "corridor": _("Row of corridors.csv."),
        "segment": _("Row of segments.csv."),
        "region": _("Row of regions.csv."),
        "group": _("Row of groups.csv."),
        "product": _("Product of case.toml."),
        "attack": _("Kind of attack, a row of attacks.csv."),
        "fleet": _("Row of fleets.csv."),
        "title": _("Its name as printed."),
    }
    account = _("Account of the books.")
    return [Column(dim, "", told.get(dim, account)) for dim in dims]


def quantile_columns(unit: str) -> list[Column]:
    """Tell the columns of quantiles."""
    text = _("Value below which {percent} % of the courses lie.")
    return [
        Column(name, unit, text.format(percent=round(100 * level)))
        for name, level in zip(QUANTILES, LEVELS, strict=True)
    ]


def _output_table(run: Run, table: str) -> Tidy:
    """Lay the outputs of one table out: a row for each output, label and time."""
    data = quantile_data(run, table)
    labels = tuple(dim for dim in LAYOUT[table][1] if dim != "member")
    order = (*(dim for dim in labels if dim not in ("day", "week")), *labels)
    order = tuple(dict.fromkeys(order))
    frames = []
    for name, values in data.items():
        laid = values.transpose(*order, "quantile").to_numpy()
        rows = pd.MultiIndex.from_product([data.indexes[dim] for dim in order])
        frame = rows.to_frame(index=False)
        frame.columns = pd.Index(order)
        frame["output"], frame["unit"] = str(name), values.attrs["units"]
        frame[list(QUANTILES)] = laid.reshape(-1, len(LEVELS))
        frames.append(frame)
    frame = _with_titles(run, pd.concat(frames, ignore_index=True))
    if "part" in data.coords:
        [time] = data["part"].dims
        part = dict(zip(data.indexes[str(time)], data["part"].to_numpy(), strict=True))
        frame.insert(list(frame).index(time) + 1, "part", frame[time].map(part))
    told = (*QUANTILES, "output", "unit")
    columns = label_columns(tuple(str(name) for name in frame if name not in told))
    columns += [
        Column("output", "", _("Name of the output.")),
        Column("unit", "", _("Unit of the quantiles; 1 for a share or a number.")),
        *quantile_columns(""),
    ]
    for name, values in data.items():
        known = outputs()[table, str(name)]
        text = (values.attrs["units"], known.meaning, str(name), known.taken)
        columns.append(Column("", *text))
    return Tidy(table, frame, tuple(columns))


def _with_titles(run: Run, frame: pd.DataFrame) -> pd.DataFrame:
    """Put the title of a place, corridor, region or group after its name."""
    for axis in ("place", "corridor", "region", "group"):
        if axis in frame:
            titles = titles_of(run.case, axis)
            named = [titles.get(str(label), str(label)) for label in frame[axis]]
            frame.insert(list(frame).index(axis) + 1, "title", named)
    return frame


def _losses(run: Run) -> Tidy:
    """Sum the trucks lost after the cut-off by corridor and segment."""
    after = pd.Timestamp(run.manifest.cutoff)
    rows = run.case.tables["corridor_segments"][["corridor", "segment"]]
    rows = rows.drop_duplicates(ignore_index=True)
    wanted, sums = pd.MultiIndex.from_frame(rows), Sums()
    for part in chunks_of(run):
        losses = part.losses[part.losses["day"] > after]
        lost = losses.groupby(["corridor", "segment"], observed=True)["trucks_lost"]
        total = lost.sum().reindex(wanted).fillna(0.0).to_numpy(np.float64)
        sums.add("lost", total[np.newaxis])
    segments = run.case.tables["segments"].set_index("segment")
    titles = titles_of(run.case, "place")
    for end in ("from_place", "to_place"):
        rows[end] = rows["segment"].map(segments[end]).map(titles)
    rows["trucks_lost"] = sums["lost"] / len(run.members)
    columns = (
        *label_columns(("corridor", "title", "segment")),
        Column("from_place", "", _("Place at one end of the segment.")),
        Column("to_place", "", _("Place at its other end.")),
        Column(
            "trucks_lost",
            "trucks",
            _("Trucks lost there after the cut-off, mean of the courses."),
        ),
    )
    return Tidy(LOSSES, _with_titles(run, rows), columns)


def _params(run: Run) -> Tidy:
    """Give the quantiles of each drawn parameter, with its unit and meaning."""
    params = run.params
    own = run.case.tables["params"].set_index("param")
    told = [
        (name, *(own.loc[name, each] for each in ("unit", "meaning", "source")))
        if name in own.index
        else (name, PARAMETERS[name].unit, PARAMETERS[name].prior["meaning"], "")
        for name in map(str, params)
    ]
    heads = ["param", "unit", "meaning", "source"]
    frame = pd.DataFrame(told, columns=heads)
    frame[list(QUANTILES)] = over_members(params.to_numpy(np.float64)).T
    columns = (
        Column("param", "", _("Row of params.csv.")),
        Column("unit", "", _("Unit of the quantiles.")),
        Column("meaning", "", _("What it is.")),
        Column("source", "", _("Row of sources.csv, or 'assumption'.")),
        *quantile_columns(""),
    )
    return Tidy(PARAMS, frame, columns)
