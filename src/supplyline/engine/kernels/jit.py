"""The one way in which kernels are compiled.

Compiled code is kept on disk. Arithmetic is exact IEEE (no fast math), so that the same
luck gives the same bits on every run. Kernels make no arrays, so nothing counts
references to them: counting would cost a quarter of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

OPTIONS: Final[dict[str, Any]] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,
}


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
    compiled = numba.njit(**OPTIONS)(function)
    return cast("Callable[Arguments, Result]", compiled)


def step(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function that only kernels call: it takes the arrays of a block.

    Without a way in from Python it compiles in half the time.

    Parameters
    ----------
    function : callable
        Step of a day, or a part of one.

    Returns
    -------
    compiled : callable
        The same function.
    """
    options = {**OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    compiled = numba.njit(**options)(function)
    return cast("Callable[Arguments, Result]", compiled)
