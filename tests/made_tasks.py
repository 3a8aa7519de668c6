"""Functions that worker processes are sent: what a task may do, and how it may fail."""

from __future__ import annotations

import os
import signal
import threading

from supplyline.engine.executors import Processes


def double(shared, members):
    """Give what is shared and the members, twice."""
    return shared, [2 * member for member in members]


def own_process(*_):
    """Tell who worked."""
    return os.getpid()


def fail(shared, members):
    """Fail at one member."""
    if shared in members:
        message = f"no {shared}"
        raise KeyError(message)
    return len(members)


def wait_later(_, members):
    """Tell who works on the first members; wait for ever on later ones."""
    if members.start > 0:
        threading.Event().wait()
    return os.getpid()


def be_killed(shared, members):
    """End the whole process at one member, as kill -9 does."""
    if shared in members:
        os.kill(os.getpid(), signal.SIGKILL)
    return len(members)


def do_and_be_killed(shared, members):
    """Do what another task does, and end with its result in hand."""
    function, own, member = shared
    result = function(own, members)
    if member in members:
        os.kill(os.getpid(), signal.SIGKILL)
    return result


class KilledAfterwards(Processes):
    """Processes of which one does the task of a member, and is killed then."""

    def __init__(self, workers, member):
        super().__init__(workers)
        self.member = member

    def map(self, function, shared, tasks):
        """Do tasks, and give each with its result as it is done."""
        return super().map(do_and_be_killed, (function, shared, self.member), tasks)


class OnlyHere:
    """What no other process can be sent."""

    def __reduce__(self):
        message = "cannot pickle 'OnlyHere' object"
        raise TypeError(message)


class NeedsTwoError(Exception):
    """What cannot be made again from its message alone."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


class HoldsLockError(Exception):
    """What cannot be sent to another process."""

    def __init__(self, message):
        super().__init__(message)
        self.lock = threading.Lock()


def sink(*_):
    """Call itself until Python gives up."""
    return sink()


def fail_in_two_words(*_):
    """Fail with an error that nobody can read."""
    raise NeedsTwoError(1, 2)


def fail_with_lock(*_):
    """Fail with an error that nobody can write."""
    message = "locked"
    raise HoldsLockError(message)
