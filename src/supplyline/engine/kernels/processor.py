"""The processor for which the code of a wheel is compiled."""
# mypy: allow-untyped-calls

from __future__ import annotations

import platform
from typing import Final

from llvmlite import binding

_IS_X86: Final = platform.machine().lower() in {"x86_64", "amd64"}
PLAIN: Final = "x86-64-v2" if _IS_X86 else "generic"
"""What nearly every processor of this kind can do, by LLVM's name."""
FEATURES: Final = (
    ("cx16", "popcnt", "sahf", "sse3", "sse4.1", "sse4.2", "ssse3") if _IS_X86 else ()
)
"""What it takes beyond the least of its kind."""


def is_plain_or_better() -> bool:
    """Whether this processor can run what was compiled for the plain one."""
    own = binding.get_host_cpu_features()
    return all(own.get(name) for name in FEATURES)
