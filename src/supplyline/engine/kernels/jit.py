"""The one way in which kernels are compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def kernel(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function to machine code that releases the interpreter lock.

    The compiled code is kept on disk. Arithmetic is exact IEEE (no fast math), so that
    the same luck gives the same bits on every run.
    """
    compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast("Callable[Arguments, Result]", compiled)
