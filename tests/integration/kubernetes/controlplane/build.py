"""Build kube-apiserver and etcd from their Go modules into the cache folder.

`python -m tests.integration.kubernetes.controlplane.build` builds ahead of the tests, which
otherwise build on first use. The cache is keyed by the hash of go.sum: what is pinned is what runs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.harness.cache import cache_folder

MODULE = Path(__file__).resolve().parent
CACHE = cache_folder("controlplane")
KUBERNETES_VERSION = "v1.36.3"

# gRPC tracing is left out because it keeps the linker from dropping unused methods.
_BUILD_TAGS = "selinux,notest,grpcnotrace"
_VERSION_PACKAGES = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")


class ControlPlaneBuildError(RuntimeError):
    """The Go toolchain is missing or refused to build; the message carries its output's end."""


@dataclass(frozen=True)
class ControlPlaneBinaries:
    """Where the built programs lie."""

    etcd: Path
    kube_apiserver: Path


def control_plane_binaries() -> ControlPlaneBinaries:
    """The programs for this go.sum, built now unless they are cached."""
    folder = CACHE / hashlib.sha256((MODULE / "go.sum").read_bytes()).hexdigest()[:16]
    if not folder.is_dir():
        _build_into(folder)
    return ControlPlaneBinaries(etcd=folder / "etcd", kube_apiserver=folder / "kube-apiserver")


def _build_into(folder: Path) -> None:
    """Build beside the final folder and rename, so that a broken build leaves nothing behind."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        _go_build("go.etcd.io/etcd/server/v3", staging / "etcd")
        _go_build("k8s.io/kubernetes/cmd/kube-apiserver", staging / "kube-apiserver")
        staging.rename(folder)
    except OSError:
        # Another run may have built the same in the meantime.
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _go_build(package: str, output: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise ControlPlaneBuildError("no `go` on PATH")
    command = [go, "build", "-mod=readonly", "-trimpath", "-tags", _BUILD_TAGS]
    command += ["-ldflags", _linker_flags(), "-o", str(output), package]
    built = subprocess.run(
        command,
        cwd=MODULE,
        env={**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local"},
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode != 0:
        raise ControlPlaneBuildError(f"{package} does not build: {built.stderr[-2000:]}")


def _linker_flags() -> str:
    """Stamp the version: an API server that does not know its own refuses feature gates."""
    major, minor, _ = KUBERNETES_VERSION.removeprefix("v").split(".")
    values = {"gitVersion": KUBERNETES_VERSION, "gitMajor": major, "gitMinor": minor}
    stamps = [f"-X {p}.{k}={v}" for p in _VERSION_PACKAGES for k, v in values.items()]
    return " ".join(["-s", "-w", *stamps])


if __name__ == "__main__":
    sys.stdout.write(f"{control_plane_binaries().etcd.parent}\n")
