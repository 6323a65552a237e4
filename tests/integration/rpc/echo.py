"""A service of bytes with one method of each kind, and a running server for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc

from services.chassis.clock import Clock, SystemClock
from services.chassis.metrics import Metrics
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.server import GrpcServer, RpcService
from services.chassis.settings import AuthSettings, GrpcSettings

NAME = "palisade.test.v1.EchoService"
KINDS = ("unary_unary", "unary_stream", "stream_unary", "stream_stream", "written_stream")


@dataclass
class Echo:
    """Answers with what it is sent; `serve` is what each handler does first."""

    serve: Callable[[], Awaitable[None]] = field(default=lambda: asyncio.sleep(0))
    calls: list[Call] = field(default_factory=list)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def begun(self, number: int) -> None:
        """Return when that many calls have reached their handler."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.calls) >= number)

    async def _begin(self) -> None:
        self.calls.append(current_call())
        async with self._changed:
            self._changed.notify_all()
        await self.serve()

    async def unary_unary(self, request: bytes, context: Any) -> bytes:
        await self._begin()
        return request

    async def unary_stream(self, request: bytes, context: Any) -> AsyncIterator[bytes]:
        await self._begin()
        for part in request.split(b","):
            yield part

    async def stream_unary(self, requests: AsyncIterator[bytes], context: Any) -> bytes:
        await self._begin()
        return b",".join([request async for request in requests])

    async def stream_stream(self, requests: AsyncIterator[bytes], context: Any) -> AsyncIterator[bytes]:
        await self._begin()
        async for request in requests:
            yield request

    async def written_stream(self, requests: AsyncIterator[bytes], context: Any) -> None:
        """The other way to stream: a coroutine that writes."""
        await self._begin()
        async for request in requests:
            await context.write(request)

    def register(self, server: grpc.aio.Server) -> None:
        handlers: dict[str, Any] = {
            "unary_unary": grpc.unary_unary_rpc_method_handler(self.unary_unary),
            "unary_stream": grpc.unary_stream_rpc_method_handler(self.unary_stream),
            "stream_unary": grpc.stream_unary_rpc_method_handler(self.stream_unary),
            "stream_stream": grpc.stream_stream_rpc_method_handler(self.stream_stream),
            "written_stream": grpc.stream_stream_rpc_method_handler(self.written_stream),
        }
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(NAME, handlers),))


@dataclass(frozen=True)
class Answer:
    """How a call ended, whatever its kind."""

    responses: tuple[bytes, ...]
    code: grpc.StatusCode
    details: str
    trailing: Mapping[str, str | bytes]


async def send(
    channel: grpc.aio.Channel,
    kind: str,
    *requests: bytes,
    metadata: tuple[tuple[str, str], ...] = (),
    timeout: float | None = 10,
    method: str | None = None,
) -> Answer:
    """Call one method of the echo service; a refusal is an answer too."""
    path = f"/{NAME}/{method or kind}"
    shape = "stream_stream" if kind == "written_stream" else kind
    request: Any = list(requests) if shape.startswith("stream") else b",".join(requests)
    call = getattr(channel, shape)(path)(request, metadata=metadata, timeout=timeout)
    responses: list[bytes] = []
    try:
        if shape.endswith("_stream"):
            async for response in call:
                responses.append(response)  # noqa: PERF401 - what came before a refusal must be kept
        else:
            responses.append(await call)
    except grpc.aio.AioRpcError:
        pass  # told by the code
    trailing = dict(await call.trailing_metadata())
    return Answer(tuple(responses), await call.code(), str(await call.details() or ""), trailing)


@dataclass(frozen=True)
class Running:
    """A started server, with a channel to it."""

    server: GrpcServer
    echo: Echo
    metrics: Metrics
    channel: grpc.aio.Channel

    async def counts(self, kind: str, code: grpc.StatusCode, expected: int) -> None:
        """Wait until so many calls of this kind are counted under this code.

        A refused caller may hear of it a moment before the handler that refuses has ended.
        """
        labels = {"method": f"/{NAME}/{kind}", "code": code.name}
        async with asyncio.timeout(5):
            value = self.metrics.registry.get_sample_value
            while value("palisade_rpc_requests_total", labels) != expected:
                await asyncio.sleep(0.001)


@asynccontextmanager
async def running(
    echo: Echo | None = None,
    *,
    auth: AuthSettings | None = None,
    clock: Clock | None = None,
    liveness: Callable[[], bool] = lambda: True,
    **settings: Any,
) -> AsyncIterator[Running]:
    """Serve the echo service on a free port, ready, until the block ends."""
    echo = echo or Echo()
    metrics = Metrics("test")
    server = GrpcServer(
        GrpcSettings(address="127.0.0.1:0", **settings),
        auth=auth or AuthSettings(mode="off"),
        services=[RpcService(NAME, echo.register)],
        metrics=metrics,
        clock=clock or SystemClock(),
        liveness=liveness,
    )
    await server.start()
    try:
        await server.ready()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            yield Running(server, echo, metrics, channel)
    finally:
        await server.stop()
