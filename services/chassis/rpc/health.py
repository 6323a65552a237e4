"""The standard health service: serving or not for each service, and liveness of the process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from services.chassis.clock import Clock

LIVENESS = "liveness"
"""Health name that says whether this process should be restarted; unlike readiness it survives a drain."""

SERVICE_NAME: str = health.SERVICE_NAME
_POLL_SECONDS = 1.0
_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class Health:
    """Answers grpc.health.v1.Health for the services, for "" (all of them) and for `liveness`."""

    def __init__(self, services: Sequence[str], *, liveness: Callable[[], bool], clock: Clock) -> None:
        self._names = ("", *services)
        self._liveness = liveness
        self._clock = clock
        self._servicer = health.aio.HealthServicer()
        self._statuses: dict[str, Any] = {}
        self._ended = asyncio.Event()
        self._poll: asyncio.Task[None] | None = None

    def register(self, server: grpc.aio.Server) -> None:
        """Serve health on this server too."""
        health_pb2_grpc.add_HealthServicer_to_server(cast("Any", self), server)

    async def start(self) -> None:
        """Not ready yet; alive as `liveness` says."""
        await self.set_ready(ready=False)
        await self._set_alive()
        self._poll = asyncio.create_task(self._follow_liveness())

    async def set_ready(self, *, ready: bool) -> None:
        for name in self._names:
            await self._set(name, serving=ready)

    def end_watches(self) -> None:
        """End every Watch: they are calls too, and a draining server waits for its calls."""
        self._ended.set()

    async def stop(self) -> None:
        self.end_watches()
        if self._poll is not None:
            self._poll.cancel()

    async def Check(self, request: Any, context: Any) -> Any:  # noqa: N802 - the proto's name
        return await self._servicer.Check(request, context)

    async def List(self, request: Any, context: Any) -> Any:  # noqa: N802 - the proto's name
        """Every name's status at once."""
        del request, context
        answers = {
            name: health_pb2.HealthCheckResponse(status=status) for name, status in self._statuses.items()
        }
        # Newer than the stubs.
        return cast("Any", health_pb2).HealthListResponse(statuses=answers)

    async def Watch(self, request: Any, context: Any) -> None:  # noqa: N802 - the proto's name
        """Stream the status until the caller leaves or the server drains."""
        watching = asyncio.ensure_future(self._servicer.Watch(request, context))
        ended = asyncio.ensure_future(self._ended.wait())
        try:
            await asyncio.wait({watching, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watching.cancel()
            ended.cancel()
        await context.abort(grpc.StatusCode.UNAVAILABLE, "the server is shutting down")

    async def _follow_liveness(self) -> None:
        while True:
            await self._clock.sleep(_POLL_SECONDS)
            await self._set_alive()

    async def _set_alive(self) -> None:
        await self._set(LIVENESS, serving=self._liveness())

    async def _set(self, name: str, *, serving: bool) -> None:
        self._statuses[name] = _SERVING if serving else _NOT_SERVING
        await self._servicer.set(name, self._statuses[name])
