"""The files for containers and clusters: rendered by the real programs where these are there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from tests.deploy.proxy import TEMPLATE
from tests.serving import ROOT

DEPLOY = ROOT / "deploy"
OVERLAYS = ("single", "scaled")
SECRETS = {"POSTGRES_PASSWORD": "canary-1", "REDIS_PASSWORD": "canary-2", "RABBITMQ_PASSWORD": "canary-3"}
COMPOSE = shutil.which("docker-compose")
KUBECTL = shutil.which("kubectl")
WORKLOADS = ("Deployment", "StatefulSet")

needs_compose = pytest.mark.skipif(COMPOSE is None, reason="docker-compose is not installed")


def _kustomize() -> tuple[int, ...]:
    """Return the version of Kustomize in kubectl; nothing where there is none or it is too old to say."""
    if KUBECTL is None:
        return ()
    done = subprocess.run([KUBECTL, "version", "--client", "-o", "json"], capture_output=True, text=True)
    found = re.search(r'"kustomizeVersion": "v(\d+)\.(\d+)', done.stdout)
    return tuple(map(int, found.groups())) if found else ()


needs_kubectl = pytest.mark.skipif(
    _kustomize() < (4, 1), reason="kubectl with Kustomize 4.1 or newer is not installed"
)


def _compose(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(COMPOSE), "-f", "compose.yml", "config"],
        cwd=DEPLOY,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
    )


def _rendered(overlay: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [str(KUBECTL), "kustomize", str(DEPLOY / "kubernetes" / "overlays" / overlay)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [part for part in yaml.safe_load_all(done.stdout) if part]


def _of_kind(parts: list[dict[str, Any]], *kinds: str) -> dict[str, dict[str, Any]]:
    return {part["metadata"]["name"]: part for part in parts if part["kind"] in kinds}


@needs_compose
def test_compose_takes_the_file_and_gives_every_bot_its_addresses() -> None:
    done = _compose(TLS_FOLDER="/tls", **SECRETS)
    assert done.returncode == 0, done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    assert set(services) == {"bot", "actions", "proxy", "redis", "postgres", "rabbitmq"}
    settings = services["bot"]["environment"]
    assert "canary-1" in settings["DATABASE_URL"]
    assert "canary-2" in settings["REDIS_URL"]
    assert "canary-3" in settings["RABBITMQ_URL"]
    assert services["bot"]["deploy"]["replicas"] == 3
    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]


@needs_compose
@pytest.mark.parametrize("missing", SECRETS)
def test_compose_refuses_to_start_without_a_secret(missing: str) -> None:
    done = _compose(TLS_FOLDER="/tls", **{k: v for k, v in SECRETS.items() if k != missing})
    assert done.returncode != 0


@needs_kubectl
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_workload_has_probes_limits_and_no_rights(overlay: str) -> None:
    workloads = _of_kind(_rendered(overlay), *WORKLOADS)
    assert {"bot", "proxy"} <= workloads.keys()
    for name, workload in workloads.items():
        pod = workload["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"], name
        assert pod["automountServiceAccountToken"] is False, name
        for container in pod["containers"]:
            assert container["livenessProbe"], name
            assert container["readinessProbe"], name
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}, name
            assert container["resources"]["limits"]["memory"], name
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name
            assert not container["image"].endswith(":latest"), name


@needs_kubectl
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_budget_policy_and_service_means_pods_that_exist(overlay: str) -> None:
    parts = _rendered(overlay)
    labels = [w["spec"]["template"]["metadata"]["labels"] for w in _of_kind(parts, *WORKLOADS).values()]

    def exists(selector: dict[str, str]) -> bool:
        return any(selector.items() <= each.items() for each in labels)

    for part in parts:
        spec = part.get("spec", {})
        if part["kind"] == "Service":
            assert exists(spec["selector"]), part["metadata"]["name"]
        elif part["kind"] == "PodDisruptionBudget":
            assert exists(spec["selector"]["matchLabels"]), part["metadata"]["name"]
        elif part["kind"] == "NetworkPolicy":
            assert exists(spec["podSelector"].get("matchLabels", {})), part["metadata"]["name"]
    assert {"bot", "proxy"} <= _of_kind(parts, "PodDisruptionBudget").keys()
    assert {"nothing", "bot", "proxy"} <= _of_kind(parts, "NetworkPolicy").keys()


@needs_kubectl
def test_the_scaled_overlay_has_several_bots_and_the_single_one_needs_nothing_behind_it() -> None:
    scaled, single = _of_kind(_rendered("scaled"), *WORKLOADS), _of_kind(_rendered("single"), *WORKLOADS)
    assert scaled["bot"]["spec"]["replicas"] == 3
    assert scaled["actions"]["spec"]["replicas"] == 2
    assert {"redis", "postgres", "rabbitmq"} <= scaled.keys()
    assert single.keys() == {"bot", "proxy"}
    assert single["bot"]["spec"]["replicas"] == 1


@needs_kubectl
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_secret_is_in_what_is_rendered(overlay: str) -> None:
    parts = _rendered(overlay)
    assert _of_kind(parts, "Secret") == {}
    for workload in _of_kind(parts, *WORKLOADS).values():
        for container in workload["spec"]["template"]["spec"]["containers"]:
            for variable in container.get("env", []):
                if re.search("PASS|TOKEN|SECRET", variable["name"]):
                    assert "value" not in variable, variable["name"]


@needs_kubectl
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_everything_that_is_named_is_there(overlay: str) -> None:
    parts = _rendered(overlay)
    maps = _of_kind(parts, "ConfigMap").keys()
    text = yaml.safe_dump(_of_kind(parts, *WORKLOADS))
    named = re.findall(r"configMap(?:Ref)?:\s+name: (\S+)", text)
    assert named
    assert set(named) <= maps


def test_every_value_of_the_proxy_is_given_in_compose_and_on_the_cluster() -> None:
    wanted = set(re.findall(r"\$\{(\w+)\}", TEMPLATE.read_text("utf-8").partition("map $")[2]))
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text("utf-8"))["services"]["proxy"]["environment"]
    parts = yaml.safe_load_all((DEPLOY / "kubernetes" / "base" / "proxy.yaml").read_text("utf-8"))
    pod = next(part for part in parts if part["kind"] == "Deployment")["spec"]["template"]["spec"]
    assert wanted == compose.keys()
    assert wanted == {variable["name"] for variable in pod["containers"][0]["env"]}


def test_the_image_runs_as_nobody_and_takes_its_packages_by_hash() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER (?!0|root)\d+$", text, re.MULTILINE)
    assert text.rindex("USER ") < text.rindex("CMD ")
    assert "pip install" not in text
    assert "assistant/bootstrap.py train" in text, "which installs from requirements.txt by hash"
    assert ":latest" not in text
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    packages = re.findall(r"^\S+==\S+", lock, re.MULTILINE)
    assert len(packages) > 100
    assert lock.count("--hash=sha256:") >= len(packages)


def test_what_the_image_leaves_out_is_not_what_it_needs() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    needed = ("data", "baclofen", "assistant", "actions", "models", "config.yml", "requirements.txt")
    assert [name for name in needed if name in ignored] == []
    assert {".git", ".venv", "*.db"} <= set(ignored)
