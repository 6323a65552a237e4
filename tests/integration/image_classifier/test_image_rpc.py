"""The classifier as a process runs it: built from settings, called over a real gRPC connection."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from PIL import Image

from services.chassis.rpc.server import GrpcServer
from services.chassis.service import Service
from services.chassis.settings import (
    AuthSettings,
    GrpcSettings,
    LifecycleSettings,
    MetricsSettings,
    ObjectSettings,
)
from services.contracts.image_classifier.v1 import image_classifier_pb2 as pb
from services.contracts.image_classifier.v1 import image_classifier_pb2_grpc as pb_grpc
from services.contracts.vocabulary import AbsenceCause, Category, Decision
from services.image_classifier.app import build
from services.image_classifier.settings import ImageClassifierSettings, ImageSettings
from services.imaging.decode import decode
from services.imaging.limits import DecodeLimits
from tests.contract.image_models.tiny_onnx import colour_classifier
from tests.unit.imaging.pictures import file, photograph

RED = file(Image.new("RGB", (32, 32), (255, 0, 0)))


def settings(folder: Path, **image: Any) -> ImageClassifierSettings:
    return ImageClassifierSettings(
        profile="embedded",
        auth=AuthSettings(mode="off"),
        grpc=GrpcSettings(address="127.0.0.1:0"),
        metrics=MetricsSettings(address=""),
        lifecycle=LifecycleSettings(propagation_seconds=0),
        objects=ObjectSettings(url=f"file://{folder / 'objects'}"),
        image=ImageSettings(threads=1, decode=DecodeLimits(max_pixels=500_000), **image),
    )


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    service = build(settings(tmp_path, contracts=(colour_classifier(tmp_path),)))
    await service.start()
    yield service
    await service.drain()
    await service.stop()


@pytest.fixture
async def stub(service: Service) -> AsyncIterator[pb_grpc.ImageClassifierServiceAsyncStub]:
    (server,) = (each for each in service._components if isinstance(each, GrpcServer))
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield pb_grpc.ImageClassifierServiceStub(channel)


def header(content: bytes, **changes: Any) -> pb.ImageHeader:
    fields: dict[str, Any] = {
        "id": "i1",
        "size": len(content),
        "sha256": hashlib.sha256(content).digest(),
        **changes,
    }
    return pb.ImageHeader(**fields)


def upload(content: bytes) -> Iterator[pb.ClassifyUploadRequest]:
    yield pb.ClassifyUploadRequest(header=header(content))
    for start in range(0, len(content), 1000):
        yield pb.ClassifyUploadRequest(chunk=content[start : start + 1000])


async def refused(call: Awaitable[object]) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call
    reason = dict(error.value.trailing_metadata() or ())["palisade-reason"]
    return error.value.code(), str(reason)


async def test_a_picture_is_judged_and_kept(
    stub: pb_grpc.ImageClassifierServiceAsyncStub, tmp_path: Path
) -> None:
    answer = await stub.ClassifyImage(pb.ClassifyImageRequest(header=header(RED), content=RED))
    verdict = answer.verdict
    assert (verdict.id, verdict.decision) == ("i1", Decision.BLOCK)
    assert verdict.model_versions == ["colours@1"]
    assert {score.category for score in verdict.scores} == {
        Category.SEXUAL,
        Category.NONCONSENSUAL,
        Category.GRAPHIC_VIOLENCE,
    }
    assert {absent.cause for absent in verdict.absent} == {AbsenceCause.NOT_CONFIGURED}
    assert verdict.object.sha256 == hashlib.sha256(RED).hexdigest()
    assert any(path.read_bytes() == RED for path in (tmp_path / "objects").rglob("*") if path.is_file())


async def test_chunks_are_judged_as_the_whole(stub: pb_grpc.ImageClassifierServiceAsyncStub) -> None:
    content = file(photograph(), "JPEG")
    whole = await stub.ClassifyImage(pb.ClassifyImageRequest(header=header(content), content=content))
    chunked = await stub.ClassifyUpload(upload(content))
    assert chunked.verdict == whole.verdict


async def test_hashes_over_the_wire_are_those_of_the_library(
    stub: pb_grpc.ImageClassifierServiceAsyncStub,
) -> None:
    content = file(photograph(), "JPEG")
    parts = [pb.HashImageRequest(header=header(content)), pb.HashImageRequest(chunk=content)]
    answer = await stub.HashImage(iter(parts))
    expected = decode(content).hash
    assert answer.hash.pdq.hex() == expected.pdq
    assert answer.hash.sha256.hex() == expected.sha256
    assert (answer.hash.quality, answer.hash.width, answer.hash.height) == (expected.quality, 256, 256)


@pytest.mark.parametrize(
    ("content", "changes", "reason"),
    [
        (b"no picture", {}, "UNSUPPORTED_FORMAT"),
        (file(photograph())[:5000], {}, "TRUNCATED_IMAGE"),
        (file(photograph(800)), {}, "TOO_MANY_PIXELS"),
        (RED, {"sha256": b"\0" * 32}, "SHA256_MISMATCH"),
        (RED, {"size": 3}, "SIZE_MISMATCH"),
        (RED, {"id": ""}, "MISSING_ID"),
    ],
)
async def test_bad_input_is_refused_by_name(
    stub: pb_grpc.ImageClassifierServiceAsyncStub, content: bytes, changes: dict[str, object], reason: str
) -> None:
    call = stub.ClassifyImage(pb.ClassifyImageRequest(header=header(content, **changes), content=content))
    assert await refused(call) == (grpc.StatusCode.INVALID_ARGUMENT, reason)
