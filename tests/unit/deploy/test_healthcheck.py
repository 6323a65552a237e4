"""The image's HEALTHCHECK against a real health service."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from tests.unit.deploy.containerfile import ROOT


def check(address: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "deploy" / "healthcheck.py"],
        env={**os.environ, "PALISADE_GRPC__HEALTH_ADDRESS": address},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def servicer() -> health.HealthServicer:
    return health.HealthServicer()


@pytest.fixture
def port(servicer: health.HealthServicer) -> Iterator[int]:
    server = grpc.server(ThreadPoolExecutor(max_workers=1))
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield port
    server.stop(None).wait()


def test_serving_is_healthy(port: int) -> None:
    assert check(f"0.0.0.0:{port}").returncode == 0


def test_not_serving_is_not(port: int, servicer: health.HealthServicer) -> None:
    servicer.set("", health_pb2.HealthCheckResponse.NOT_SERVING)

    assert check(f"127.0.0.1:{port}").returncode == 1


def test_nobody_listening_is_not_healthy() -> None:
    assert check("127.0.0.1:1").returncode == 1


def test_no_health_address_is_not_healthy() -> None:
    ran = check("")

    assert ran.returncode == 1
    assert "PALISADE_GRPC__HEALTH_ADDRESS is not set" in ran.stderr
