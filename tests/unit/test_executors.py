"""Executors: tasks done in threads and processes, and results that do not come back."""

import errno
import os
import subprocess
import sys
import time
import weakref
from concurrent.futures import Future
from pathlib import Path

import pytest

import supplyline as sl
from made_tasks import OnlyHere, be_killed, double, fail, own_process
from supplyline.engine import answers, executors
from supplyline.engine.tasks import cut, cut_tasks
from supplyline.errors import OutputError

MAKERS = [sl.threads, sl.processes]
TASKS = cut(range(100, 130), 5)


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("workers", [1, 2])
def test_every_task_is_done_once(make, workers):
    with make(workers) as executor:
        answers = list(executor.map(double, "shared", TASKS))

    assert sorted(task.start for task, _ in answers) == [task.start for task in TASKS]
    for task, result in answers:
        assert result == ("shared", [2 * member for member in task])


@pytest.mark.parametrize("make", MAKERS)
def test_workers_take_on_work_after_work(make):
    with make(1) as executor:
        for shared in ("one", "other", "one"):
            answers = executor.map(double, shared, TASKS)
            assert {result[0] for _, result in answers} == {shared}


def test_processes_are_others_and_end_with_the_executor():
    with sl.processes(2) as executor:
        known = {pid for _, pid in executor.map(own_process, None, TASKS)}

    assert os.getpid() not in known
    for pid in known:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_no_more_results_wait_than_are_under_way():
    """What is taken is freed; what is not asked for is not worked out."""
    alive = weakref.WeakSet()
    most = begun = 0

    class Result:
        pass

    def work(*_):
        nonlocal begun
        begun += 1
        alive.add(made := Result())
        return made

    with sl.threads(2) as executor:
        for _, result in executor.map(work, None, cut(range(400), 4)):
            del result
            time.sleep(0.001)
            most = max(most, len(alive))
        assert begun == 100
        assert most <= 2 * 2

        next(executor.map(work, None, cut(range(400), 4)))
    assert begun <= 100 + 2 * 2


@pytest.mark.parametrize("ended", [(0, 1, 2), (2, 0), (1, 2)])
def test_what_ended_meanwhile_is_taken_as_it_was_sent(ended):
    """Not in the order of a set, which differs from run to run."""
    for _ in range(50):
        futures = [Future() for _ in range(3)]
        under_way = dict(zip(futures, TASKS, strict=False))
        for number in ended:
            answer = answers.Answer("request", TASKS[number], number)
            futures[number].set_result(answer)

        task, _ = answers.take_next(under_way, "request", set(TASKS))

        assert task == TASKS[min(ended)]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("member", [100, 117, 129])
def test_a_task_that_fails_names_its_members(make, member):
    first = 100 + (member - 100) // 5 * 5
    text = (
        rf"^members {first} to {first + 4} failed: KeyError: 'no {member}'; "
        r"results are missing of members \d+ to \d+(, \d+ to \d+)*$"
    )
    with pytest.raises(sl.EngineError, match=text), make(1) as executor:
        list(executor.map(fail, member, TASKS))


@pytest.mark.parametrize("member", [100, 117, 129])
def test_a_killed_process_is_told_with_the_members_that_are_missing(member):
    first = 100 + (member - 100) // 5 * 5
    done = []
    with sl.processes(1) as executor:
        answers = executor.map(be_killed, member, TASKS)
        with pytest.raises(sl.EngineError) as told:
            done.extend(answers)
        # the same executor begins anew
        assert len(list(executor.map(be_killed, -1, TASKS))) == len(TASKS)

    # what was done last may be lost on its way: then it is missing as well
    came = [task.start for task, _ in done]
    assert came == list(range(100, first, 5))[: len(came)]
    assert str(told.value) == (
        "a worker process ended before its work was done; results are missing of "
        f"members {100 + 5 * len(came)} to 129"
    )


@pytest.mark.parametrize("what", ["function", "shared", "lambda", "local"])
def test_what_cannot_be_sent_to_a_process_is_told(what):
    def local(_, members):
        return len(members)

    function = {"lambda": lambda _, members: len(members), "local": local}.get(
        what, OnlyHere() if what == "function" else double
    )
    shared = OnlyHere() if what == "shared" else None
    with (
        pytest.raises(TypeError, match=r"^what is given cannot be sent to 1 process: "),
        sl.processes(1) as executor,
    ):
        list(executor.map(function, shared, TASKS))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_what_cannot_be_written_for_processes_is_told_with_its_place(
    monkeypatch, number
):
    def fail(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", fail)
    text = rf"supplyline-\w+.work-\w+ cannot be written: {os.strerror(number)}$"
    with pytest.raises(OutputError, match=text), sl.processes(1) as executor:
        list(executor.map(double, None, TASKS))


def test_what_a_process_cannot_find_is_told(tmp_path):
    """A function typed into a session has no module that a process could import."""
    code = (
        "import supplyline as sl\n"
        "def typed(_, members): return 1\n"
        "try:\n"
        "    with sl.processes(1) as executor:\n"
        "        list(executor.map(typed, None, [range(2)]))\n"
        "except sl.EngineError as error: print(error)\n"
    )
    told = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True,
        check=True, timeout=300,
    ).stdout  # fmt: skip

    assert told.startswith("a worker process cannot find what it is sent: ")
    assert "typed" in told


def test_a_worker_of_other_code_is_refused():
    work = executors.Work("0.0.1, code of old", "request", double, None)

    with pytest.raises(sl.EngineError, match=r"^a worker has supplyline .*0\.0\.1"):
        executors.do_task(work, range(2))
    assert executors.do_task(work._replace(code=executors.code_id()), range(2))


