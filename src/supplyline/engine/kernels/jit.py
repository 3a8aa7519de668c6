"""The one way in which kernels are compiled.

Arithmetic is exact IEEE (no fast math), so that the same luck gives the same bits on
every run. Kernels make no arrays, so nothing counts references to them: counting would
cost a quarter of the time.

Only the day loop becomes machine code, with all that it calls, and is kept on disk.
"""
# mypy: allow-untyped-calls, allow-subclassing-any

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, cast

from llvmlite import ir
from numba import config, types
from numba.core.registry import CPUDispatcher
from numba.extending import lower_builtin, register_jitable, type_callable

from supplyline.engine.kernels.code_cache import CodePlaces
from supplyline.engine.kernels.inlined import EntryCompiler, InlinedCompiler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numba.core.caching import NullCache
    from numba.core.compiler import CompilerBase

    from supplyline.engine.kernels.code_cache import CodeCache

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

OPTIONS: Final[dict[str, Any]] = {
    "nopython": True,
    "nogil": True,
    "error_model": "numpy",
    "_nrt": False,
    "no_cfunc_wrapper": True,
}
ONLY_KERNELS_CALL: Final[dict[str, Any]] = {**OPTIONS, "no_cpython_wrapper": True}
WRITTEN_INTO_CALLERS: Final[dict[str, Any]] = {**ONLY_KERNELS_CALL, "forceinline": True}


@contextmanager
def _collector_off() -> Iterator[None]:
    """Collect no garbage: a sixth of the time goes by with nothing to collect."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Entry(CPUDispatcher):
    """A kernel that the engine calls."""

    def use(self, code: NullCache | CodeCache) -> None:
        """Take code from a place, and keep it there."""
        # numba's own way in, `cache=True`, takes no other cache than its own
        self._cache = code

    @property
    def origin(self) -> str | None:
        """Say where its code is from; None before it is asked for."""
        return getattr(self._cache, "origin", None)

    def compile(self, sig: Any) -> Any:  # noqa: ANN401 - as the overridden method
        """Take the code from the disk, or compile it."""
        with _collector_off():
            return super().compile(sig)


class _Kernel(CPUDispatcher):
    """A kernel that kernels call."""

    @cached_property
    def _from_python(self) -> _Entry:
        """Compile it for Python too: nobody but a test asks for that."""
        return _Entry(self.py_func, targetoptions=OPTIONS, pipeline_class=EntryCompiler)

    def __call__(self, *arguments: object) -> Any:  # noqa: ANN401 - whatever it gives
        """Call it from Python."""
        return self._from_python(*arguments)


def _made(
    kind: type[CPUDispatcher],
    function: Callable[Arguments, Result],
    options: dict[str, Any],
    compiler: type[CompilerBase],
) -> Any:  # noqa: ANN401 - numba's own, or the function
    """Make a kernel of a function, if numba is not told to compile nothing."""
    if config.DISABLE_JIT:  # type: ignore[attr-defined]
        return function
    return kind(function, targetoptions=options, pipeline_class=compiler)


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
    compiled = _made(_Entry, function, OPTIONS, EntryCompiler)
    if compiled is not function:
        compiled.use(CodePlaces(function))
    return cast("Callable[Arguments, Result]", compiled)


def kernel(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function that kernels call, where the compiler thinks best.

    Parameters
    ----------
    function : callable
        Pure arithmetic on numbers, records and arrays that are given.

    Returns
    -------
    compiled : callable
        The same function.
    """
    compiled = _made(_Kernel, function, ONLY_KERNELS_CALL, InlinedCompiler)
    return cast("Callable[Arguments, Result]", compiled)


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
    compiled = _made(_Kernel, function, WRITTEN_INTO_CALLERS, InlinedCompiler)
    return cast("Callable[Arguments, Result]", compiled)


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
    options = {**WRITTEN_INTO_CALLERS, "pipeline_class": InlinedCompiler}
    return register_jitable(**options)(function)


def by_instruction(function: Callable[..., object], write: Callable[..., Any]) -> None:
    """Let kernels do with an instruction what a function of two words does in Python.

    Parameters
    ----------
    function : callable
        Takes two 64-bit words and gives one.
    write : callable
        Writes the instruction: numba's context, builder, signature and arguments.
    """
    type_callable(function)(lambda _: lambda a, b: types.uint64)  # noqa: ARG005 - by name
    lower_builtin(function, types.uint64, types.uint64)(write)


def high_product(_context: Any, builder: Any, _signature: Any, words: Any) -> Any:  # noqa: ANN401 - untyped in numba
    """Write the high half of the product of two words."""
    wide, narrow = ir.IntType(128), ir.IntType(64)
    first, second = (builder.zext(word, wide) for word in words)
    high = builder.lshr(builder.mul(first, second), ir.Constant(wide, 64))
    return builder.trunc(high, narrow)
