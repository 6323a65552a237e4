"""Upload throughput: megabytes received for each CPU second of the server.

Three servers in processes of their own receive the same streams, in turn, several times:
`checked` is the chassis' server with `receive_upload` (size, SHA-256, budget, all interceptors);
`counting`, the control, is a bare grpc.aio server whose handler only counts bytes; `hashing`
counts and takes the SHA-256, which no receiver that checks can do without.

    python -m loadtests.upload [--megabytes 64] [--rounds 5] [--chunks 64 128 256]
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import multiprocessing
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any, cast

import grpc
import uvloop

from services.chassis.clock import SystemClock
from services.chassis.metrics import Metrics
from services.chassis.rpc.server import GrpcServer, RpcService
from services.chassis.rpc.uploads import ByteBudget, UploadLimits, receive_upload
from services.chassis.settings import AuthSettings, GrpcSettings
from services.contracts.media_scanner.v1 import media_scanner_pb2 as pb
from services.contracts.media_scanner.v1 import media_scanner_pb2_grpc as rpc

NAME = "palisade.media_scanner.v1.MediaScannerService"
UPLOAD_BYTES = 4 * 1024 * 1024
KIBI, MEGA = 1024, 1_000_000

Receive = Callable[[AsyncIterator[pb.ScanMediaRequest]], Awaitable[None]]


class Receiver:
    """Receives by `receive` and answers empty."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    async def ScanMedia(self, requests: Any, context: Any) -> pb.ScanMediaResponse:  # noqa: N802
        """One upload."""
        del context
        await self._receive(requests)
        return pb.ScanMediaResponse()

    ScanObject = ScanMedia  # never called; gRPC asks that it is there

    def register(self, server: grpc.aio.Server) -> None:
        """Serve on `server`."""
        rpc.add_MediaScannerServiceServicer_to_server(cast("Any", self), server)


async def _count(parts: AsyncIterator[pb.ScanMediaRequest]) -> None:
    received = 0
    async for part in parts:
        received += len(part.chunk)


async def _hash(parts: AsyncIterator[pb.ScanMediaRequest]) -> None:
    digest = hashlib.sha256()
    async for part in parts:
        digest.update(part.chunk)


async def _bare(receive: Receive) -> tuple[object, int]:
    server = grpc.aio.server()
    Receiver(receive).register(server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, port


async def _house() -> tuple[object, int]:
    budget, limits = ByteBudget(16 * UPLOAD_BYTES), UploadLimits(UPLOAD_BYTES)

    async def receive(parts: AsyncIterator[pb.ScanMediaRequest]) -> None:
        await receive_upload(parts, limits=limits, buffer=budget)

    server = GrpcServer(
        GrpcSettings(address="127.0.0.1:0"),
        auth=AuthSettings(mode="off"),
        services=[RpcService(NAME, Receiver(receive).register)],
        metrics=Metrics("upload"),
        clock=SystemClock(),
        liveness=lambda: True,
    )
    await server.start()
    return server, server.port


# Each gives its server, to be kept, and the port.
SERVERS: dict[str, Callable[[], Awaitable[tuple[object, int]]]] = {
    "counting": lambda: _bare(_count),
    "hashing": lambda: _bare(_hash),
    "checked": _house,
}


def _serve(name: str, pipe: Connection) -> None:
    """Tell the port, then the CPU time used so far whenever asked, until told to end."""
    uvloop.run(_answer(name, pipe))


async def _answer(name: str, pipe: Connection) -> None:
    server, port = await SERVERS[name]()
    pipe.send(port)
    while await asyncio.to_thread(pipe.recv):
        pipe.send(time.process_time())
    del server


class Server:
    """One of the servers, in a process of its own."""

    def __init__(self, name: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(name, theirs), daemon=True)
        self._process.start()
        self.port: int = self._pipe.recv()

    def cpu_seconds(self) -> float:
        """CPU time of the process so far."""
        self._pipe.send(True)
        used: float = self._pipe.recv()
        return used

    def stop(self) -> None:
        """End the process."""
        self._pipe.send(False)
        self._process.join(5)
        self._process.kill()


def _requests(content: bytes, chunk: int) -> Iterator[pb.ScanMediaRequest]:
    header = pb.MediaHeader(size=len(content), sha256=hashlib.sha256(content).digest())
    yield pb.ScanMediaRequest(header=header)
    for start in range(0, len(content), chunk):
        yield pb.ScanMediaRequest(chunk=content[start : start + chunk])


async def _send(server: Server, requests: list[pb.ScanMediaRequest], uploads: int) -> float:
    """Megabytes for each CPU second of the server."""
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        stub: Any = rpc.MediaScannerServiceStub(channel)
        await stub.ScanMedia(iter(requests))
        before = server.cpu_seconds()
        for _ in range(uploads):
            await stub.ScanMedia(iter(requests))
        return uploads * UPLOAD_BYTES / MEGA / (server.cpu_seconds() - before)


async def _measure(megabytes: int, rounds: int, chunks: list[int]) -> dict[str, dict[str, float]]:
    content = bytes(range(256)) * (UPLOAD_BYTES // 256)
    uploads = max(1, megabytes * MEGA // UPLOAD_BYTES)
    servers = {name: Server(name) for name in SERVERS}
    results: dict[str, dict[str, float]] = {}
    try:
        for chunk in chunks:
            requests = list(_requests(content, chunk * KIBI))
            rates: dict[str, list[float]] = {name: [] for name in servers}
            for _ in range(rounds):  # in turn, so that a busy moment of the machine strikes all alike
                for name, server in servers.items():
                    rates[name].append(await _send(server, requests, uploads))
            medians = {name: statistics.median(measured) for name, measured in rates.items()}
            ratio = medians["checked"] / medians["counting"]
            results[f"{chunk} KiB"] = {**medians, "checked / counting": ratio}
    finally:
        for server in servers.values():
            server.stop()
    return results


def main() -> None:
    """Print a line for each chunk size: MB per CPU second, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--megabytes", type=int, default=64, help="sent in each round to each server")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--chunks", type=int, nargs="+", default=[64, 128, 256], help="KiB")
    arguments = parser.parse_args()
    results = uvloop.run(_measure(arguments.megabytes, arguments.rounds, arguments.chunks))
    for chunk, rates in results.items():
        rounded = {name: round(rate, 2) for name, rate in rates.items()}
        print(json.dumps({"benchmark": "upload", "chunk": chunk, "unit": "MB per CPU second", **rounded}))


if __name__ == "__main__":
    main()
