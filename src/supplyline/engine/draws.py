"""Names of streams to keys, and keys to draws.

Every draw of a run is decided by (seed, stream, entity, member, day, k) and by nothing
else. The entity enters by its name, so that a new row moves nobody else's luck.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from supplyline.case.frames import rows
from supplyline.engine.kernels.luck import philox
from supplyline.engine.quantiles import quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplyline.runs.lineage import Lineage

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


DRAWS_OF_A_COUNTER: Final = 4
"""Draws that Philox 4x64 makes of one counter."""
NEAR: Final = 64
"""Numbers for each one wanted up to which all between them are drawn: it is quicker."""


def key(seed: int, stream: str, entity: str) -> NDArray[np.uint64]:
    """Turn the name of a stream of luck into a 128-bit key, shape (2,)."""
    name = f"{seed}/{stream}/{entity}".encode()
    return np.frombuffer(blake2b(name, digest_size=16).digest(), dtype="<u8")


def entity_key(seed: int, stream: str, entity: str) -> tuple[int, int]:
    """Turn the name of a stream into the two words that a record keeps."""
    low, high = key(seed, stream, entity)
    return int(low), int(high)


def member_uniforms(
    seed: int, stream: str, entity: str, members: range | Ints
) -> Floats:
    """Draw one uniform in [0, 1) for each member; whoever else is drawn changes none.

    Returns shape (member) [1].
    """
    own = key(seed, stream, entity)
    if isinstance(members, range):
        return _uniforms_of_range(own, members)
    first, last = int(members.min()), int(members.max())
    if last - first < NEAR * len(members):
        return _uniforms_of_range(own, range(first, last + 1))[members - first]
    return _uniforms_of_numbers(own, members)


def _uniforms_of_range(own: NDArray[np.uint64], members: range) -> Floats:
    """Draw for members that stand side by side."""
    generator = np.random.Philox(key=own)
    counter, skipped = divmod(members.start, DRAWS_OF_A_COUNTER)
    generator.advance(counter)
    drawn = np.random.Generator(generator).random(skipped + len(members))
    return drawn[skipped:]


class _Words(NamedTuple):
    """A key as the generator of the kernels takes it."""

    low: np.uint64
    high: np.uint64


def _uniforms_of_numbers(own: NDArray[np.uint64], members: Ints) -> Floats:
    """Draw for members that stand anywhere, each by its own counter."""
    counters, words = np.divmod(members, DRAWS_OF_A_COUNTER)
    # the kernel is plain arithmetic: of arrays too, and its words run over as meant
    of_arrays: Any = getattr(philox, "py_func", philox)
    with np.errstate(over="ignore"):
        # numpy's generator counts before it draws
        drawn = of_arrays(_Words(own[0], own[1]), counters + 1, 0, 0)
    return np.ldexp((np.choose(words, drawn) >> np.uint64(11)).astype(np.float64), -53)


class Luck:
    """Luck of a range of members, and what is drawn of it beside the parameters.

    Those of a lineage live on the luck of its first stretch.
    """

    def __init__(
        self, seed: int, members: range, lineage: Lineage | None = None
    ) -> None:
        self.seed = seed
        self.members = members
        self.lineage = lineage
        self.numbers: range | Ints = members
        """Numbers of the members whose luck it is."""
        if lineage is not None:
            self.numbers = lineage.stretches[0].luck[members.start : members.stop]
        self.drawn: dict[str, Floats] = {}
        """Stream and entity to the value of each member."""

    def uniforms(self, stream: str, entity: str) -> Floats:
        """Draw one uniform in [0, 1) for each member."""
        return member_uniforms(self.seed, stream, entity, self.numbers)

    def between(self, low: float, high: float, stream: str, entity: str) -> Floats:
        """Draw a stated value evenly over its range; without one it is known."""
        if np.isnan(high) or low == high:
            return np.full(len(self.members), float(low))
        values = low + (high - low) * self.uniforms(stream, entity)
        self.drawn[f"{stream}/{entity}"] = values
        return values

    def day_between(self, first: int, latest: int, stream: str, entity: str) -> Floats:
        """Draw a day of a range, each as likely; a range of one day is known [day]."""
        if first == latest:
            return np.full(len(self.members), float(first))
        u = self.uniforms(stream, entity)
        days = first + np.floor(u * (latest - first + 1))
        self.drawn[f"{stream}/{entity}"] = days
        return days


def draw_parameters(
    priors: pd.DataFrame, luck: Luck, given: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Draw every parameter for every member, but for those that are given."""
    members = luck.members
    own = (
        pd.DataFrame() if given is None else given.loc[members.start : members.stop - 1]
    )
    columns = {
        row.param: own[row.param].to_numpy(np.float64)
        if row.param in own
        else quantile(
            row.distribution, row.a, row.b, luck.uniforms("parameter", row.param)
        )
        for row in rows(priors)
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(members, name="member"))
