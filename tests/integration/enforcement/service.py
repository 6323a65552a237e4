"""The service in this process, on a free port, and a channel to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc

from services.chassis.rpc.channel import open_channel
from services.chassis.rpc.server import GrpcServer
from services.chassis.service import Service
from services.contracts.enforcement.v1 import enforcement_pb2_grpc
from services.enforcement.app import build
from services.enforcement.settings import EnforcementSettings


def embedded_settings(**changes: Any) -> EnforcementSettings:
    """The embedded profile on free ports, without waiting for endpoints to notice a drain."""
    return EnforcementSettings.model_validate(
        {
            "profile": "embedded",
            "auth": {"mode": "off"},
            "grpc": {"address": "127.0.0.1:0"},
            "metrics": {"address": ""},
            "lifecycle": {"propagation_seconds": 0},
            **changes,
        }
    )


@asynccontextmanager
async def running(settings: EnforcementSettings) -> AsyncIterator[Service]:
    """Started and ready; drained and stopped at the end."""
    service = build(settings)
    await service.start()
    try:
        yield service
        await service.drain()
    finally:
        await service.stop()


@asynccontextmanager
async def stub_of(
    service: Service, *, api_key: str | None = None
) -> AsyncIterator[enforcement_pb2_grpc.EnforcementServiceAsyncStub]:
    assert isinstance(service.readiness, GrpcServer)
    channel: grpc.aio.Channel = open_channel(f"127.0.0.1:{service.readiness.port}", api_key=api_key)
    async with channel:
        yield enforcement_pb2_grpc.EnforcementServiceStub(channel)
