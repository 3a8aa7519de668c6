# ruff: noqa: PD011 - Summaries have values too
"""A Dask cluster as executor: same results, lost workers, and who is refused."""

import json
import logging
import os
import signal
import sys
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import supplyline as sl
from made_tasks import (
    be_killed,
    double,
    fail,
    fail_in_two_words,
    fail_with_lock,
    own_process,
    sink,
)
from supplyline.cli import app
from supplyline.engine import cluster as module
from supplyline.engine import executors, in_parts
from supplyline.engine.tasks import cut
from supplyline.runs import fresh_luck, parts

distributed = pytest.importorskip(
    "distributed", reason="the extra cluster is not installed"
)

TASKS = cut(range(100, 200), 5)


@contextmanager
def local_cluster(workers, **settings):
    """Give workers that listen on this machine alone, and a client of theirs."""
    distributed_log = logging.getLogger("distributed")
    level = distributed_log.level
    with (
        distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, host="127.0.0.1",
            dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL, **settings,
        ) as made,
        distributed.Client(made, set_as_default=False) as client,
    ):  # fmt: skip
        distributed_log.setLevel(logging.CRITICAL)
        yield client
    distributed_log.setLevel(level)


@pytest.fixture(scope="module")
def client():
    """Give two workers; tests that end any stand last, as others come when they may."""
    with local_cluster(2) as client:
        yield client


@pytest.fixture(scope="module")
def toy():
    return sl.load_case("toy")


def results_of(answers):
    return [result for _, result in sorted(answers, key=lambda each: each[0].start)]


EXPECTED = [("shared", [2 * member for member in task]) for task in TASKS]


def test_every_task_is_done_once_and_by_workers(client):
    with sl.cluster(client) as executor:
        assert executor.words == f"cluster {client.scheduler.address} (2 workers)"
        assert results_of(executor.map(double, "shared", TASKS)) == EXPECTED
        pids = {pid for _, pid in executor.map(own_process, None, TASKS)}
    assert pids <= set(client.run(os.getpid).values())
    assert client.status == "running"


@pytest.mark.parametrize("size_mb", [1, 11, 40])
def test_what_tasks_share_may_be_large(client, recwarn, size_mb):
    """Dask warns of ten megabytes: that is said to nobody, as it is sent once."""
    shared = os.urandom(size_mb * 10**6)
    with sl.cluster(client) as executor:
        results = results_of(executor.map(double, shared, TASKS[:1]))

    assert results[0][0] == shared
    assert not [str(each.message) for each in recwarn if "large" in str(each.message)]


ASKED = {"scenario": "deal", "days": 10, "members": 80, "seed": 3}


def deliveries(run):
    return run.daily["trucks_delivered"].to_pandas()


@pytest.mark.parametrize("kind", ["plain", "lineage"])
def test_members_simulated_on_a_cluster_are_the_same_bits(client, toy, kind):
    asked = ASKED
    if kind == "lineage":
        moved = pd.DataFrame({"truck_kl": np.linspace(20, 40, 80)})
        shared, fresh = np.arange(80) // 2, fresh_luck(0, 80)
        stretches = [sl.Stretch(0, shared), sl.Stretch(40, fresh, moved)]
        asked = ASKED | {"members": None, "lineage": sl.Lineage(stretches)}
    here = sl.simulate(toy, **asked)
    here_alone = sl.simulate_summaries(toy, {"deliveries": deliveries}, **asked)
    with sl.cluster(client) as executor:
        there = sl.simulate(toy, **asked, executor=executor)
        there_alone = sl.simulate_summaries(
            toy, {"deliveries": deliveries}, **asked, executor=executor
        )

    for name in here.tables:
        frames = [run.table(name).to_pandas() for run in (there, here)]
        assert frames[0].equals(frames[1]), name  # where values are missing too
    assert there_alone.values["deliveries"].equals(here_alone.values["deliveries"])


def hidden_on_one(client):
    """Make one of two workers see nothing of this machine's files, until called."""
    worker = list(client.nthreads())[:1]

    def hide():
        module.seen, module.sees = module.sees, lambda *_: False

    def show():
        module.sees = module.seen

    client.run(hide, workers=worker)
    return lambda: client.run(show, workers=worker)


