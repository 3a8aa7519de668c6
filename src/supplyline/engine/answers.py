"""Answers: results of tasks as they come, and whose are missing where one fails.

A worker that has begun a task cannot be called back, and may write what it makes to a
file. So the error of a task is told when nothing is under way any more.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, wait
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from supplyline.errors import EngineError, SupplylineError, told_range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

Result = TypeVar("Result")

TASK_ERRORS: Final = (SupplylineError, MemoryError)
"""Errors of a task; others of its own come as an `EngineError`."""


class Answer(NamedTuple, Generic[Result]):
    """What a worker gives back for a task."""

    request: str
    task: range
    result: Result


def do_all(
    submit: Callable[[range], Future[Answer[Result]]],
    most: int,
    request: str,
    missing: set[range],
) -> Iterator[tuple[range, Result]]:
    """Submit some tasks at a time; if one fails give what is under way, and end."""
    waiting = deque(sorted(missing, key=lambda task: task.start))
    under_way: dict[Future[Answer[Result]], range] = {}
    try:
        while missing:
            while waiting and len(under_way) < most:
                task = waiting.popleft()
                under_way[submit(task)] = task
            yield take_next(under_way, request, missing)
    except TASK_ERRORS:
        yield from _take_rest(under_way, request, missing)
        raise
    finally:
        for future in under_way:
            future.cancel()


def _take_rest(
    under_way: dict[Future[Answer[Result]], range], request: str, missing: set[range]
) -> Iterator[tuple[range, Result]]:
    """Give what workers are at when a task has failed: it cannot be called back."""
    for future in list(under_way):
        if future.cancel():
            del under_way[future]
    while under_way:
        try:
            answer = take_next(under_way, request, missing)
        except TASK_ERRORS:
            continue  # the first is told, and the members of both are missing
        yield answer


def take_next(
    under_way: dict[Future[Answer[Result]], range], request: str, missing: set[range]
) -> tuple[range, Result]:
    """Wait for a task to be done, and take its result; nothing else holds it then."""
    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
    future = next(each for each in under_way if each in done)  # as they were sent
    task = under_way.pop(future)
    refuse_failure(future.exception(), task, missing)
    return task, take_answer(future.result(), request, task, missing)


def refuse_failure(
    error: BaseException | None, task: range, missing: set[range]
) -> None:
    """Raise the error of a task: an expected one as it is, another with its members."""
    if isinstance(error, SupplylineError | MemoryError | BrokenExecutor):
        raise error
    if error is not None:
        reason = f"members {told_range(task)} failed: {type(error).__name__}: {error}"
        # the set and no copy: what still comes is taken from it before this is told
        raise EngineError(reason, missing) from error


def take_answer(
    answer: Answer[Result], request: str, task: range, missing: set[range]
) -> Result:
    """Take the result of a task that was asked for."""
    if (answer.request, answer.task) != (request, task):
        reason = f"members {told_range(task)}: a worker answered another request"
        raise EngineError(reason, missing)
    missing.remove(task)
    return answer.result
