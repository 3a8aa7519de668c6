"""Names of streams to keys, and keys to draws.

Every draw of a run is decided by (seed, stream, entity, member, day, k) and by nothing
else. The entity enters by its name, so that a new row moves nobody else's luck.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from supplyline.case.frames import rows
from supplyline.engine.quantiles import quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def key(seed: int, stream: str, entity: str) -> NDArray[np.uint64]:
    """Turn the name of a stream of luck into a 128-bit key, shape (2,)."""
    name = f"{seed}/{stream}/{entity}".encode()
    return np.frombuffer(blake2b(name, digest_size=16).digest(), dtype="<u8")


def entity_key(seed: int, stream: str, entity: str) -> tuple[int, int]:
    """Turn the name of a stream into the two words that a record keeps."""
    low, high = key(seed, stream, entity)
    return int(low), int(high)


def member_uniforms(seed: int, stream: str, entity: str, members: int) -> Floats:
    """Draw one uniform in [0, 1) for each member; more members only add to the end.

    Returns shape (member) [1].
    """
    generator = np.random.Generator(np.random.Philox(key=key(seed, stream, entity)))
    return generator.random(members)


def drawn_between(
    low: float, high: float, seed: int, stream: str, entity: str, members: int
) -> Floats:
    """Draw a stated value evenly over its range; without a high end it is known."""
    if np.isnan(high):
        return np.full(members, float(low))
    u = member_uniforms(seed, stream, entity, members)
    return low + (high - low) * u


def draw_parameters(priors: pd.DataFrame, seed: int, members: int) -> pd.DataFrame:
    """Draw every parameter for every member."""
    columns = {
        row.param: quantile(
            row.distribution,
            row.a,
            row.b,
            member_uniforms(seed, "parameter", row.param, members),
        )
        for row in rows(priors)
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(members, name="member"))
