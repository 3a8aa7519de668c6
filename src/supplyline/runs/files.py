"""Files of a run folder: what each one is, and its hash."""

from __future__ import annotations

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "a file"
FOLDER: Final = "a folder"
_KINDS: Final = {
    stat.S_IFREG: FILE,
    stat.S_IFDIR: FOLDER,
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


def kind_of(path: Path) -> str:
    """Say what stands at a path, without following a link."""
    return _KINDS.get(stat.S_IFMT(path.lstat().st_mode), "a device")


def kinds_below(folder: Path) -> dict[str, str]:
    """Say what everything below a folder is."""
    paths = sorted(folder.rglob("*"))
    return {path.relative_to(folder).as_posix(): kind_of(path) for path in paths}


def sha256_of(path: Path) -> str:
    """Hash the bytes of a file, as a standard tool would."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hashes_below(folder: Path) -> dict[str, str]:
    """Hash every file below a folder; a link or a pipe is not opened."""
    kinds = kinds_below(folder)
    files = [name for name, kind in kinds.items() if kind == FILE]
    with ThreadPoolExecutor() as executor:
        hashes = executor.map(lambda name: sha256_of(folder / name), files)
        return dict(zip(files, hashes, strict=True))
