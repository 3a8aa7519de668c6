"""A Dask cluster as executor: what tasks share is sent once, results come as they may.

Dask gives the tasks of a lost worker to the others. Where all workers that hold what
tasks share are lost, or the scheduler, what is missing is sent again.
"""
# mypy: allow-untyped-calls

from __future__ import annotations

import os
import platform
import re
import secrets
import time
import warnings
from collections import deque
from concurrent.futures import CancelledError
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Final

from supplyline.engine.answers import TASK_ERRORS, refuse_failure, take_answer
from supplyline.engine.executors import (
    TASKS_UNDER_WAY,
    Executor,
    Work,
    code_id,
    do_task,
)
from supplyline.errors import (
    SHOWN_OF_A_KIND,
    ClusterError,
    MissingExtraError,
    shown,
    told_range,
)
from supplyline.output import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from distributed import Client, Future

    from supplyline.engine.answers import Answer, Result
    from supplyline.engine.executors import Shared

ATTEMPTS: Final = 3
"""Times that what is missing is sent, the first with them."""
CONNECT_S: Final = 30
"""How long a scheduler may be away [s]."""
WAIT_S: Final = 60
"""How long a cluster may have no worker [s]."""
LIBRARIES: Final = ("numba", "numpy", "pandas", "pyarrow")
"""Libraries whose version may change a bit of a result or of its file."""
ADDRESS: Final = re.compile(r"(tcp|tls)://[^/\s]+:\d+")


class Cluster(Executor):
    """Workers of a Dask cluster."""

    def __init__(self, client: Client, *, is_ours: bool) -> None:
        self._client = client
        self._is_ours = is_ours
        self._address = str(client.scheduler_info()["address"])
        self._await_worker(set())
        self._refuse_others()
        workers = f"{self.workers:,} worker{'' if self.workers == 1 else 's'}"
        self.words = f"cluster {self._address} ({workers})"

    def close(self, *, is_done: bool = True) -> None:  # noqa: ARG002 - as the overridden method
        """Leave the cluster; its workers stay."""
        if self._is_ours:
            self._client.close()

    def shares(self, folder: Path) -> bool:
        """Tell whether every worker sees a folder of ours, and may write to it."""
        token = secrets.token_hex(8)
        with NamedTemporaryFile("w", prefix=PREFIX, dir=folder) as file:
            file.write(token)
            file.flush()
            answers = self._client.run(sees, file.name, token, on_error="return")
        return all(answer is True for answer in answers.values())

    def map(
        self,
        function: Callable[[Shared, range], Result],
        shared: Shared,
        tasks: Sequence[range],
    ) -> Iterator[tuple[range, Result]]:
        """Do tasks, and give each with its result as it is done."""
        work = Work(code_id(), secrets.token_hex(8), function, shared)
        missing = set(tasks)
        for _ in range(ATTEMPTS):
            self._await_worker(missing)
            try:
                self._refuse_others()
                yield from self._attempt(work, missing)
            except (CancelledError, OSError):  # no error of a task, which is told apart
                continue
            return
        reason = f"{self._address} lost {ATTEMPTS} times what it was sent"
        raise ClusterError(reason, missing)

    def _attempt(
        self, work: Work[Shared, Result], missing: set[range]
    ) -> Iterator[tuple[range, Result]]:
        """Send what is missing, and give results as they come."""
        with warnings.catch_warnings():
            # it is sent once, and a worker can be given it again by the scheduler
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            sent = self._client.submit(same, work, pure=False)
        here = software()
        waiting = deque(sorted(missing, key=lambda task: task.start))
        under_way: dict[Future[Answer[Result]], range] = {}
        done: SimpleQueue[Future[Answer[Result]]] = SimpleQueue()
        while missing:
            if waiting:
                self._await_worker(missing)
            while waiting and len(under_way) < TASKS_UNDER_WAY * self.workers:
                task = waiting.popleft()
                future = self._client.submit(do_there, here, sent, task, pure=False)
                under_way[future] = task
                future.add_done_callback(done.put)
            try:
                future = done.get(timeout=WAIT_S)
            except Empty:
                self._await_worker(missing)
                continue
            task = under_way.pop(future)
            try:
                result = self._take(future, work.request, task, missing)
            except TASK_ERRORS:
                yield from self._take_rest(under_way, done, work.request, missing)
                raise
            yield task, result

    def _take_rest(
        self,
        under_way: dict[Future[Answer[Result]], range],
        done: SimpleQueue[Future[Answer[Result]]],
        request: str,
        missing: set[range],
    ) -> Iterator[tuple[range, Result]]:
        """Give what is under way when a task has failed, as far as it comes."""
        while under_way:
            try:
                future = done.get(timeout=WAIT_S)
            except Empty:
                if self._count_workers():
                    continue
                return
            task = under_way.pop(future)
            try:
                result = self._take(future, request, task, missing)
            except (*TASK_ERRORS, CancelledError, OSError):
                continue  # the first is told, and the members of both are missing
            yield task, result

    def _await_worker(self, missing: set[range]) -> None:
        """Count the workers; where there is none, wait for one, but not for ever."""
        deadline = time.monotonic() + WAIT_S
        while not self._count_workers():
            reason = None
            if self._client.status not in {"running", "connecting"}:
                reason = f"{self._address} has no scheduler any more"
            elif time.monotonic() > deadline:
                reason = f"{self._address} has had no worker for {WAIT_S} s"
            if reason is not None:
                raise ClusterError(reason, missing)
            time.sleep(0.2)

    def _count_workers(self) -> int:
        """Count the threads of all workers: each does one task at a time."""
        self.workers = 0
        if self._client.status == "running":
            with suppress(OSError):  # no connection any more
                self.workers = sum(self._client.nthreads().values())
        return self.workers

    def _refuse_others(self) -> None:
        """Refuse a cluster where anyone has other software than this process."""
        answers: dict[str, Any] = self._client.run(software, on_error="return")
        try:
            answers["the scheduler"] = self._client.run_on_scheduler(software)
        except (ImportError, AttributeError) as error:
            answers["the scheduler"] = error
        faults: dict[str, list[str]] = {}
        for who, has in answers.items():
            for fault in other_software(has):
                faults.setdefault(fault, []).append(who)
        if faults:
            lines = [f"  {told_few(who)}: {fault}" for fault, who in faults.items()]
            head = f"{self._address} has other software than this process"
            raise ClusterError("\n".join([head, *lines]))

    def _take(
        self,
        future: Future[Answer[Result]],
        request: str,
        task: range,
        missing: set[range],
    ) -> Result:
        """Take the result of a task, or raise its error, or that its workers ended."""
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        error = future.exception() if future.status == "error" else None
        if isinstance(error, CancelledError):
            raise error
        if isinstance(error, KilledWorker):
            reason = (
                f"members {told_range(task)} lost each worker that took them, the last "
                f"{error.last_worker.address}: its log may tell why, often memory"
            )
            raise ClusterError(reason, missing) from error
        refuse_failure(error, task, missing)
        return take_answer(future.result(), request, task, missing)


