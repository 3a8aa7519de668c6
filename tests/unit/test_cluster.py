"""A Dask cluster as executor: same results, lost workers, and who is refused."""

import json
import logging
import os
import signal
import sys
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

import supplyline as sl
from made_tasks import be_killed, double, fail, own_process
from supplyline.cli import app
from supplyline.engine import cluster as module
from supplyline.engine import executors
from supplyline.engine.tasks import cut

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
def one_client():
    with local_cluster(2) as client:
        yield client


@pytest.fixture
def client(one_client):
    """Give two workers, whatever the test before left of them."""
    one_client.cluster.scale(2)
    one_client.wait_for_workers(2, timeout=120)
    return one_client


def results_of(answers):
    return [result for _, result in sorted(answers, key=lambda each: each[0].start)]


def kill_workers(client, count):
    """End workers at once, as a machine does that loses power."""
    for pid in list(client.run(os.getpid).values())[:count]:
        os.kill(pid, signal.SIGKILL)


EXPECTED = [("shared", [2 * member for member in task]) for task in TASKS]


def test_every_task_is_done_once_and_by_workers(client):
    with sl.cluster(client) as executor:
        assert executor.words == f"cluster {client.scheduler.address} (2 workers)"
        assert results_of(executor.map(double, "shared", TASKS)) == EXPECTED
        pids = {pid for _, pid in executor.map(own_process, None, TASKS)}
    assert pids <= set(client.run(os.getpid).values())
    assert client.status == "running"


def test_members_simulated_on_a_cluster_are_the_same_bits(client):
    """One of two workers is killed when a third is done."""
    toy = sl.load_case("toy")
    asked = {"scenario": "deal", "days": 10, "members": 320, "seed": 3}
    killed = []

    def kill_one(done, _):
        if done > 100 and not killed:
            killed.append(done)
            kill_workers(client, 1)

    here = sl.simulate(toy, **asked)  # first, so that the workers need not compile
    with sl.cluster(client) as executor:
        there = sl.simulate(toy, **asked, executor=executor, progress=kill_one)

    assert killed
    for name in here.tables:
        frames = [run.table(name).to_pandas() for run in (there, here)]
        assert frames[0].equals(frames[1]), name


def test_what_is_not_yet_asked_for_is_not_sent(client):
    with sl.cluster(client) as executor:
        answers = executor.map(double, "shared", TASKS)
        next(answers)
        tasks = client.run_on_scheduler(
            lambda dask_scheduler: len(dask_scheduler.tasks)
        )
        assert tasks <= 2 * 2 + 1  # and what they share


@pytest.mark.parametrize("killed", [1, 2])
@pytest.mark.parametrize("after", [1, 10])
def test_workers_killed_in_mid_run_change_nothing(client, killed, after):
    answers = []
    with sl.cluster(client) as executor:
        for answer in executor.map(double, "shared", TASKS):
            answers.append(answer)
            if len(answers) == after:
                kill_workers(client, killed)
    assert results_of(answers) == EXPECTED


@pytest.mark.parametrize("member", [100, 117, 199])
def test_a_task_that_fails_names_its_members(client, member):
    first = 100 + (member - 100) // 5 * 5
    text = (
        rf"^members {first} to {first + 4} failed: KeyError: 'no {member}'; results "
        r"are missing of members \d+ to \d+(, \d+ to \d+)*$"
    )
    with sl.cluster(client) as executor, pytest.raises(sl.EngineError, match=text):
        list(executor.map(fail, member, TASKS))


def test_a_task_that_ends_its_workers_is_told(client, monkeypatch):
    """The one before it may be with it on both workers, and be told in its place."""
    monkeypatch.setattr(client.cluster.scheduler, "allowed_failures", 1)
    text = (
        r"^members 11[05] to 11[49] were with 2 workers when these ended, the last tcp:"
    )
    with sl.cluster(client) as executor:
        with pytest.raises(sl.ClusterError, match=text):
            list(executor.map(be_killed, 117, TASKS))
        assert results_of(executor.map(double, "shared", TASKS)) == EXPECTED


def test_a_lost_scheduler_is_told_with_the_members_that_are_missing(monkeypatch):
    monkeypatch.setattr(module, "CONNECT_S", 2)
    answers = []

    def lose_the_scheduler(executor):
        for answer in executor.map(double, "shared", TASKS):
            answers.append(answer)
            if len(answers) == 3:
                client.cluster.close()

    with (
        local_cluster(1) as client,
        sl.cluster(client.scheduler.address) as executor,
        pytest.raises(sl.ClusterError) as told,
    ):
        lose_the_scheduler(executor)
    done = {task for task, _ in answers}
    reason = f"{executor.words.split()[1]} has no scheduler any more"
    assert str(told.value) == executors.lost_text(reason, set(TASKS) - done)


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
    "address", ["", "nonsense", "127.0.0.1", "http://127.0.0.1:8786", "tcp://host"]
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
    asked = ["simulate", "toy", "--days", "10", "--members", "128", "-q"]
    run = CliRunner().invoke

    there = run(app, [*asked, "-o", "there", "--cluster", address])
    here = run(app, [*asked, "-o", "here"])
    both = run(app, [*asked, "--cluster", address, "--threads", "1"])
    nobody = run(app, [*asked, "--cluster", "tcp://nobody"])

    assert (there.exit_code, here.exit_code) == (0, 0), there.output
    outputs = [
        json.loads(path.read_text())["outputs"]
        for path in sorted(tmp_path.glob("*/*/manifest.json"))
    ]
    assert len(outputs) == 2
    assert outputs[0] == outputs[1]
    assert both.exit_code == 2
    assert "--threads and --cluster are given" in both.output
    assert nobody.exit_code == 2
    assert nobody.output.startswith(
        "Error: cluster is 'tcp://nobody'; expected such as"
    )
