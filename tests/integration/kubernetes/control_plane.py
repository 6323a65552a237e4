"""A kube-apiserver on its own etcd: it admits and stores, nothing runs."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from services.demo.ports import free_ports
from tests.harness.process import ServerFailedError, ServerProcess
from tests.integration.kubernetes.controlplane.build import ControlPlaneBinaries
from tests.integration.kubernetes.kubectl import Kubectl, KubectlError

_TOKEN = "token-of-one-test-run"
_STARTS_WITHIN_SECONDS = 120.0


@contextmanager
def control_plane(binaries: ControlPlaneBinaries, kubectl: Path, folder: Path) -> Iterator[Kubectl]:
    """Start both on free ports under `folder`; yield an administrator's kubectl; stop both for sure."""
    etcd_port, peer_port, api_port = free_ports(3)
    with ExitStack() as running:
        etcd = ServerProcess.start(
            "etcd", _etcd_command(binaries.etcd, folder, etcd_port, peer_port), log=folder / "etcd.log"
        )
        running.callback(etcd.stop)
        etcd.wait_for_line("ready to serve client requests", _STARTS_WITHIN_SECONDS)
        api_server = ServerProcess.start(
            "kube-apiserver",
            _api_server_command(binaries.kube_apiserver, folder, api_port, etcd_port),
            log=folder / "kube-apiserver.log",
        )
        running.callback(api_server.stop)
        client = Kubectl(kubectl, _kubeconfig(folder, api_port))
        _wait_until_ready(client, api_server)
        yield client


def _etcd_command(program: Path, folder: Path, client_port: int, peer_port: int) -> list[str]:
    client, peer = (f"http://127.0.0.1:{port}" for port in (client_port, peer_port))
    return [
        str(program),
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
        "--unsafe-no-fsync",
    ]


def _api_server_command(program: Path, folder: Path, port: int, etcd_port: int) -> list[str]:
    key = _service_account_key(folder)
    tokens = folder / "tokens.csv"
    tokens.write_text(f"{_TOKEN},administrator,administrator,system:masters\n")
    return [
        str(program),
        f"--etcd-servers=http://127.0.0.1:{etcd_port}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        f"--cert-dir={folder / 'certificates'}",
        f"--token-auth-file={tokens}",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction,PodSecurity",
        "--endpoint-reconciler-type=none",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={key}",
        f"--service-account-signing-key-file={key}",
    ]


def _service_account_key(folder: Path) -> Path:
    key = folder / "service-accounts.pem"
    key.write_bytes(
        rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    return key


def _kubeconfig(folder: Path, port: int) -> Path:
    """Trusts the certificate that the API server makes for itself at its start."""
    authority = str(folder / "certificates" / "apiserver.crt")
    path = folder / "kubeconfig"
    cluster = {"server": f"https://127.0.0.1:{port}", "certificate-authority": authority}
    context = {"cluster": "test", "user": "administrator"}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "test", "cluster": cluster}],
        "users": [{"name": "administrator", "user": {"token": _TOKEN}}],
        "contexts": [{"name": "test", "context": context}],
        "current-context": "test",
    }
    path.write_text(yaml.safe_dump(content))
    return path


def _wait_until_ready(client: Kubectl, api_server: ServerProcess) -> None:
    """Ask `/readyz`, which no log line stands for: it waits on the server's own start-up hooks."""
    api_server.wait_for_line("Serving securely", _STARTS_WITHIN_SECONDS)
    give_up = time.monotonic() + _STARTS_WITHIN_SECONDS
    while api_server.running and time.monotonic() < give_up:
        try:
            client.run("get", "--raw", "/readyz")
        except KubectlError:
            time.sleep(0.2)
        else:
            return
    raise ServerFailedError(api_server.name, "did not become ready", api_server.tail())