def software() -> dict[str, str]:
    """Name what decides the bits of a result: this package, Python and libraries."""
    python = ".".join(platform.python_version_tuple()[:2])
    libraries = {name: version(name) for name in LIBRARIES}
    return {"supplyline": code_id(), "Python": python, **libraries}


def other_software(there: dict[str, str] | Exception) -> list[str]:
    """Tell what is other on a worker than here."""
    if isinstance(there, OSError):  # it has gone; its tasks go to others
        return []
    if isinstance(there, Exception):
        return [f"cannot load this supplyline ({there})"]
    return [
        f"{name} {there.get(name)}; expected {here}"
        for name, here in software().items()
        if there.get(name) != here
    ]


def sees(path: str, token: str) -> bool:
    """Tell, on a worker, whether this file is there, and others may be put there."""
    file = Path(path)
    try:
        return file.read_text() == token and os.access(file.parent, os.W_OK)
    except OSError:
        return False


def same(work: Work[Shared, Result]) -> Work[Shared, Result]:
    """Give what is shared: as a result, it is made again where it is lost."""
    return work


def do_there(
    asker: dict[str, str], work: Work[Shared, Result], task: range
) -> Answer[Result]:
    """Do a task on a worker, which may have come after the others were asked."""
    if faults := other_software(asker):
        message = f"a worker was asked by other software: {'; '.join(faults)}"
        raise ClusterError(message)
    try:
        return do_task(work, task)
    except RecursionError as error:  # Dask cannot send a trace as deep as that
        raise error.with_traceback(None) from None


def told_few(names: Sequence[str]) -> str:
    """Tell names, or some of many."""
    if len(names) <= SHOWN_OF_A_KIND:
        return ", ".join(names)
    rest = len(names) - SHOWN_OF_A_KIND
    return f"{', '.join(names[:SHOWN_OF_A_KIND])} and {rest:,} more"


def cluster(scheduler: str | Client) -> Executor:
    """Simulate on a Dask cluster.

    What tasks share is sent to each worker once. All workers, and the scheduler, need
    the same supplyline, Python and libraries as this process; others are refused.

    Parameters
    ----------
    scheduler : str or distributed.Client
        Address of the scheduler, such as ``"tcp://127.0.0.1:8786"``, or a client, which
        stays open.

    Returns
    -------
    executor : Executor
        To be given as ``executor``; a context manager.

    Raises
    ------
    MissingExtraError
        If Dask is not installed.
    ClusterError
        If nobody answers at the address, no worker comes, or one has other software.
    """
    if find_spec("distributed") is None:
        raise MissingExtraError(["distributed"], "cluster")
    from distributed import Client  # noqa: PLC0415 - an extra, and slow to load

    if isinstance(scheduler, Client):
        return Cluster(scheduler, is_ours=False)
    client = connect(scheduler)
    try:
        return Cluster(client, is_ours=True)
    except ClusterError:
        client.close()
        raise


def connect(address: str) -> Client:
    """Connect to a scheduler, or say why that cannot be."""
    from distributed import Client, Security  # noqa: PLC0415 - an extra

    if not ADDRESS.fullmatch(str(address)):
        message = f"cluster is {shown(address)}; expected such as tcp://127.0.0.1:8786"
        raise ClusterError(message)
    certificates = Security()
    own = certificates.get_connection_args("client")
    if address.startswith("tls:") and own["ssl_context"] is None:
        message = (
            f"{address} asks for certificates; expected them in Dask's configuration "
            "(distributed.comm.tls)"
        )
        raise ClusterError(message)
    try:
        return Client(
            address, security=certificates, timeout=CONNECT_S, set_as_default=False
        )
    except OSError as error:
        message = f"no scheduler answers at {address} within {CONNECT_S} s"
        raise ClusterError(message) from error
