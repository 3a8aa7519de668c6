"""The one way in which kernels are compiled.

Arithmetic is exact IEEE (no fast math), so that the same luck gives the same bits on
every run. Kernels make no arrays, so nothing counts references to them: counting would
cost a quarter of the time.

Only the day loop is kept on disk, with all that it calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, cast

import numba
from numba.extending import register_jitable

from supplyline.engine.kernels.code_cache import FOLDER, CodeCache, NoCache
from supplyline.engine.kernels.inlined import InlinedCompiler

if TYPE_CHECKING:
    from collections.abc import Callable

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

OPTIONS: Final[dict[str, Any]] = {
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,
    "no_cfunc_wrapper": True,
}
ONLY_KERNELS_CALL: Final[dict[str, Any]] = {
    **OPTIONS,
    "no_cpython_wrapper": True,
    "pipeline_class": InlinedCompiler,
}


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
    compiled: Any = numba.njit(**OPTIONS)(function)
    if compiled is not function:  # numba can be told not to compile
        # numba's own way in, `cache=True`, takes no other cache than its own
        cache = NoCache() if FOLDER is None else CodeCache(function)
        compiled._cache = cache  # noqa: SLF001
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

    Without a way in from Python it needs no machine code of its own.

    Parameters
    ----------
    function : callable
        Step of a day.

    Returns
    -------
    compiled : callable
        The same function.
    """
    return cast(
        "Callable[Arguments, Result]", numba.njit(**ONLY_KERNELS_CALL)(function)
    )


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
    options = {**ONLY_KERNELS_CALL, "forceinline": True}
    return cast("Callable[Arguments, Result]", numba.njit(**options)(function))


def formula(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a formula into the kernels that call it; Python calls it as it stands.

    So one definition serves numbers in kernels and arrays in numpy.

    Parameters
    ----------
    function : callable
        Arithmetic without branches.

    Returns
    -------
    formula : callable
        The function itself.
    """
    options = {**ONLY_KERNELS_CALL, "forceinline": True}
    return register_jitable(**options)(function)
