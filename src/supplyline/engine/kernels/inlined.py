"""How kernels are compiled: only what the engine calls becomes machine code.

numba optimises each function and makes machine code of it with all that it calls, so
the innermost would be made anew for each level above it. Here a kernel that kernels
call is only linked, and optimised once: with the day loop into which it goes.
"""
# mypy: allow-untyped-calls, allow-subclassing-any

from __future__ import annotations

import hashlib
from typing import Any, Final

from numba.core import itanium_mangler, typed_passes, untyped_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import AnalysisPass, PassManager, register_pass

PASSES: Final = (
    untyped_passes.TranslateByteCode,
    untyped_passes.FixupArgs,
    untyped_passes.IRProcessing,
    untyped_passes.GenericRewrites,
    untyped_passes.ReconstructSSA,
    typed_passes.NopythonTypeInference,
    typed_passes.PreLowerStripPhis,
    typed_passes.IRLegalization,
)
"""What plain loops over numbers and records need of numba's passes, in its order.

The others look for closures, `with`, constants, generators and array expressions, and
each of them counts anew who uses which variable.
"""
LAST_PASSES: Final = (typed_passes.NativeLowering, typed_passes.NoPythonBackend)


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


class _Entry(JITCodeLibrary):
    """Code that Python calls."""

    def _optimize_final_module(self) -> None:
        """Optimise it once, and its loops as they are: they take a turn or three.

        numba would first look for references to count, which kernels have not. Loops
        over the products of a place would be done eight turns at a time, which costs
        more than the turns.
        """
        passes, builder = self._codegen._module_pass_manager(loop_vectorize=False)  # noqa: SLF001
        passes.run(self._final_module, builder)


def _short_name(name: str, arguments: tuple[Any, ...], **tags: Any) -> str:  # noqa: ANN401 - as numba's own
    """Name compiled code by a hash of its types.

    numba writes them out, field by field: 40,000 letters for a block's arrays.
    """
    types = hashlib.sha256(str(arguments).encode()).hexdigest()[:16]
    tags["abi_tags"] = (*tags.get("abi_tags", ()), types)
    return str(itanium_mangler.mangle(name, (), **tags))


@register_pass(mutates_CFG=False, analysis_only=True)
class _ShortNames(AnalysisPass):
    _name = "short_names"

    def __init__(self) -> None:
        AnalysisPass.__init__(self)

    def run_pass(self, state: Any) -> bool:  # noqa: ANN401 - as the overridden method
        """Give a function a short name; its context is a copy of its own."""
        state.targetctx.mangler = _short_name
        return False


@register_pass(mutates_CFG=False, analysis_only=True)
class _MakeLibrary(AnalysisPass):
    _name = "make_library"

    def __init__(self) -> None:
        AnalysisPass.__init__(self)

    def run_pass(self, state: Any) -> bool:  # noqa: ANN401 - as the overridden method
        """Put the code of a function where it becomes machine code."""
        codegen = state.targetctx.codegen()
        state.library = _Entry(codegen, state.func_id.func_qualname)
        state.library.enable_object_caching()
        return False


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


def _pipeline(*passes: type[Any]) -> list[Any]:
    manager = PassManager("kernels")
    for each in passes:
        manager.add_pass(each, each.__name__)
    manager.finalize()
    return [manager]


class EntryCompiler(CompilerBase):
    """Compiler of what Python calls."""

    def define_pipelines(self) -> list[Any]:
        """Make machine code."""
        return _pipeline(*PASSES, _ShortNames, _MakeLibrary, *LAST_PASSES)


class InlinedCompiler(CompilerBase):
    """Compiler of what Python never calls."""

    def define_pipelines(self) -> list[Any]:
        """Make what is linked."""
        return _pipeline(*PASSES, _ShortNames, _KeepInLibrary, *LAST_PASSES)
