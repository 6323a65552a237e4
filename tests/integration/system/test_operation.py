"""What an operator asks of each process: health by name, liveness, metrics, reflection."""

from __future__ import annotations

import asyncio
import urllib.request
from typing import Any, Final, cast

import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from services.demo.system import SERVICES, LocalSystem
from tests.integration.system.clients import TIMEOUT_SECONDS, Clients

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.parametrize("service", SERVICES)]

RPC_NAMES: Final = {
    "prompt_filter": "palisade.prompt_filter.v1.PromptFilterService",
    "image_classifier": "palisade.image_classifier.v1.ImageClassifierService",
    "joint_scorer": "palisade.joint_scorer.v1.JointScorerService",
    "media_scanner": "palisade.media_scanner.v1.MediaScannerService",
    "enforcement": "palisade.enforcement.v1.EnforcementService",
}


async def test_health_is_told_by_name(clients: Clients, service: str) -> None:
    health: Any = health_pb2_grpc.HealthStub(clients.channels[service])
    for name in ("", RPC_NAMES[service], "liveness"):
        answer = await health.Check(health_pb2.HealthCheckRequest(service=name), timeout=TIMEOUT_SECONDS)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING, name


async def test_metrics_are_scraped(system: LocalSystem, service: str) -> None:
    address = f"http://{system.addresses.metrics[service]}/metrics"
    page = await asyncio.to_thread(_get, address)
    assert f'palisade_build_info{{service="{service}"' in page
    for series in (
        "palisade_rpc_requests_total",
        "palisade_stage_events_total{",
        "process_cpu_seconds_total",
    ):
        assert series in page, series
    # No stage makes no progress.
    stalled = [line for line in page.splitlines() if line.startswith("palisade_stage_stalled{")]
    assert stalled
    assert all(line.endswith(" 0.0") for line in stalled)


async def test_reflection_names_the_service(clients: Clients, service: str) -> None:
    # The stubs know no asyncio here.
    stub: Any = reflection_pb2_grpc.ServerReflectionStub(cast("Any", clients.channels[service]))
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    answers = [answer async for answer in stub.ServerReflectionInfo(iter([request]), timeout=TIMEOUT_SECONDS)]
    named = {each.name for answer in answers for each in answer.list_services_response.service}
    assert RPC_NAMES[service] in named


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - loopback
        assert answer.status == 200
        content: bytes = answer.read()
        return content.decode()
