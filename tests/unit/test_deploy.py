"""The manifests for Kubernetes: what they ask for holds together and is locked down."""

from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml", reason="comes with the extra docs")

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
MANIFESTS = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8")))
PODS = {
    manifest["spec"]["template"]["metadata"]["labels"]["part"]: manifest["spec"][
        "template"
    ]["spec"]
    for manifest in MANIFESTS
    if "template" in manifest["spec"]
}
CONTAINERS = {part: pod["containers"][0] for part, pod in PODS.items()}


def test_a_scheduler_workers_and_a_job_are_of_one_image():
    assert set(PODS) == {"scheduler", "worker", "job"}
    assert len({container["image"] for container in CONTAINERS.values()}) == 1


@pytest.mark.parametrize("part", PODS)
def test_a_pod_has_no_rights_it_does_not_need(part):
    pod, container = PODS[part], CONTAINERS[part]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] > 0
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


@pytest.mark.parametrize("part", PODS)
def test_a_pod_has_bounds(part):
    assert set(CONTAINERS[part]["resources"]["limits"]) == {"cpu", "memory"}
    for volume in PODS[part]["volumes"]:
        assert "sizeLimit" in volume.get("emptyDir", {"sizeLimit": None})


def test_nothing_is_secret():
    assert all(
        manifest["kind"] not in ("Secret", "ConfigMap") for manifest in MANIFESTS
    )
    assert all("env" not in container for container in CONTAINERS.values())


def test_only_pods_of_supplyline_come_in():
    (policy,) = (each for each in MANIFESTS if each["kind"] == "NetworkPolicy")
    ours = {"podSelector": {"matchLabels": {"app": "supplyline"}}}
    assert policy["spec"]["ingress"] == [{"from": [ours]}]
    assert policy["spec"]["podSelector"] == ours["podSelector"]
    assert all(each["metadata"]["labels"]["app"] == "supplyline" for each in MANIFESTS)


def test_workers_and_job_find_the_scheduler_and_the_runs():
    (service,) = (each for each in MANIFESTS if each["kind"] == "Service")
    port = service["spec"]["ports"][0]["port"]
    address = f"tcp://{service['metadata']['name']}:{port}"
    assert f"--port={port}" in CONTAINERS["scheduler"]["command"]
    assert address in CONTAINERS["worker"]["command"]
    assert f"--cluster={address}" in CONTAINERS["job"]["command"]
    assert {"name": "runs", "mountPath": "/runs"} in CONTAINERS["job"]["volumeMounts"]
    assert {"name": "runs", "mountPath": "/runs"} in CONTAINERS["worker"][
        "volumeMounts"
    ]


@pytest.mark.parametrize("part", ["scheduler", "worker"])
def test_pages_with_what_dask_does_are_for_the_pod_alone(part):
    command = CONTAINERS[part]["command"]
    (page,) = (each for each in command if each.startswith("--dashboard-address"))
    assert "=127.0.0.1:" in page
