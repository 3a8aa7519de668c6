"""Output: written whole or not at all, and refused early where it cannot be written.

A draft lies beside its place and is locked as long as its process works on it. Whoever
writes there next sweeps the drafts that nobody holds: their process was killed.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import tempfile
import time
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from supplyline.errors import OutputError, WaitWarning, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

PREFIX: Final = ".draft-"
TOLD_AFTER_S: Final = 2.0
"""How long one waits in silence for a folder that another process holds [s]."""
_PAUSE_S: Final = 0.1
_NAMED: Final = 3
"""Files that are named of those that would be lost."""
_NOT_EMPTY: Final = (errno.ENOTEMPTY, errno.EEXIST)


@contextmanager
def draft_folder(parent: Path, contents: Collection[str]) -> Iterator[Path]:
    """Give a folder to fill and to put in its place; one that stays is removed."""
    for path in _drafts(parent, PREFIX):
        if path.is_dir() and not _others(path, contents):
            sweep(path)
    draft, lock = _held(lambda: Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        _release(lock)


def put_folder(draft: Path, folder: Path) -> None:
    """Put a draft in its place, whatever folder another process puts there."""
    while True:
        try:
            draft.rename(folder)
        except OSError as error:
            if error.errno not in _NOT_EMPTY:
                raise
            with suppress(FileNotFoundError):  # the other process replaces it too
                shutil.rmtree(folder)
        else:
            return


@contextmanager
def held_folder(folder: Path) -> Iterator[None]:
    """Make a folder and hold it, and remove it if it stays empty.

    Who wants it too waits until it is let go.
    """
    lock = _wait_for(folder)
    try:
        yield
    finally:
        with suppress(OSError):  # it holds something, or is gone
            folder.rmdir()
        _release(lock)


def _wait_for(folder: Path) -> int | None:
    """Lock a folder when its turn comes; without a lock where the system has none."""
    began, is_told = time.monotonic(), False
    while True:
        folder.mkdir(exist_ok=True)
        try:
            return _lock(folder)
        except BlockingIOError:
            if not is_told and time.monotonic() - began >= TOLD_AFTER_S:
                message = f"{folder}: waiting for another process that writes there"
                warnings.warn(message, WaitWarning, stacklevel=2)
                is_told = True
            time.sleep(_PAUSE_S)
        except FileNotFoundError:
            continue  # another process removed it before it was locked
        except (OSError, ImportError):
            return None


@contextmanager
def draft_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write, and put it in its place when it is whole."""
    prefix = f"{PREFIX}{path.name}-"
    for left in _drafts(path.parent, prefix):
        sweep(left)

    def make() -> Path:
        handle, name = tempfile.mkstemp(prefix=prefix, dir=path.parent)
        os.close(handle)
        return Path(name)

    draft, lock = _held(make)
    try:
        with draft.open("wb") as file:
            yield file
        draft.chmod(0o644)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
        _release(lock)


def _others(draft: Path, contents: Collection[str]) -> set[str]:
    """Tell what a folder holds that no draft holds: it is only named like one."""
    held = {path.name for path in draft.iterdir()}
    return held - set(contents) - {path.name for path in _drafts(draft, PREFIX)}


def _drafts(parent: Path, prefix: str) -> list[Path]:
    """Find drafts: a prefix, then what `tempfile` adds."""
    name = re.compile(re.escape(prefix) + "[a-z0-9_]{8}")
    return [path for path in parent.iterdir() if name.fullmatch(path.name)]


def _held(make: Callable[[], Path]) -> tuple[Path, int | None]:
    """Make a draft and lock it; without a lock where the system has none."""
    while True:
        draft = make()
        try:
            return draft, _lock(draft)
        except (BlockingIOError, FileNotFoundError):
            continue  # another process swept it before it was locked
        except (OSError, ImportError):
            return draft, None


def sweep(draft: Path) -> None:
    """Remove a draft that nobody holds; where there are no locks it stays."""
    try:
        lock = _lock(draft)
    except (OSError, ImportError):
        return
    if draft.is_dir():
        shutil.rmtree(draft, ignore_errors=True)
    else:
        draft.unlink(missing_ok=True)
    _release(lock)


def _lock(draft: Path) -> int:
    """Lock a draft for this process, or raise an error where it cannot be locked."""
    import fcntl  # noqa: PLC0415 - Windows has no such module

    if stat.S_IFMT(draft.lstat().st_mode) not in (stat.S_IFDIR, stat.S_IFREG):
        raise FileNotFoundError(draft)  # a pipe would block
    handle = os.open(draft, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(handle), draft.lstat()):
            raise FileNotFoundError(draft)
    except OSError:
        os.close(handle)
        raise
    return handle


def _release(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)


def path_of(argument: str, value: object, noun: str = "folder") -> Path:
    """Give the path that an argument names, or refuse what is none."""
    if not isinstance(value, str | os.PathLike):
        message = f"{argument} is {shown(value)}; expected the path of a {noun}"
        raise TypeError(message)
    return Path(value)


def refuse_folder(folder: Path) -> None:
    """Refuse a folder in which nothing can be written, before the work for it."""
    home = folder
    while not os.path.lexists(home):
        home = home.parent
    _refuse(folder, home)


def refuse_others(folder: Path, contents: Collection[str], noun: str) -> None:
    """Refuse to replace a folder that holds anything but what is written there."""
    refuse_folder(folder)
    if others := sorted(_others(folder, contents)) if folder.is_dir() else []:
        named = ", ".join(others[:_NAMED])
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        expected = f"expected a new or empty folder, or one of {noun} alone"
        message = f"{folder} would be replaced, and holds {named}{more}; {expected}"
        raise OutputError(message)


def refuse_file(file: Path) -> None:
    """Refuse a file that cannot be written, before the work for it."""
    if file.is_dir():
        message = f"{file} is a folder; expected the name of a file"
        raise OutputError(message)
    _refuse(file, file.parent)


def _refuse(place: Path, home: Path) -> None:
    """Try to write in the folder that is to hold a place; nothing is left there."""
    if not home.is_dir():
        found = "is no folder" if os.path.lexists(home) else "does not exist"
        message = f"{place} cannot be written: {home} {found}"
        raise OutputError(message)
    try:
        tempfile.TemporaryFile(dir=home).close()
    except OSError as error:
        message = f"{place} cannot be written: {home}: {error.strerror}"
        raise OutputError(message) from None
