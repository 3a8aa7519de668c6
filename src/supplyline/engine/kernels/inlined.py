"""Code that only kernels call, compiled once: with the day loop into which it goes.

numba optimises each function and makes machine code of it with all that it calls, so
the innermost would be made anew for each level above it.
"""
# mypy: allow-untyped-calls, allow-subclassing-any

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import AnalysisPass, register_pass
from numba.core.typed_passes import AnnotateTypes


class _Library(JITCodeLibrary):
    """Code that callers link, and that never runs by itself."""

    def _optimize_final_module(self) -> None:
        """Leave it to the day loop, which optimises all that it holds."""

    def _finalize_final_module(self) -> None:
        """Make no machine code."""
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int:
        """Give the address of none."""
        return 0

    @property
    def codegen(self) -> _Library:
        """Take the place of the engine, which knows nothing of this code."""
        return self

    def set_env(self, _name: str, _env: object) -> None:
        """Set no objects of Python: nothing could read them."""


@register_pass(mutates_CFG=False, analysis_only=True)
class _KeepInLibrary(AnalysisPass):
    _name = "keep_in_library"

    def __init__(self) -> None:
        AnalysisPass.__init__(self)

    def run_pass(self, state: Any) -> bool:  # noqa: ANN401 - as the overridden method
        """Put the code of a function where it is only linked."""
        codegen = state.targetctx.codegen()
        state.library = _Library(codegen, state.func_id.func_qualname)
        return False


class InlinedCompiler(CompilerBase):
    """Compiler of what Python never calls."""

    def define_pipelines(self) -> list[Any]:
        """Do as numba does, but with a library of our own."""
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_KeepInLibrary, AnnotateTypes)
        passes.finalize()
        return [passes]
