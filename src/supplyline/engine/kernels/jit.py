"""The one way in which kernels are compiled.

Arithmetic is exact IEEE (no fast math), so that the same luck gives the same bits on
every run. Kernels make no arrays, so nothing counts references to them: counting would
cost a quarter of the time.

Only the day loop is kept on disk, with all that it calls, in a folder named by a
hash of all kernels: numba looks only at a function's own file, and would keep a caller
whose callee has changed.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

HERE: Final = Path(__file__).parent
OPTIONS: Final[dict[str, Any]] = {
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,
    "no_cfunc_wrapper": True,
}


def _cache_folder() -> str | None:
    """Find a folder that can be written: the caller's, the package's or the user's."""
    sources = sorted(HERE.glob("*.py"))
    hashed = hashlib.sha256(b"".join(source.read_bytes() for source in sources))
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    places = [HERE / "__pycache__", Path(home) / "supplyline"]
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        places.insert(0, Path(chosen))
    for place in places:
        folder = place / f"kernels-{hashed.hexdigest()[:16]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return str(folder)
    return None


CACHE: Final = _cache_folder()
"""Folder of compiled code; None where nothing can be written."""


def entry(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile the function that the engine calls, and keep it with all it calls.

    Parameters
    ----------
    function : callable
        Pure arithmetic on numbers, records and arrays that are given.

    Returns
    -------
    compiled : callable
        The same function, which releases the interpreter lock.
    """
    config: Any = numba.config
    setting = config.CACHE_DIR
    config.CACHE_DIR = CACHE or setting  # our own folder; numba's setting stays
    try:
        compiled = numba.njit(cache=CACHE is not None, **OPTIONS)(function)
    finally:
        config.CACHE_DIR = setting
    return cast("Callable[Arguments, Result]", compiled)


def kernel(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function that Python may call too.

    Parameters
    ----------
    function : callable
        Pure arithmetic on numbers, records and arrays that are given.

    Returns
    -------
    compiled : callable
        The same function, which releases the interpreter lock.
    """
    return cast("Callable[Arguments, Result]", numba.njit(**OPTIONS)(function))


def step(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a step of the day, which only kernels call: it takes a block's arrays.

    Without a way in from Python it compiles in half the time.

    Parameters
    ----------
    function : callable
        Step of a day.

    Returns
    -------
    compiled : callable
        The same function.
    """
    options = {**OPTIONS, "no_cpython_wrapper": True}
    return cast("Callable[Arguments, Result]", numba.njit(**options)(function))


def part(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a part of a step, and write it into its callers.

    So it need not be handed a block's arrays at each call.

    Parameters
    ----------
    function : callable
        Part of a step.

    Returns
    -------
    compiled : callable
        The same function.
    """
    options = {**OPTIONS, "no_cpython_wrapper": True, "forceinline": True}
    return cast("Callable[Arguments, Result]", numba.njit(**options)(function))
