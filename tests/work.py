"""Count what a task does, which no busy machine changes, in place of its time."""

import sys
from itertools import count


def steps_of(task, *arguments):
    """Count the calls and returns, of Python and of C, that a task takes."""
    steps = count()
    sys.setprofile(lambda *_: next(steps))
    try:
        task(*arguments)
    finally:
        sys.setprofile(None)
    return next(steps)
