"""Blocks of members: here, in threads, or wherever an executor sends them."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Block = TypeVar("Block")
Result = TypeVar("Result")

BLOCK_MEMBERS = 64
"""Members in one block, the unit of work."""


def blocks_of(members: int, size: int = BLOCK_MEMBERS) -> list[range]:
    """Cut an ensemble into blocks of members.

    Parameters
    ----------
    members : int
        Members of the ensemble.
    size : int, optional
        Members of a block.

    Returns
    -------
    blocks : list of range
        Members of each block.
    """
    starts = range(0, members, size)
    return [range(start, min(start + size, members)) for start in starts]


def map_blocks(
    function: Callable[[Block], Result],
    blocks: Sequence[Block],
    executor: Executor,
    progress: Callable[[int, int], None] | None = None,
) -> list[Result]:
    """Apply a function to every block, in any order, and return results in theirs.

    Parameters
    ----------
    function : callable
        Pure function of one block.
    blocks : sequence
        Blocks.
    executor : concurrent.futures.Executor
        Where the work is done.
    progress : callable, optional
        Called with blocks done and blocks in all.

    Returns
    -------
    results : list
        In the order of `blocks`.
    """
    futures = [executor.submit(function, block) for block in blocks]
    for done, future in enumerate(as_completed(futures), start=1):
        future.result()
        if progress is not None:
            progress(done, len(futures))
    return [future.result() for future in futures]


def threads(count: int) -> ThreadPoolExecutor:
    """Return an executor of threads; the kernels release the interpreter lock.

    Parameters
    ----------
    count : int
        Threads at work at once.

    Returns
    -------
    executor : ThreadPoolExecutor
        Shut down on leaving its context.
    """
    return ThreadPoolExecutor(max_workers=count, thread_name_prefix="supplyline")
