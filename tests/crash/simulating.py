"""A process that simulates into a folder and dies at one of its dealings with files."""

import os
import signal
import sys
from itertools import count
from pathlib import Path

import supplyline as sl
from supplyline.runs import parts

MEMBERS = 8
EVENTS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}


def simulate(parent):
    """Simulate a run of three parts into a folder."""
    parts.PART_MEMBERS = 3
    case = sl.load_case("toy")
    sl.simulate(case, days=0, members=MEMBERS, seed=7, folder=parent)


def _at_each_moment(parent, act):
    """Do something with the number of each dealing with files below a folder."""
    moments = count()

    def pass_moment(event, arguments):
        if event in EVENTS and str(arguments[0]).startswith(parent):
            act(next(moments))

    sys.addaudithook(pass_moment)


def simulate_and_die(parent, moment):
    """Simulate, and end as by kill -9 before the next but so many dealings."""

    def die(number):
        if number == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    _at_each_moment(parent, die)
    simulate(Path(parent))


def simulate_and_count(parent, log):
    """Simulate, and note how many dealings there were."""
    numbers = []
    _at_each_moment(parent, numbers.append)
    simulate(Path(parent))
    Path(log).write_text(str(len(numbers)), encoding="ascii")
