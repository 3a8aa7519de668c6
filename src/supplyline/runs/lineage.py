"""Lineages: whose luck each member lives on, and with which parameters, by stretch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from supplyline.case.given_params import params_faults
from supplyline.case.parameters import PARAMETERS
from supplyline.errors import RunError, by_kind, shown
from supplyline.output import draft_file
from supplyline.runs.parquet import encoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

LINEAGE: Final = "lineage.parquet"
"""Name of its file in a run folder."""
LAST_NUMBER: Final = 2**31 - 1
"""Greatest number of a member whose luck may be lived on."""
FRESH: Final = 2**24
"""Numbers from here on are of fresh luck: a pool has fewer members."""
_LABELS: Final = ("member", "first_day", "luck")
"""Columns of the file; others are parameters."""


class Stretch(NamedTuple):
    """Days from one on, up to the next stretch.

    Attributes
    ----------
    first_day : int
        Day of the run from which it holds; the first stretch has 0.
    luck : array of int
        Number of the member whose luck each member lives on.
    params : DataFrame, optional
        Values of some parameters in the place of drawn ones, from here on and until a
        later stretch has others; one column for each, index the members from 0 on.
    """

    first_day: int
    luck: Ints
    params: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Lineage:
    """Whose luck each member lives on, and with which parameters, by stretch of days.

    What is drawn once for a member is drawn with the luck of the first stretch.

    Attributes
    ----------
    stretches : tuple of Stretch
        In the order of their days; all have the same members.

    Raises
    ------
    ValueError
        If stretches, numbers or parameters cannot be; the message lists all faults.

    Examples
    --------
    >>> import supplyline as sl
    >>> lineage = sl.Lineage([sl.Stretch(0, [5, 3, 3])])
    >>> run = sl.simulate(sl.load_case("toy"), days=10, lineage=lineage)
    >>> float(run.daily["trucks_lost"].sel(member=[1, 2]).std("member").max())
    0.0
    """

    stretches: tuple[Stretch, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be, and keep copies that nobody changes."""
        if faults := _faults(tuple(self.stretches)):
            raise ValueError("\n".join(by_kind(faults)))
        object.__setattr__(self, "stretches", tuple(map(_kept, self.stretches)))

    def __len__(self) -> int:
        """Count the members."""
        return len(self.stretches[0].luck)

    def __repr__(self) -> str:
        """Tell the members, and the days on which stretches begin."""
        days = ", ".join(f"{stretch.first_day:,}" for stretch in self.stretches)
        return f"<Lineage {self.sha256[:12]}: {len(self):,} members, from day {days}>"

    def __eq__(self, other: object) -> bool:
        """Whether all stretches are the same."""
        return isinstance(other, Lineage) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        """Hash the content."""
        return hash(self.sha256)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, whatever file it lies in.

        Returns
        -------
        sha256 : str
            Hex digits.
        """
        digest = hashlib.sha256()
        for first_day, luck, params in self.stretches:
            digest.update(f"{first_day} {luck.size}\n".encode())
            digest.update(luck.astype("<i8").tobytes())
            for name in () if params is None else sorted(map(str, params)):
                digest.update(f"{name}\n".encode())
                digest.update(params[name].to_numpy("<f8").tobytes())  # type: ignore[index]
        return digest.hexdigest()

    def position(self, day: int) -> int:
        """Find the stretch that holds a day.

        Parameters
        ----------
        day : int
            Day of the run.

        Returns
        -------
        position : int
            Position in `stretches`.
        """
        return sum(stretch.first_day <= day for stretch in self.stretches[1:])

    def params_in(self, position: int) -> pd.DataFrame | None:
        """Give the parameters that hold in a stretch in the place of drawn ones.

        Parameters
        ----------
        position : int
            Position in `stretches`.

        Returns
        -------
        params : DataFrame or None
            Those of the stretch, and of those before what it has not itself.
        """
        return self._held[position]

    @cached_property
    def _held(self) -> tuple[pd.DataFrame | None, ...]:
        """Parameters that hold in each stretch; the same frame where none is moved."""
        held: list[pd.DataFrame | None] = []
        for stretch in self.stretches:
            before = held[-1] if held else None
            own = stretch.params
            if before is not None and own is not None:
                kept = before.drop(columns=list(own), errors="ignore")
                own = pd.concat([kept, own], axis="columns")
            held.append(before if own is None else own)
        return tuple(held)

    def of(self, members: Ints) -> Lineage:
        """Give the lineage of some members, numbered anew in the order asked for.

        Parameters
        ----------
        members : array of int
            Members; one may be asked for again.

        Returns
        -------
        lineage : Lineage
            Their lineage, with the same stretches.
        """
        stretches = []
        for first_day, luck, params in self.stretches:
            own = params
            if params is not None:
                own = params.iloc[members].reset_index(drop=True)
            stretches.append(Stretch(first_day, luck[members], own))
        return Lineage(tuple(stretches))

    def table(self) -> pa.Table:
        """Lay the lineage out in rows.

        Returns
        -------
        table : pyarrow.Table
            A row for each member in each stretch; a parameter that a stretch does not
            have is missing in all its rows.
        """
        members = np.arange(len(self), dtype=np.int32)
        parts = []
        for first_day, luck, params in self.stretches:
            labels = {"member": members, "first_day": first_day, "luck": luck}
            frame = pd.DataFrame(labels)
            parts.append(frame if params is None else frame.join(params))
        whole = pd.concat(parts, ignore_index=True)
        return pa.Table.from_pandas(whole, preserve_index=False)

    def save(self, path: str | Path) -> None:
        """Write the lineage as a Parquet file.

        Parameters
        ----------
        path : str or Path
            The file; one that is there is replaced.
        """
        with draft_file(Path(path)) as file:
            file.write(encoded(self.table()))

    @classmethod
    def load(cls, path: str | Path) -> Lineage:
        """Read a lineage from its file.

        Parameters
        ----------
        path : str or Path
            File, as written by `save`.

        Returns
        -------
        lineage : Lineage
            The lineage.

        Raises
        ------
        RunError
            If the file holds no lineage.
        """
        try:
            with Path(path).open("rb") as file:
                frame = pq.read_table(file).to_pandas()
        except pa.ArrowInvalid as error:
            message = f"{path}: no table in Parquet"
            raise RunError(message) from error
        if missing := [name for name in _LABELS if name not in frame]:
            message = f"{path}: no column {', '.join(missing)}; expected a lineage"
            raise RunError(message)
        try:
            return cls(tuple(_stretch(rows) for _, rows in frame.groupby("first_day")))
        except ValueError as error:
            message = f"{path}: {error}"
            raise RunError(message) from error


def fresh_luck(step: int, members: int) -> Ints:
    """Give each member the number of a luck that nobody has lived on before a step."""
    return FRESH * (step + 1) + np.arange(members, dtype=np.int64)


def _stretch(rows: pd.DataFrame) -> Stretch:
    """Make a stretch of its rows in a file."""
    params = rows.drop(columns=list(_LABELS)).dropna(axis="columns", how="all")
    params.index = pd.Index(rows["member"].to_numpy())
    first_day, luck = int(rows["first_day"].iloc[0]), rows["luck"].to_numpy()
    return Stretch(first_day, luck, params if len(params.columns) else None)


def _kept(stretch: Stretch) -> Stretch:
    """Copy a stretch in the form in which it is kept."""
    luck = np.array(stretch.luck, np.int64)
    luck.flags.writeable = False
    params = stretch.params
    if params is not None:
        params = params.astype(np.float64) if len(params.columns) else None
    return Stretch(int(stretch.first_day), luck, params)


def _faults(stretches: Sequence[Stretch]) -> list[str]:
    """Tell all that is wrong with stretches."""
    if not stretches:
        return ["lineage has no stretches; expected one from day 0 on"]
    members = np.size(stretches[0].luck)
    faults = []
    before = None
    for position, stretch in enumerate(stretches):
        name = f"stretches[{position}]"
        faults += _day_faults(f"{name}.first_day", stretch.first_day, before)
        faults += _luck_faults(f"{name}.luck", stretch.luck, members)
        faults += _params_faults(f"{name}.params", stretch.params, members)
        before = stretch.first_day
    return faults


def _day_faults(name: str, day: object, before: object) -> list[str]:
    """Tell of a first day that does not come after the one before."""
    if not isinstance(day, int | np.integer):
        return [f"{name} is {shown(day)}; expected a day of the run"]
    if before is None:
        return [f"{name} is {day}; expected 0"] if day else []
    if isinstance(before, int | np.integer) and day <= before:
        return [f"{name} is {day}; expected more than {before}, of the one before"]
    return []


def _luck_faults(name: str, luck: object, members: int) -> list[str]:
    """Tell of what are no numbers of members, one for each member."""
    numbers = np.asarray(luck)
    if numbers.ndim != 1 or numbers.size == 0:
        return [f"{name} has the shape {numbers.shape}; expected a number a member"]
    faults = []
    if numbers.size != members:
        expected = f"{members:,}, as stretches[0] has"
        faults.append(f"{name} has {numbers.size:,} numbers; expected {expected}")
    if numbers.dtype.kind not in "iu":
        return [*faults, f"{name} holds {numbers.dtype}; expected whole numbers"]
    is_wrong = (numbers < 0) | (numbers > LAST_NUMBER)
    if is_wrong.any():
        first = int(np.argmax(is_wrong))
        where = f"of member {first}"
        if (count := int(is_wrong.sum())) > 1:
            where += f" and {count - 1:,} more"
        expected = f"0 to {LAST_NUMBER:,}"
        faults.append(f"{name} {where} is {numbers[first]}; expected {expected}")
    return faults


def _params_faults(name: str, params: object, members: int) -> list[str]:
    """Tell what is wrong with the parameters of a stretch."""
    if params is None:
        return []
    if not isinstance(params, pd.DataFrame):
        return [f"{name} is {shown(params)}; expected a DataFrame or None"]
    return params_faults(params, range(members), PARAMETERS, name)
