"""The composition root: the whole process started from settings, asked once, and ended."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import grpc

from services.chassis.settings import (
    AuthSettings,
    GrpcSettings,
    LifecycleSettings,
    MetricsSettings,
    ObjectSettings,
)
from services.contracts.media_scanner.v1 import media_scanner_pb2 as pb
from services.contracts.media_scanner.v1 import media_scanner_pb2_grpc as rpc
from services.contracts.vocabulary import ProvenanceVerdict
from services.demo.ports import free_ports
from services.media_scanner.adapters.pixels import write_png
from services.media_scanner.app import build
from services.media_scanner.settings import MediaScannerSettings, ScannerSettings
from services.media_scanner.watermark.embed import embed
from services.media_scanner.watermark.key import WatermarkKey
from tests.unit.media_scanner.test_watermark import photograph


def settings(folder: Path, port: int) -> MediaScannerSettings:
    key = folder / "watermark.key"
    key.write_bytes(b"a key that only this test knows")
    return MediaScannerSettings(
        profile="embedded",
        grpc=GrpcSettings(address=f"127.0.0.1:{port}"),
        auth=AuthSettings(mode="off"),
        metrics=MetricsSettings(address=""),
        objects=ObjectSettings(url=f"file://{folder / 'objects'}"),
        lifecycle=LifecycleSettings(propagation_seconds=0),
        scanner=ScannerSettings(watermark_key=key),
    )


async def test_a_marked_picture_is_recognised_by_the_running_service(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    service = build(settings(tmp_path, port))
    key = WatermarkKey.load(tmp_path / "watermark.key")
    content = write_png(embed(photograph("coffee.png"), key, key.payload_for("item")))
    header = pb.MediaHeader(id="item", size=len(content), sha256=hashlib.sha256(content).digest())
    parts = [
        pb.ScanMediaRequest(header=header),
        *(pb.ScanMediaRequest(chunk=content[at : at + 65536]) for at in range(0, len(content), 65536)),
    ]
    done = asyncio.Event()
    running = asyncio.create_task(service.run(done.wait()))
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = rpc.MediaScannerServiceStub(channel)
            response = await stub.ScanMedia(iter(parts), wait_for_ready=True, timeout=30)
    finally:
        done.set()
        await running
    ai = response.verdict.ai_generated
    assert ai.verdict == ProvenanceVerdict.YES
    assert list(ai.by) == ["watermark"]
    assert ai.p_value <= 1e-6
    assert not response.verdict.absent
