"""Uploads as a caller sends them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Any, cast

import grpc
import pytest

from services.chassis.clock import SystemClock
from services.chassis.metrics import Metrics
from services.chassis.rpc.server import GrpcServer, RpcService
from services.chassis.rpc.uploads import ByteBudget, UploadLimits, receive_upload
from services.chassis.settings import AuthSettings, GrpcSettings
from services.contracts.media_scanner.v1 import media_scanner_pb2 as pb
from services.contracts.media_scanner.v1 import media_scanner_pb2_grpc as rpc

NAME = pb.DESCRIPTOR.services_by_name["MediaScannerService"].full_name
LIMITS = UploadLimits(max_bytes=1_000_000)


class Receiver:
    """Answers with the id and nothing else."""

    def __init__(self, buffer: ByteBudget) -> None:
        self.buffer = buffer

    async def ScanMedia(self, requests: Any, context: Any) -> pb.ScanMediaResponse:  # noqa: N802
        upload = await receive_upload(requests, limits=LIMITS, buffer=self.buffer)
        return pb.ScanMediaResponse(verdict=pb.MediaVerdict(id=upload.header.id))

    ScanObject = ScanMedia  # not called; gRPC only asks that it is there

    def register(self, server: grpc.aio.Server) -> None:
        rpc.add_MediaScannerServiceServicer_to_server(cast("Any", self), server)


@pytest.fixture
async def address() -> AsyncIterator[tuple[str, ByteBudget]]:
    buffer = ByteBudget(LIMITS.max_bytes)
    server = GrpcServer(
        GrpcSettings(address="127.0.0.1:0"),
        auth=AuthSettings(mode="off"),
        services=[RpcService(NAME, Receiver(buffer).register)],
        metrics=Metrics("test"),
        clock=SystemClock(),
        liveness=lambda: True,
    )
    await server.start()
    yield f"127.0.0.1:{server.port}", buffer
    await server.stop()


def _upload(content: bytes, *, announced: bytes | None = None) -> list[pb.ScanMediaRequest]:
    told = content if announced is None else announced
    header = pb.MediaHeader(id="i", size=len(told), sha256=hashlib.sha256(told).digest())
    chunks = [content[start : start + 65_536] for start in range(0, len(content), 65_536)]
    return [pb.ScanMediaRequest(header=header), *(pb.ScanMediaRequest(chunk=chunk) for chunk in chunks)]


async def test_an_upload_of_many_chunks_arrives(address: tuple[str, ByteBudget]) -> None:
    content = bytes(range(256)) * 3_000
    async with grpc.aio.insecure_channel(address[0]) as channel:
        answer = await rpc.MediaScannerServiceStub(channel).ScanMedia(iter(_upload(content)), timeout=10)
    assert answer.verdict.id == "i"
    assert address[1].held == 0


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (_upload(b"abc", announced=b"abd"), "SHA256_MISMATCH"),
        (_upload(b"abc", announced=b"abcd"), "SIZE_MISMATCH"),
        (_upload(b"x" * 1_000_001), "TOO_LARGE"),
        (_upload(b"abc")[1:], "MISSING_HEADER"),
    ],
)
async def test_a_faulty_upload_is_an_invalid_argument_with_its_reason(
    address: tuple[str, ByteBudget], parts: list[pb.ScanMediaRequest], reason: str
) -> None:
    async with grpc.aio.insecure_channel(address[0]) as channel:
        call = rpc.MediaScannerServiceStub(channel).ScanMedia(iter(parts), timeout=10)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert ("palisade-reason", reason) in tuple(refused.value.trailing_metadata())
    assert address[1].held == 0


async def test_uploads_over_the_process_budget_are_told_to_come_back(
    address: tuple[str, ByteBudget],
) -> None:
    address[1].reserve(LIMITS.max_bytes)
    async with grpc.aio.insecure_channel(address[0]) as channel:
        call = rpc.MediaScannerServiceStub(channel).ScanMedia(iter(_upload(b"abc")), timeout=10)
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
