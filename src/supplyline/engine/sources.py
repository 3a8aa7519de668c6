"""The hash of the model's code, by which a result names what computed it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

_KERNELS: Final = Path(__file__).parent / "kernels"


@cache
def kernels_sha256() -> str:
    """Hash the sources of the kernels, the same on every machine."""
    hashed = hashlib.sha256()
    for source in sorted(_KERNELS.glob("*.py")):
        hashed.update(source.read_text(encoding="utf-8").encode())
    return hashed.hexdigest()
