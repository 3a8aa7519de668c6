"""A run in a folder that fails: the members it tells as missing are those it lacks."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

import supplyline as sl
from made_tasks import KilledAfterwards
from supplyline.engine import checkpoints, in_parts, tasks
from supplyline.engine.checkpoints import ENDING
from supplyline.engine.executors import Executor, Threads

PART, PARTS = 3, 8
MEMBERS = PART * PARTS


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Let a part have three members, and a task of a part two at most."""
    monkeypatch.setattr("supplyline.runs.parts.PART_MEMBERS", PART)
    monkeypatch.setattr(tasks, "TASK_MEMBERS", 2)


def into(folder, case, executor):
    return sl.simulate(
        case, days=0, members=MEMBERS, seed=7, folder=folder, executor=executor
    )


class Sharing(Threads):
    """Threads that write the parts themselves, as processes and clusters do."""

    def shares(self, _):
        return True


class Noting(Executor):
    """Does tasks one by one, and notes them."""

    words = "1 worker"
    workers = 1

    def __init__(self):
        self.tasks = []

    def close(self, *, is_done=True):
        pass

    def shares(self, _):
        return True

    def map(self, function, shared, tasks):
        for task in tasks:
            self.tasks.append(task)
            yield task, function(shared, task)


def told_members(error):
    """Read the members that an error names as missing."""
    words = re.search(r"; results are missing of members ([\d, to]+)$", str(error))[1]
    ends = [[int(end) for end in each.split(" to ")] for each in words.split(", ")]
    return list(chain.from_iterable(range(each[0], each[-1] + 1) for each in ends))


def assert_goes_on_with(told, parent, case):
    """Show that the next command simulates what was told, and has a whole run."""
    executor = Noting()

    into(parent, case, executor)

    assert list(chain.from_iterable(executor.tasks)) == told
    (folder,) = parent.iterdir()
    assert not folder.name.endswith(ENDING)
    assert sl.verify(folder)


def fail_together(monkeypatch, failing, error):
    """Let members fail while a task before and those after are under way."""
    one_before = threading.Semaphore(1)
    has_failed, simulate = threading.Event(), tasks.simulate_members

    def simulate_or_fail(world, members):
        if failing & set(members):
            has_failed.set()
            raise error
        if members.start > min(failing) or (
            members.stop > min(failing) - PART and one_before.acquire(blocking=False)
        ):
            assert has_failed.wait(120)
        return simulate(world, members)

    monkeypatch.setattr(in_parts, "simulate_members", simulate_or_fail)
    monkeypatch.setattr(tasks, "simulate_members", simulate_or_fail)


FAILURES = {
    "the first": {0},
    "the last": {MEMBERS - 1},
    "one in the middle": {10},
    "two at once": {9, 14},
    "two far apart": {4, 20},
    "all": set(range(MEMBERS)),
}


@pytest.mark.parametrize("failing", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("make", [Sharing, Threads])
@pytest.mark.parametrize("error", [ArithmeticError("no"), sl.EngineError("no")])
def test_members_told_as_missing_are_those_the_folder_lacks(
    toy, tmp_path, monkeypatch, failing, make, error
):
    with monkeypatch.context() as patch, make(2) as executor:
        fail_together(patch, failing, error)
        with pytest.raises(sl.EngineError) as told:
            into(tmp_path, toy, executor)
    members = told_members(told.value)

    assert failing & set(members)
    assert_goes_on_with(members, tmp_path, toy)


@pytest.mark.parametrize("member", [0, 10, MEMBERS - 1])
def test_a_part_that_a_killed_process_had_written_is_not_told_as_missing(
    toy, tmp_path, member
):
    with KilledAfterwards(1, member) as executor, pytest.raises(sl.EngineError) as told:
        into(tmp_path, toy, executor)
    members = told_members(told.value) if member < MEMBERS - 1 else []

    assert member not in members
    assert_goes_on_with(members, tmp_path, toy)


class Lost(Noting):
    """Is lost while a worker is still busy with the first task."""

    def __init__(self, workers, is_busy):
        super().__init__()
        self.workers_of, self.is_busy = workers, is_busy
        self.first = None

    def map(self, function, shared, tasks):
        self.first = self.workers_of.submit(function, shared, tasks[0])
        assert self.is_busy.wait(120)
        message = "lost"
        raise sl.ClusterError(message, set(tasks))
        yield


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize(
    ("module", "name"),
    [
        (in_parts, "simulate_members"),
        (checkpoints, "write_tables"),
    ],
)
def test_what_a_lost_worker_is_still_busy_with_never_comes_into_the_folder(
    toy, tmp_path, monkeypatch, module, name, is_after
):
    is_busy, goes_on, right = (
        threading.Event(),
        threading.Event(),
        getattr(module, name),
    )

    def wait(*given):
        result = right(*given) if is_after else None
        is_busy.set()
        assert goes_on.wait(120)
        return result if is_after else right(*given)

    with monkeypatch.context() as patch, ThreadPoolExecutor(1) as workers:
        patch.setattr(module, name, wait)
        executor = Lost(workers, is_busy)
        with pytest.raises(sl.ClusterError) as told:
            into(tmp_path, toy, executor)
        goes_on.set()
        late = executor.first.exception()
    members = told_members(told.value)

    assert isinstance(late, FileNotFoundError)
    assert members == list(range(MEMBERS))
    assert_goes_on_with(members, tmp_path, toy)
