"""Executors: where the tasks of a run are done.

A task is a range of members. What is done is a pure function of what all tasks share
and of the task, so that no result depends on who worked it out, or in which order.
"""

from __future__ import annotations

import os
import pickle  # noqa: TID251 - sent to our own processes, and never kept
import secrets
import shutil
import signal
import threading
from abc import ABC, abstractmethod
from concurrent.futures import (
    BrokenExecutor,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import contextmanager, suppress
from functools import cache, lru_cache, partial
from hashlib import sha256
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

import numpy as np

from supplyline.engine.answers import Answer, do_all
from supplyline.engine.kernels.ahead import compile_ahead
from supplyline.errors import EngineError, OutputError, refuse_other

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor as Pool
    from multiprocessing.connection import Connection
    from types import TracebackType
    from typing import Self

Shared = TypeVar("Shared")
Result = TypeVar("Result")

MOST_WORKERS: Final = 1024
TASKS_UNDER_WAY: Final = 2
"""Tasks sent to each worker at once: the next is there when one is done."""
PACKAGE: Final = Path(__file__).parents[1]


class Work(NamedTuple, Generic[Shared, Result]):
    """What a worker is sent once, whatever the number of its tasks."""

    code: str
    """Version and code of the sender."""
    request: str
    function: Callable[[Shared, range], Result]
    shared: Shared


@cache
def code_id() -> str:
    """Name the version of this package and a hash of its code."""
    sources = sorted(PACKAGE.rglob("*.py"))
    hashed = sha256(b"".join(source.read_bytes() for source in sources))
    return f"{version('supplyline')}, code {hashed.hexdigest()[:12]}"


def do_task(work: Work[Shared, Result], task: range) -> Answer[Result]:
    """Do a task, where this code is the sender's."""
    if work.code != code_id():
        message = (
            f"a worker has supplyline {code_id()}, and this is {work.code}; expected "
            "the same on both"
        )
        raise EngineError(message)
    return Answer(work.request, task, work.function(work.shared, task))


class Executor(ABC):
    """Where members are simulated: `threads`, `processes` or a cluster.

    A context manager: at its end the workers go. Results are the same bit for bit,
    whichever is chosen.

    Attributes
    ----------
    words : str
        What it is, such as ``"2 processes"``.
    workers : int
        Tasks done at the same time.
    """

    words: str
    workers: int

    def __enter__(self) -> Self:
        """Give the executor itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the workers; after an error what runs is not waited for."""
        self.close(is_done=kind is None)

    @abstractmethod
    def close(self, *, is_done: bool = True) -> None:
        """End the workers.

        Parameters
        ----------
        is_done : bool
            Whether all is done; if not, nobody waits for what still runs.
        """

    def shares(self, folder: Path) -> bool:  # noqa: ARG002 - where it matters
        """Tell whether it is better that workers write to a folder, and they can.

        Parameters
        ----------
        folder : Path
            A folder of this machine.

        Returns
        -------
        shares : bool
            Whether they are outside this process, and the folder is theirs too.
        """
        return False

    @abstractmethod
    def map(
        self,
        function: Callable[[Shared, range], Result],
        shared: Shared,
        tasks: Sequence[range],
    ) -> Iterator[tuple[range, Result]]:
        """Do tasks, and give each with its result as it is done.

        Parameters
        ----------
        function : callable
            Pure function of what is shared and a task; for workers outside this
            process one that they can import.
        shared : object
            What all tasks need; each worker is sent it once.
        tasks : sequence of range
            Ranges of members.

        Yields
        ------
        task : range
            A task.
        result : object
            What the function gives for it.

        Raises
        ------
        EngineError
            If a result does not come back; the message says whose is missing. What is
            under way when a task fails is given before.
        """


class _PoolExecutor(Executor):
    """Workers of this machine, begun with their first task."""

    def __init__(self, workers: int | None, one: str, several: str) -> None:
        self.workers = refuse_workers(several, workers)
        self.words = f"{self.workers:,} {one if self.workers == 1 else several}"
        self._pool: Pool | None = None

    @abstractmethod
    def _begin(self) -> Pool:
        """Begin the workers."""

    @abstractmethod
    def _send(self, work: Work[Any, Any]) -> tuple[Callable[..., Answer[Any]], object]:
        """Send what tasks share; give the function that does one, and what it takes."""

    def _why_broken(self) -> str:
        """Say how the workers broke down."""
        return "a worker ended before its work was done"

    def close(self, *, is_done: bool = True) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.shutdown(wait=is_done, cancel_futures=True)
            self._pool = None

    def map(
        self,
        function: Callable[[Shared, range], Result],
        shared: Shared,
        tasks: Sequence[range],
    ) -> Iterator[tuple[range, Result]]:
        """Do tasks, and give each with its result as it is done."""
        request = secrets.token_hex(8)
        do, sent = self._send(Work(code_id(), request, function, shared))
        if self._pool is None:
            self._pool = self._begin()
        missing = set(tasks)
        try:
            yield from do_all(
                partial(self._pool.submit, do, sent),
                TASKS_UNDER_WAY * self.workers,
                request,
                missing,
            )
        except BrokenExecutor as error:
            reason = self._why_broken()
            self.close(is_done=False)
            raise EngineError(reason, missing) from error


def refuse_workers(name: str, workers: int | None) -> int:
    """Refuse a number of workers that cannot be; without one, take all cores."""
    if workers is None:
        return os.cpu_count() or 1
    given: object = workers
    if not isinstance(given, int | np.integer) or not 1 <= given <= MOST_WORKERS:
        message = f"{name} is {workers}; expected 1 to {MOST_WORKERS:,}"
        raise ValueError(message)
    return int(given)


class Threads(_PoolExecutor):
    """Threads of this process; the kernels release the interpreter lock."""

    def __init__(self, workers: int | None) -> None:
        super().__init__(workers, "thread", "threads")

    def _begin(self) -> Pool:
        return ThreadPoolExecutor(self.workers, thread_name_prefix="supplyline")

    def _send(self, work: Work[Any, Any]) -> tuple[Callable[..., Answer[Any]], object]:
        return do_task, work


class Processes(_PoolExecutor):
    """Processes of this machine; what tasks share reaches them as a file."""

    def __init__(self, workers: int | None) -> None:
        super().__init__(workers, "process", "processes")
        self._folder: TemporaryDirectory[str] | None = None
        self._line: Connection[Any, Any] | None = None

    def shares(self, folder: Path) -> bool:  # noqa: ARG002 - of this machine, all are
        """Tell that a folder of this machine is that of the processes too."""
        return True

    def _begin(self) -> Pool:
        compile_ahead()  # once, or each process would
        context = get_context("spawn")
        self._line, theirs = context.Pipe()
        return ProcessPoolExecutor(
            self.workers,
            mp_context=context,
            initializer=_begin_worker,
            initargs=(theirs, "" if self._folder is None else self._folder.name),
        )

    def _why_broken(self) -> str:
        """Say whether any process began: none can in a script that is no module."""
        if self._line is not None and self._line.poll():
            return "a worker process ended before its work was done"
        return (
            "no worker process could begin: a script that asks for processes is a "
            'file, and does so below if __name__ == "__main__":'
        )

    def _send(self, work: Work[Any, Any]) -> tuple[Callable[..., Answer[Any]], object]:
        try:
            content = pickle.dumps(work)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            message = (
                f"what is given cannot be sent to {self.words}: {error}; expected "
                "functions that a module defines, and plain data"
            )
            raise TypeError(message) from error
        if self._folder is None:
            self._folder = TemporaryDirectory(
                prefix="supplyline-", ignore_cleanup_errors=True
            )
        folder = Path(self._folder.name)
        for before in folder.iterdir():
            before.unlink()
        path = folder / f"work-{work.request}"
        try:
            path.write_bytes(content)
        except OSError as error:
            message = f"{path} cannot be written: {error.strerror}"
            raise OutputError(message) from error
        return _do_sent_task, str(path)

    def close(self, *, is_done: bool = True) -> None:
        """End the workers: at once, where not all is done."""
        if self._line is not None and not is_done:
            self._line.close()
        super().close()  # what it held of the system is given back
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _begin_worker(line: Connection[bytes, bytes], folder: str) -> None:
    """Tell the caller, leave Ctrl-C to it, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):  # the caller has gone
        line.send_bytes(b"begun")
    threading.Thread(target=_end_with_caller, args=(line, folder), daemon=True).start()


def _end_with_caller(line: Connection[bytes, bytes], folder: str) -> None:
    """Wait until the caller ends or wants no more, clear up after it, and end."""
    with suppress(EOFError, OSError):
        line.recv_bytes()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


@lru_cache(maxsize=1)
def _read_work(path: str) -> Work[Any, Any]:
    """Read what tasks share, once."""
    try:
        work: Work[Any, Any] = pickle.loads(Path(path).read_bytes())  # noqa: S301 - ours
    except (AttributeError, ModuleNotFoundError) as error:
        message = (
            f"a worker process cannot find what it is sent: {error}; expected "
            "functions of a module that it can import"
        )
        raise EngineError(message) from error
    return work


def _do_sent_task(path: str, task: range) -> Answer[Any]:
    """Do a task of work that was sent as a file."""
    return do_task(_read_work(path), task)


def threads(workers: int | None = None) -> Executor:
    """Simulate in threads of this process.

    Parameters
    ----------
    workers : int, optional
        Threads; as many as the machine has cores if not given.

    Returns
    -------
    executor : Executor
        To be given as ``executor``; a context manager.

    Raises
    ------
    ValueError
        If the number is out of its bounds.

    Examples
    --------
    >>> import supplyline as sl
    >>> sl.threads(2).words
    '2 threads'
    """
    return Threads(workers)


def processes(workers: int | None = None) -> Executor:
    """Simulate in processes of this machine.

    Each is a new Python: a script that asks for them does so below
    ``if __name__ == "__main__":``, and a function that it gives stands in a module.

    Parameters
    ----------
    workers : int, optional
        Processes; as many as the machine has cores if not given.

    Returns
    -------
    executor : Executor
        To be given as ``executor``; a context manager.

    Raises
    ------
    ValueError
        If the number is out of its bounds.

    Examples
    --------
    >>> import supplyline as sl
    >>> sl.processes(2).words
    '2 processes'
    """
    return Processes(workers)


@contextmanager
def chosen(executor: Executor | None) -> Iterator[Executor]:
    """Give the executor of the caller, who ends it, or threads of our own."""
    if executor is not None:
        refuse_other("executor", executor, "Executor", "threads or processes")
        yield executor
        return
    with threads() as own:
        yield own


@contextmanager
def aside() -> Iterator[ThreadPoolExecutor]:
    """Give one thread for what is done beside; after an error it is not waited for."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="supplyline-aside")
    is_done = False
    try:
        yield pool
        is_done = True
    finally:
        pool.shutdown(wait=is_done, cancel_futures=not is_done)
