"""Functions that worker processes are sent: what a task may do, and how it may fail."""

from __future__ import annotations

import os
import signal
import threading


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
