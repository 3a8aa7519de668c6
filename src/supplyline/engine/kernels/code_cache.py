"""Compiled code on disk: of the wheel, or kept from the first run here.

It only saves time, so no fault of it stops a run. A folder of code is named by a hash
of all kernels and of what compiles them: numba looks only at a function's own file, and
would keep a caller whose callee has changed. Each file ends with the hash of its bytes,
as numba would run whatever a damaged one holds.
"""
# mypy: allow-untyped-calls, allow-subclassing-any

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import sysconfig
import tempfile
import time
import warnings
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import llvmlite
import numba
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    IndexDataCacheFile,
    NullCache,
    UserProvidedCacheLocator,
)

from supplyline.engine.kernels.processor import PLAIN, is_plain_or_better
from supplyline.errors import CodeCacheWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Function = Callable[..., Any]

HERE: Final = Path(__file__).parent
SHIPPED: Final = HERE / "compiled"
"""Where a wheel holds its code."""
HASH_BYTES: Final = hashlib.sha256().digest_size
OLD_DAYS: Final = 30
"""Code of other kernels that nobody has used for so long is removed [days]."""

FROM_WHEEL: Final = "from the wheel"
KEPT: Final = "kept"
COMPILED: Final = "compiled here"


@cache
def code_folder_name() -> str:
    """Name a folder of code by the kernels and by what compiles them."""
    hashed = hashlib.sha256()
    for source in sorted(HERE.glob("*.py")):
        hashed.update(source.read_bytes())
    abi = sysconfig.get_config_var("EXT_SUFFIX")  # the Python and the system
    hashed.update(f"{numba.__version__} {llvmlite.__version__} {abi}".encode())
    return f"kernels-{hashed.hexdigest()[:16]}"


def _home_caches() -> list[Path]:
    """Name the user's folder of caches; a user id without a home has none."""
    if chosen := os.environ.get("XDG_CACHE_HOME"):
        return [Path(chosen)]
    try:
        return [Path.home() / ".cache"]
    except RuntimeError:
        return []


@cache
def find_folder() -> Path | None:
    """Find a folder that can be written: the caller's, the package's or the user's."""
    places = [HERE / "__pycache__", *(home / "supplyline" for home in _home_caches())]
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        places.insert(0, Path(chosen))
    for place in places:
        folder = place / code_folder_name()
        is_new = not folder.exists()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            continue
        if is_new:
            _remove_old(place)
        return folder
    return None


def _remove_old(place: Path) -> None:
    """Remove folders of other kernels whose code was not used for a month.

    A process that still runs such code has read it, and writes a folder anew that is
    gone.
    """
    oldest = time.time() - OLD_DAYS * 86_400
    for folder in place.iterdir():
        if re.fullmatch("kernels-[0-9a-f]{16}", folder.name):
            with suppress(OSError):
                if folder.stat().st_mtime < oldest:
                    shutil.rmtree(folder, ignore_errors=True)


class _Locator(UserProvidedCacheLocator):
    """Our own folder, whatever numba's settings say."""

    _cache_path = ""

    def __init__(self, function: Function, file: str) -> None:
        self._py_file = file
        self._lineno = function.__code__.co_firstlineno

    @classmethod
    def from_function(cls, function: Function, file: str) -> _Locator:
        """Say where the code of a function is kept: its cache sets the folder."""
        return cls(function, file)

    def use(self, folder: Path) -> None:
        """Set the folder."""
        self._cache_path = str(folder)


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
    """Compiled code of one function in a folder."""

    _impl_class = _Impl

    def __init__(self, function: Function, folder: Path) -> None:
        super().__init__(function)
        self._folder = folder
        self._impl.locator.use(folder)
        stamp = self._impl.locator.get_source_stamp()
        self._cache_file = _Files(str(folder), self._impl.filename_base, stamp)

    def load_overload(self, signature: object, context: object) -> Any:  # noqa: ANN401 - as the overridden method
        """Load the code, and note that its folder is used."""
        code = super().load_overload(signature, context)
        if code is not None:
            with suppress(OSError):
                os.utime(self._folder)
        return code

    def save_overload(self, signature: object, code: object) -> None:
        """Keep the code, or say why it is not kept."""
        try:
            super().save_overload(signature, code)
        except OSError as error:
            _tell(f"{self._folder}: {error.strerror}")


class ShippedCode(CodeCache):
    """Code of a wheel: for a plain processor, whichever this one is."""

    def _index_key(self, signature: object, codegen: object) -> tuple[object, ...]:
        types, (triple, _, _), code = super()._index_key(signature, codegen)
        return types, (triple, PLAIN), code


class CodePlaces(NullCache):
    """Where code of one function comes from, and where it is kept."""

    origin: str | None = None
    """Where the code that runs is from; None before it is asked for."""

    def __init__(self, function: Function) -> None:
        self._function = function

    @cached_property
    def _kept(self) -> NullCache | CodeCache:
        folder = find_folder()
        return NoCache() if folder is None else CodeCache(self._function, folder)

    def _shipped(self) -> NullCache | CodeCache:
        folder = SHIPPED / code_folder_name()
        if folder.is_dir() and is_plain_or_better():
            return ShippedCode(self._function, folder)
        return NullCache()

    def load_overload(self, signature: object, context: object) -> Any:  # noqa: ANN401 - as the overridden method
        """Load the code of the wheel, or that of an earlier run."""
        code = self._shipped().load_overload(signature, context)
        self.origin = FROM_WHEEL
        if code is None:
            code = self._kept.load_overload(signature, context)
            self.origin = COMPILED if code is None else KEPT
        return code

    def save_overload(self, signature: object, code: object) -> None:
        """Keep what was compiled."""
        self._kept.save_overload(signature, code)


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
