"""Health, liveness and reflection as probes and tools see them."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from services.chassis.clock import ManualClock
from services.chassis.errors import UnavailableError
from services.chassis.metrics import Metrics
from services.chassis.rpc.server import GrpcServer
from services.chassis.settings import AuthSettings, GrpcSettings
from tests.integration.rpc.echo import NAME, Running, running, send

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


def _health(channel: grpc.aio.Channel) -> Any:
    """The client; Any because its stubs know neither its methods nor asyncio."""
    return health_pb2_grpc.HealthStub(channel)


async def _status(channel: grpc.aio.Channel, service: str) -> Any:
    request = health_pb2.HealthCheckRequest(service=service)
    return (await _health(channel).Check(request, timeout=5)).status


@pytest.mark.parametrize("service", ["", NAME])
async def test_services_are_serving_between_ready_and_not_ready(service: str) -> None:
    async with running() as it:
        assert await _status(it.channel, service) == SERVING
        await it.server.not_ready()
        assert await _status(it.channel, service) == NOT_SERVING
        assert await _status(it.channel, "liveness") == SERVING


async def test_a_started_server_is_not_ready_by_itself() -> None:
    server = GrpcServer(
        GrpcSettings(address="127.0.0.1:0"),
        auth=AuthSettings(mode="off"),
        services=[],
        metrics=Metrics("test"),
        clock=ManualClock(),
    )
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        assert await _status(channel, "") == NOT_SERVING
    await server.stop()


async def test_liveness_follows_its_source() -> None:
    clock = ManualClock()
    alive = True
    async with running(clock=clock, liveness=lambda: alive) as it:
        assert await _status(it.channel, "liveness") == SERVING
        alive = False
        await clock.advance(1.5)
        assert await _status(it.channel, "liveness") == NOT_SERVING
        assert await _status(it.channel, "") == SERVING


async def test_an_unknown_service_is_not_found() -> None:
    async with running() as it:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await _status(it.channel, "nobody")
    assert refused.value.code() is grpc.StatusCode.NOT_FOUND


async def test_every_name_is_listed() -> None:
    async with running() as it:
        answer = await _health(it.channel).List(cast("Any", health_pb2).HealthListRequest(), timeout=5)
    assert {name: one.status for name, one in answer.statuses.items()} == dict.fromkeys(
        ("", NAME, "liveness"), SERVING
    )


async def test_a_watch_sees_the_change_and_does_not_hold_up_the_drain() -> None:
    async with running() as it:
        watch = _health(it.channel).Watch(health_pb2.HealthCheckRequest(service=""))
        assert (await watch.read()).status == SERVING
        await it.server.not_ready()
        assert (await watch.read()).status == NOT_SERVING
        async with asyncio.timeout(5):
            await it.server.drain()
        assert await watch.code() is grpc.StatusCode.UNAVAILABLE


async def test_the_health_address_serves_health_only_and_outlives_the_drain() -> None:
    async with (
        running(health_address="127.0.0.1:0") as it,
        grpc.aio.insecure_channel(f"127.0.0.1:{it.server.health_port}") as probes,
    ):
        assert await _status(probes, NAME) == SERVING
        assert (await send(probes, "unary_unary")).code is grpc.StatusCode.UNIMPLEMENTED
        await it.server.not_ready()
        await it.server.drain()
        assert await _status(probes, NAME) == NOT_SERVING
        assert await _status(probes, "liveness") == SERVING


async def test_health_needs_no_key(tmp_path: Any) -> None:
    (tmp_path / "keys.json").write_text('{"keys": []}')
    async with running(auth=AuthSettings(keys_file=tmp_path / "keys.json")) as it:
        assert await _status(it.channel, "") == SERVING


async def _services(it: Running) -> set[str]:
    stub: Any = cast("Any", reflection_pb2_grpc).ServerReflectionStub(it.channel)
    asked = reflection_pb2.ServerReflectionRequest(list_services="")
    async for answer in stub.ServerReflectionInfo(iter([asked]), timeout=5):
        return {service.name for service in answer.list_services_response.service}
    return set()


async def test_reflection_is_there_when_wanted() -> None:
    async with running(reflection=True) as it:
        assert NAME in await _services(it)
    async with running(reflection=False) as it:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await _services(it)
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_port_in_use_fails_the_start_by_name() -> None:
    async with running() as it:
        second = GrpcServer(
            GrpcSettings(address=f"127.0.0.1:{it.server.port}"),
            auth=AuthSettings(mode="off"),
            services=[],
            metrics=Metrics("test"),
            clock=ManualClock(),
        )
        with pytest.raises(UnavailableError, match="cannot listen on"):
            await second.start()
        await second.stop()
