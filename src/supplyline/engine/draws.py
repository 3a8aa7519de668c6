"""Names of streams to keys, and keys to draws.

Every draw of a run is decided by (seed, stream, entity, member, day, k) and by nothing
else. The entity enters by its name, so that a new row moves nobody else's luck.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from supplyline.case.frames import rows
from supplyline.engine.quantiles import quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


DRAWS_OF_A_COUNTER: Final = 4
"""Draws that Philox 4x64 makes of one counter."""


def key(seed: int, stream: str, entity: str) -> NDArray[np.uint64]:
    """Turn the name of a stream of luck into a 128-bit key, shape (2,)."""
    name = f"{seed}/{stream}/{entity}".encode()
    return np.frombuffer(blake2b(name, digest_size=16).digest(), dtype="<u8")


def entity_key(seed: int, stream: str, entity: str) -> tuple[int, int]:
    """Turn the name of a stream into the two words that a record keeps."""
    low, high = key(seed, stream, entity)
    return int(low), int(high)


def member_uniforms(seed: int, stream: str, entity: str, members: range) -> Floats:
    """Draw one uniform in [0, 1) for each member; whoever else is drawn changes none.

    Returns shape (member) [1].
    """
    generator = np.random.Philox(key=key(seed, stream, entity))
    counter, skipped = divmod(members.start, DRAWS_OF_A_COUNTER)
    generator.advance(counter)
    drawn = np.random.Generator(generator).random(skipped + len(members))
    return drawn[skipped:]


class Luck:
    """Luck of a range of members, and what is drawn of it beside the parameters."""

    def __init__(self, seed: int, members: range) -> None:
        self.seed = seed
        self.members = members
        self.drawn: dict[str, Floats] = {}
        """Stream and entity to the value of each member."""

    def uniforms(self, stream: str, entity: str) -> Floats:
        """Draw one uniform in [0, 1) for each member."""
        return member_uniforms(self.seed, stream, entity, self.members)

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
