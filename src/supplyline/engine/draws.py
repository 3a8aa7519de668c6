"""Names of streams to keys, and priors to draws.

Every draw of a run is decided by (seed, stream, entity, member, day, k) and by nothing
else. The entity enters by its name, so that a new row moves nobody else's luck.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import special

from supplyline.case.frames import rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def key(seed: int, stream: str, entity: str) -> NDArray[np.uint64]:
    """Turn the name of a stream of luck into a 128-bit key.

    Parameters
    ----------
    seed : int
        Seed of the run.
    stream, entity : str
        What the luck is for, and whose it is.

    Returns
    -------
    key : array of uint64
        Shape (2,).
    """
    name = f"{seed}/{stream}/{entity}".encode()
    return np.frombuffer(blake2b(name, digest_size=16).digest(), dtype="<u8")


def member_uniforms(seed: int, stream: str, entity: str, members: int) -> Floats:
    """Draw one uniform in [0, 1) for each member; more members only add to the end.

    Parameters
    ----------
    seed : int
        Seed of all luck.
    stream : str
        Source of luck.
    entity : str
        What the luck is for.
    members : int
        Members of the ensemble.

    Returns
    -------
    uniforms : array of float
        Shape (member) [1].
    """
    generator = np.random.Generator(np.random.Philox(key=key(seed, stream, entity)))
    return generator.random(members)


def quantile(distribution: str, a: float, b: float, u: Floats) -> Floats:
    """Invert a prior.

    Parameters
    ----------
    distribution : str
        Family, as in params.csv.
    a, b : float
        Its two numbers, as in params.csv; `b` is not read for ``fixed`` and
        ``exp_half_normal``.
    u : array
        Uniforms in [0, 1), shape (member,).

    Returns
    -------
    values : array
        Shape (member,).

    Raises
    ------
    ValueError
        If the family is unknown.
    """
    if distribution == "fixed":
        return np.full(u.shape, a)
    if distribution == "uniform":
        return a + (b - a) * u
    if distribution == "log_uniform":
        return np.asarray(a * (b / a) ** u)
    if distribution == "beta":
        return np.asarray(special.betaincinv(a, b, u))
    if distribution == "exp_half_normal":
        return np.asarray(np.exp(-a * special.ndtri(0.5 - 0.5 * u)))
    if distribution in ("lognormal", "one_plus_lognormal"):
        spread = np.exp(b * special.ndtri(np.clip(u, 2.0**-54, 1 - 2.0**-54)))
        least = 1.0 if distribution == "one_plus_lognormal" else 0.0
        return np.asarray(least + a * spread)
    message = f"distribution is {distribution!r}; no such family of priors"
    raise ValueError(message)


def draw_parameters(priors: pd.DataFrame, seed: int, members: int) -> pd.DataFrame:
    """Draw every parameter for every member.

    Parameters
    ----------
    priors : DataFrame
        Table params.csv.
    seed, members : int
        Seed and number of members.

    Returns
    -------
    draws : DataFrame
        Index ``member``, one column for each parameter, in the units of params.csv.
    """
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