@pytest.mark.parametrize("wrong", ["request", "task"])
def test_an_answer_to_another_request_is_refused(monkeypatch, wrong):
    right = executors.do_task

    def answer(work, task):
        other = {"request": "old", "task": range(5)}
        return right(work, task)._replace(**{wrong: other[wrong]})

    monkeypatch.setattr(executors, "do_task", answer)
    text = (
        r"^members 100 to 104: a worker answered another request; results are missing"
    )
    with pytest.raises(sl.EngineError, match=text), sl.threads(1) as executor:
        list(executor.map(double, None, TASKS))


@pytest.mark.parametrize("way", ["file", "stdin", "broken import"])
def test_a_script_that_workers_cannot_read_is_told(tmp_path, way):
    code = (
        "import supplyline as sl\n"
        "from made_tasks import double\n"
        "with sl.processes(1) as executor:\n"
        "    print(list(executor.map(double, None, [range(2)])))\n"
    )
    if way == "broken import":
        guard = "import sys\nif __name__ != '__main__': sys.exit(3)\n"
        code = guard + code
    script = tmp_path / "script.py"
    script.write_text(code)
    file = [] if way == "stdin" else [str(script)]
    told = run_python(*file, code=code).stderr

    expected = "EngineError: no worker process could begin: a script that asks for proc"
    assert expected in told.splitlines()[-1]
    assert told.endswith("; results are missing of members 0 to 1\n")


@pytest.mark.parametrize("how", ["Ctrl-C", "error", "killed worker"])
def test_processes_end_at_once_and_leave_nothing_when_not_all_is_done(tmp_path, how):
    """Tasks that would wait for ever do not; Python tells of no lock that leaks."""
    action = {
        "Ctrl-C": "os.kill(os.getpid(), signal.SIGINT)",
        "error": "raise sl.EngineError('mine')",
        "killed worker": "os.kill(pid, signal.SIGKILL)",
    }[how]
    script = tmp_path / "script.py"
    script.write_text(
        "import os, signal, supplyline as sl\n"
        "from made_tasks import wait_later\n"
        "from supplyline.cli.speech import end_now\n"
        "def work():\n"
        "    with sl.processes(2) as executor:\n"
        "        tasks = [range(n, n + 1) for n in range(9)]\n"
        "        for _, pid in executor.map(wait_later, None, tasks):\n"
        f"            {action}\n"
        "if __name__ == '__main__':\n"
        "    try: work()\n"
        "    except (KeyboardInterrupt, sl.EngineError) as error: print(repr(error))\n"
        "    end_now(0)\n"
    )
    told = run_python(str(script))

    assert told.stdout.startswith(("KeyboardInterrupt", "EngineError"))
    assert not told.stderr


def run_python(*arguments, code=None):
    """Run a script of its own, which finds what tests are made of."""
    tests = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120 - for the path
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments], input=code, capture_output=True, text=True,
        check=False, env={**os.environ, "PYTHONPATH": tests}, timeout=300,
    )  # fmt: skip


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGHUP", "_exit"])
def test_processes_end_with_a_caller_that_ends_and_clear_up(tmp_path, monkeypatch, how):
    end = "os._exit(3)" if how == "_exit" else f"os.kill(os.getpid(), signal.{how})"
    code = (
        "import os, signal, supplyline as sl\n"
        "from made_tasks import own_process\n"
        "executor = sl.processes(1)\n"
        "for _, pid in executor.map(own_process, None, [range(2)]): pass\n"
        "print(pid, flush=True)\n"
        f"{end}\n"
    )
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    pid = int(run_python("-c", code).stdout)
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            assert not list(tmp_path.glob("supplyline-*"))
            return
        time.sleep(0.1)
    pytest.fail(f"process {pid} is still there")


@pytest.mark.parametrize("members", [1, 2, 63, 64, 65, 500, 2000, 2001, 100_000])
@pytest.mark.parametrize("workers", [1, 2, 3, 64])
def test_tasks_are_large_but_leave_work_for_all(members, workers):
    whole = range(7, 7 + members)

    [tasks] = cut_tasks([whole], workers)

    assert [member for task in tasks for member in task] == list(whole)
    sizes = {len(task) for task in tasks[:-1]}
    assert sizes <= {64, 128, 256, 512}
    assert len(sizes) <= 1
    assert len(tasks) >= min(3 * workers, -(-members // 64))


@pytest.mark.parametrize(("workers", "count"), [(1, 4), (2, 8), (3, 16), (64, 32)])
def test_parts_are_cut_no_finer_than_one_whole(workers, count):
    """What is drawn for a task costs as much as many of its members."""
    parts = [range(1024), range(1024, 2000)]

    tasks = cut_tasks(parts, workers)

    for part, own in zip(parts, tasks, strict=True):
        assert [member for task in own for member in task] == list(part)
    assert sum(map(len, tasks)) == count == len(cut_tasks([range(2000)], workers)[0])


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ([range(5)], "0 to 4"),
        ([range(5, 9), range(5)], "0 to 8"),
        ([range(2000, 2001), range(5)], "0 to 4, 2,000"),
        ([range(10, 20), range(30, 40), range(20, 30)], "10 to 39"),
    ],
)
def test_missing_members_are_told_in_stretches(missing, words):
    assert str(sl.EngineError("why", set(missing))).endswith(f" of members {words}")


@pytest.mark.parametrize(("count", "words"), [(1, "1 thread"), (2, "2 threads")])
def test_an_executor_says_what_it_is(count, words):
    assert sl.threads(count).words == words
    assert sl.processes(count).words == words.replace("thread", "process").replace(
        "processs", "processes"
    )
