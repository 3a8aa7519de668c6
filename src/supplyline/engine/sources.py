"""The hash of the engine's code, by which a result names what computed it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

_ENGINE: Final = Path(__file__).parent


@cache
def engine_sha256() -> str:
    """Hash the source of the engine, its kernels included."""
    hashed = hashlib.sha256()
    for path in sorted(_ENGINE.rglob("*.py")):
        hashed.update(path.relative_to(_ENGINE).as_posix().encode())
        hashed.update(path.read_bytes())
    return hashed.hexdigest()
