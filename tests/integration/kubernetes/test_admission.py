"""What a real API server says to the manifests, and to manifests that are wrong."""

import copy
from typing import Any

import pytest

from tests.integration.kubernetes.kubectl import Kubectl, KubectlError
from tests.integration.kubernetes.manifests import K8S, OVERLAYS, Manifest, container, of_kind, render

pytestmark = pytest.mark.control_plane

SERVICES = {"prompt-filter", "image-classifier", "joint-scorer", "media-scanner", "enforcement"}


@pytest.fixture(scope="module")
def palisade(api_server: Kubectl) -> Kubectl:
    """An API server on which the base is applied."""
    api_server.apply_strictly("-k", str(K8S / "base"))
    return api_server


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_is_applied_strictly_and_without_a_warning(api_server: Kubectl, overlay: str) -> None:
    applied = api_server.apply_strictly("-k", str(K8S / overlay)).splitlines()

    assert len(applied) == len(render(overlay))
    stored = api_server.get("deployments", "--namespace", "palisade")["items"]
    images = {found["metadata"]["name"]: container(found)["image"] for found in stored}
    assert images.keys() == SERVICES
    assert all(
        images[name] == container(found)["image"] for name, found in of_kind(overlay, "Deployment").items()
    )


def test_a_misspelt_field_is_refused(palisade: Kubectl) -> None:
    wrong = _copy("Deployment", "prompt-filter")
    wrong["spec"]["replcas"] = 3

    with pytest.raises(KubectlError, match="replcas"):
        _try(palisade, wrong)


def test_an_autoscaler_whose_maximum_is_below_its_minimum_is_refused(palisade: Kubectl) -> None:
    wrong = _copy("HorizontalPodAutoscaler", "prompt-filter")
    wrong["spec"] |= {"minReplicas": 3, "maxReplicas": 2}

    with pytest.raises(KubectlError, match=r"spec\.maxReplicas"):
        _try(palisade, wrong)


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_a_services_pods_are_admitted_under_the_restricted_standard(palisade: Kubectl, service: str) -> None:
    _create(palisade, _pod(service))


def test_a_pod_that_runs_as_root_is_refused(palisade: Kubectl) -> None:
    pod = _pod("prompt-filter")
    pod["spec"]["securityContext"] |= {"runAsUser": 0, "runAsNonRoot": False}

    with pytest.raises(KubectlError, match=r"violates PodSecurity.*runAsNonRoot"):
        _create(palisade, pod)


@pytest.mark.parametrize(
    ("field", "value"),
    [("allowPrivilegeEscalation", True), ("capabilities", {}), ("seccompProfile", {"type": "Unconfined"})],
)
def test_a_container_with_a_restriction_loosened_is_refused(
    palisade: Kubectl, field: str, value: Any
) -> None:
    pod = _pod("prompt-filter")
    pod["spec"]["containers"][0]["securityContext"][field] = value

    with pytest.raises(KubectlError, match=f"violates PodSecurity.*{field}"):
        _create(palisade, pod)


def test_a_container_beyond_the_limit_range_is_refused(palisade: Kubectl) -> None:
    pod = _pod("prompt-filter")
    pod["spec"]["containers"][0]["resources"]["limits"]["memory"] = "9Gi"

    with pytest.raises(KubectlError, match="maximum memory usage per Container is 8Gi"):
        _create(palisade, pod)


def test_the_network_policies_are_accepted_though_nothing_here_enforces_them(palisade: Kubectl) -> None:
    stored = palisade.get("networkpolicies", "--namespace", "palisade")["items"]

    policies = {found["metadata"]["name"]: found["spec"] for found in stored}
    assert policies["default-deny"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert policies.keys() == of_kind("base", "NetworkPolicy").keys()


def _copy(kind: str, name: str) -> Manifest:
    return copy.deepcopy(of_kind("base", kind)[name])


def _pod(service: str) -> Manifest:
    """The pod that the service's Deployment would make."""
    template = _copy("Deployment", service)["spec"]["template"]
    metadata = {"name": f"{service}-0", "namespace": "palisade", **template["metadata"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def _try(api_server: Kubectl, manifest: Manifest) -> None:
    api_server.apply_strictly("--dry-run=server", "-f", "-", manifest=manifest)


def _create(api_server: Kubectl, pod: Manifest) -> None:
    api_server.run("create", "--dry-run=server", "--validate=strict", "-f", "-", manifest=pod)