@pytest.mark.parametrize("is_shared", [True, False])
def test_workers_write_the_parts_where_all_see_the_folder(
    client, toy, tmp_path, monkeypatch, is_shared
):
    monkeypatch.setattr(parts, "PART_MEMBERS", 16)
    written = []
    monkeypatch.setattr(in_parts, "write_part", spied(in_parts.write_part, written))
    sl.simulate(toy, **ASKED, folder=tmp_path / "here")
    assert len(written) == 5

    show = None if is_shared else hidden_on_one(client)
    try:
        with sl.cluster(client) as executor:
            assert executor.shares(tmp_path) is is_shared
            sl.simulate(toy, **ASKED, folder=tmp_path / "there", executor=executor)
    finally:
        if show is not None:
            show()

    assert len(written) == (5 if is_shared else 10)
    here, there = written_outputs(tmp_path)
    assert there == here
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "there"]


def written_outputs(folder):
    """Give what each manifest says of its files, in the order of the folders' names."""
    return [
        json.loads(path.read_text())["outputs"]
        for path in sorted(folder.glob("*/*/manifest.json"))
    ]


def spied(function, calls):
    """Note each call of a function in this process."""

    def noted(*arguments):
        calls.append(arguments)
        return function(*arguments)

    return noted


def test_what_is_not_yet_asked_for_is_not_sent(client):
    with sl.cluster(client) as executor:
        answers = executor.map(double, "shared", TASKS)
        next(answers)
        tasks = client.run_on_scheduler(
            lambda dask_scheduler: len(dask_scheduler.tasks)
        )
        assert tasks <= 2 * 2 + 1  # and what they share


@pytest.mark.parametrize("member", [100, 117])
def test_a_task_that_fails_names_its_members(client, member):
    first = 100 + (member - 100) // 5 * 5
    text = (
        rf"^members {first} to {first + 4} failed: KeyError: 'no {member}'; results "
        r"are missing of members \d+ to \d+(, \d+ to \d+)*$"
    )
    with sl.cluster(client) as executor, pytest.raises(sl.EngineError, match=text):
        list(executor.map(fail, member, TASKS))


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (sink, "RecursionError: maximum recursion depth exceeded"),
        (fail_in_two_words, "NeedsTwoError: 1 and 2"),
        (fail_with_lock, r"Exception: HoldsLockError\('locked'\)"),
    ],
)
def test_an_error_that_cannot_be_sent_is_told_all_the_same(client, function, text):
    pattern = rf"^members 1\d\d to 1\d\d failed: {text}.*; results are missing"
    with sl.cluster(client) as executor, pytest.raises(sl.EngineError, match=pattern):
        list(executor.map(function, None, TASKS))


def test_a_lost_scheduler_is_told_with_the_members_that_are_missing(monkeypatch):
    monkeypatch.setattr(module, "CONNECT_S", 2)
    answers = []

    def lose_the_scheduler(executor):
        for answer in executor.map(double, "shared", TASKS):
            answers.append(answer)
            if len(answers) == 3:
                client.cluster.close()

    with (
        local_cluster(1, processes=False, protocol="tcp://") as client,
        sl.cluster(client.scheduler.address) as executor,
        pytest.raises(sl.ClusterError) as told,
    ):
        lose_the_scheduler(executor)
    done = {task for task, _ in answers}
    reason = f"{executor.words.split()[1]} has no scheduler any more"
    assert str(told.value) == str(sl.EngineError(reason, set(TASKS) - done))


def test_workers_with_other_software_are_refused(client, monkeypatch):
    there = module.code_id()
    monkeypatch.setattr(module, "code_id", lambda: "0.0.1, code old")
    monkeypatch.setattr(
        module.platform, "python_version_tuple", lambda: ["2", "7", "18"]
    )
    with pytest.raises(sl.ClusterError) as told:
        sl.cluster(client)
    who = ", ".join(client.nthreads())
    python = ".".join(map(str, sys.version_info[:2]))
    assert str(told.value).splitlines() == [
        f"{client.scheduler.address} has other software than this process",
        f"  {who}: supplyline {there}; expected 0.0.1, code old",
        f"  {who}: Python {python}; expected 2.7",
    ]


