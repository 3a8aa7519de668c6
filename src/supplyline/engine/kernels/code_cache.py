"""Compiled code kept on disk: it only saves time, so no fault of it stops a run.

The folder is named by a hash of all kernels: numba looks only at a function's own file,
and would keep a caller whose callee has changed. Each file ends with the hash of its
bytes, as numba would run whatever a damaged one holds.
"""
# mypy: allow-untyped-calls, allow-subclassing-any

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    IndexDataCacheFile,
    NullCache,
    UserProvidedCacheLocator,
)

from supplyline.errors import CodeCacheWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Function = Callable[..., Any]

HERE: Final = Path(__file__).parent
HASH_BYTES: Final = hashlib.sha256().digest_size


def _home_caches() -> list[Path]:
    """Name the user's folder of caches; a user id without a home has none."""
    if chosen := os.environ.get("XDG_CACHE_HOME"):
        return [Path(chosen)]
    try:
        return [Path.home() / ".cache"]
    except RuntimeError:
        return []


def find_folder() -> Path | None:
    """Find a folder that can be written: the caller's, the package's or the user's."""
    sources = sorted(HERE.glob("*.py"))
    hashed = hashlib.sha256(b"".join(source.read_bytes() for source in sources))
    places = [HERE / "__pycache__", *(home / "supplyline" for home in _home_caches())]
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        places.insert(0, Path(chosen))
    for place in places:
        folder = place / f"kernels-{hashed.hexdigest()[:16]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            continue
        return folder
    return None


FOLDER: Final = find_folder()
"""Folder of compiled code; None where nothing can be written."""


class _Locator(UserProvidedCacheLocator):
    """Our own folder, whatever numba's settings say."""

    def __init__(self, function: Function, file: str) -> None:
        self._py_file = file
        self._lineno = function.__code__.co_firstlineno
        self._cache_path = str(FOLDER)

    @classmethod
    def from_function(cls, function: Function, file: str) -> _Locator:
        """Say where the code of a function is kept."""
        return cls(function, file)


class _Impl(CompileResultCacheImpl):
    _locator_classes: list[type[object]] = [_Locator]  # noqa: RUF012 - as in numba


class _Files(IndexDataCacheFile):
    """Index and code of a function; a file that is not whole is as good as absent."""

    def _load_index(self) -> Any:  # noqa: ANN401 - as the overridden method
        return super()._load_index() if _is_whole(self._index_path) else {}

    def _load_data(self, name: str) -> Any:  # noqa: ANN401
        if not _is_whole(path := self._data_path(name)):
            raise FileNotFoundError(path)  # so that it is compiled again
        return super()._load_data(name)

    @contextmanager
    def _open_for_write(self, path: str) -> Iterator[io.BytesIO]:
        with super()._open_for_write(path) as file:
            yield (content := io.BytesIO())
            file.write(content.getvalue() + _hash(content.getvalue()))


def _is_whole(path: str) -> bool:
    """Whether a file ends with the hash of what stands before it."""
    try:
        content = Path(path).read_bytes()
    except OSError:
        return False
    return content[-HASH_BYTES:] == _hash(content[:-HASH_BYTES])


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


class CodeCache(FunctionCache):
    """Compiled code of one function on disk, as long as the disk can take it."""

    _impl_class = _Impl

    def __init__(self, function: Function) -> None:
        super().__init__(function)
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = _Files(self._cache_path, self._impl.filename_base, stamp)

    def save_overload(self, signature: object, code: object) -> None:
        """Keep the code, or say why it is not kept."""
        try:
            super().save_overload(signature, code)
        except OSError as error:
            _tell(f"{FOLDER}: {error.strerror}")


class NoCache(NullCache):
    """In the place of a cache where no folder can be written."""

    def save_overload(self, _signature: object, _code: object) -> None:
        """Say that the code is not kept."""
        _tell("no folder for it can be written")


def _tell(reason: str) -> None:
    message = (
        f"compiled code is not kept, so the next run compiles again: {reason}; "
        "NUMBA_CACHE_DIR can name another folder"
    )
    warnings.warn(message, CodeCacheWarning, stacklevel=2)