def test_a_worker_without_supplyline_is_refused(client):
    def hide():
        sys.modules["supplyline.engine.cluster"] = None

    def show():
        del sys.modules["supplyline.engine.cluster"]

    worker = list(client.nthreads())[:1]
    client.run(hide, workers=worker)
    try:
        with pytest.raises(sl.ClusterError, match="cannot load this supplyline"):
            sl.cluster(client)
    finally:
        client.run(show, workers=worker)


def test_a_worker_that_comes_late_with_other_software_refuses():
    work = executors.Work(executors.code_id(), "request", double, None)
    asker = {**module.software(), "numpy": "1.0"}
    with pytest.raises(sl.ClusterError, match=r"numpy 1\.0; expected 2"):
        module.do_there(asker, work, range(2))


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "127.0.0.1", "http://127.0.0.1:8786", "tcp://host", 3, None, [1]],
)
def test_what_is_no_address_is_told(address):
    with pytest.raises(sl.ClusterError, match=r"; expected such as tcp://127\.0\.0\.1"):
        sl.cluster(address)


def test_an_address_that_asks_for_certificates_is_told():
    with pytest.raises(sl.ClusterError, match=r"^tls://127\S+ asks for certificates; "):
        sl.cluster("tls://127.0.0.1:8786")


def test_nobody_at_an_address_is_told(monkeypatch):
    monkeypatch.setattr(module, "CONNECT_S", 1)
    with pytest.raises(sl.ClusterError, match=r"^no scheduler answers at tcp://127"):
        sl.cluster("tcp://127.0.0.1:1")


def test_a_cluster_without_workers_is_told(monkeypatch):
    monkeypatch.setattr(module, "WAIT_S", 1)
    with (
        local_cluster(0) as client,
        pytest.raises(sl.ClusterError, match=r"has had no worker for 1 s$"),
    ):
        sl.cluster(client)


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(sl.MissingExtraError, match=r"supplyline\[cluster\]"):
        sl.cluster("tcp://127.0.0.1:8786")


def test_the_command_line_takes_one_kind_of_workers(client, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    address = client.scheduler.address
    asked = ["simulate", "toy", "--days", "10", "--members", "64", "-q"]
    run = CliRunner().invoke

    here = run(
        app, [*asked, "-o", "here"]
    )  # first, so that the workers need not compile
    there = run(app, [*asked, "-o", "there", "--cluster", address])
    both = run(app, [*asked, "--cluster", address, "--threads", "1"])
    nobody = run(app, [*asked, "--cluster", "tcp://nobody"])

    assert (there.exit_code, here.exit_code) == (0, 0), there.output
    outputs = written_outputs(tmp_path)
    assert len(outputs) == 2
    assert outputs[0] == outputs[1]
    assert both.exit_code == 2
    assert "--threads and --cluster are given" in both.output
    assert nobody.exit_code == 2
    assert nobody.output.startswith(
        "Error: cluster is 'tcp://nobody'; expected such as"
    )


@pytest.mark.parametrize("count", [1, 2])
def test_workers_killed_in_mid_run_change_nothing(client, monkeypatch, count):
    monkeypatch.setattr(module, "WAIT_S", 600)  # a busy machine begins them slowly
    answers = []
    with sl.cluster(client) as executor:
        for answer in executor.map(double, "shared", TASKS):
            answers.append(answer)
            if len(answers) == 5:
                for pid in list(client.run(os.getpid).values())[:count]:
                    os.kill(pid, signal.SIGKILL)
    assert results_of(answers) == EXPECTED


def test_a_task_that_ends_its_workers_is_told(client, monkeypatch):
    """Another may be with it on its worker, and be told in its place."""
    monkeypatch.setattr(module, "WAIT_S", 600)
    monkeypatch.setattr(client.cluster.scheduler, "allowed_failures", 0)
    text = r"^members 1\d\d to 1\d\d lost each worker that took them, the last tcp:"
    with (
        sl.cluster(client) as executor,
        pytest.raises(sl.ClusterError, match=text),
    ):
        list(executor.map(be_killed, 117, TASKS))
