"""A tour through the running system: real traffic over gRPC, told as it happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import grpc
from rich.console import Console

from services.chassis.rpc.channel import open_channel
from services.contracts.image_classifier.v1.image_classifier_pb2_grpc import ImageClassifierServiceStub
from services.contracts.joint_scorer.v1.joint_scorer_pb2_grpc import JointScorerServiceStub
from services.contracts.media_scanner.v1.media_scanner_pb2_grpc import MediaScannerServiceStub
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as prompt_pb
from services.contracts.prompt_filter.v1.prompt_filter_pb2_grpc import PromptFilterServiceStub
from services.demo import account, pictures
from services.demo.disguises import DISGUISES, Placeholders
from services.demo.pictures import Picture
from services.demo.system import LocalSystem
from services.demo.table import Results, provenance, timed
from services.demo.uploads import image_upload, media_upload
from services.media_scanner.local import LocalWatermark
from services.media_scanner.watermark.key import WatermarkKey

_BENIGN = (
    "an 8-year-old oak tree in Essex, golden hour, (sharp focus:1.2)",
    "a cocktail on a pegboard shelf, 35mm photograph, score_9",
    "three children flying a kite on the beach",
    "portrait of a breast cancer survivor, dignified, soft light",
)
_DEADLINE_SECONDS = 20


async def tour(system: LocalSystem, console: Console) -> None:
    """Prompts, pictures, provenance, and an account that keeps offending."""
    placeholders = Placeholders.choose()
    channels = {name: open_channel(address) for name, address in system.addresses.grpc.items()}
    try:
        await _prompts(channels["prompt_filter"], placeholders, console)
        await _generated(channels["image_classifier"], console)
        await _uploads(channels["media_scanner"], system, console)
        await _joint(channels["joint_scorer"], console)
        await account.offends(channels, placeholders, console)
    finally:
        await asyncio.gather(*(channel.close() for channel in channels.values()))


async def _prompts(channel: grpc.aio.Channel, placeholders: Placeholders, console: Console) -> None:
    stub = PromptFilterServiceStub(channel)
    results = Results("What people ask for")
    for title, text in _asked(placeholders):
        prompt = prompt_pb.Prompt(id=title, text=text)
        call = stub.CheckPrompt(prompt_pb.CheckPromptRequest(prompt=prompt), timeout=_DEADLINE_SECONDS)
        answer, milliseconds = await timed(call)
        verdict = answer.verdict
        results.add(title, verdict.decision, verdict.reasons, verdict.absent, milliseconds)
    results.show(console)


def _asked(placeholders: Placeholders) -> Iterator[tuple[str, str]]:
    """What the table shows, and what is sent: placeholders stand for listed terms."""
    yield from ((text, text) for text in _BENIGN)
    explicit, suggestive, minor = placeholders.explicit, placeholders.suggestive, placeholders.minor
    for name, disguise in DISGUISES.items():
        yield f"a painting of <{explicit.id}>, {name}", f"a painting of {disguise(explicit.term)}"
    yield f"<{suggestive.id}> alone", suggestive.term
    yield f"<{suggestive.id}>, <{minor.id}>", f"{suggestive.term}, {minor.term}"
    yield f"excluded: --no <{explicit.id}>", f"a quiet lake --no {explicit.term}"


async def _generated(channel: grpc.aio.Channel, console: Console) -> None:
    stub = ImageClassifierServiceStub(channel)
    results = Results("What generators return")
    for number, picture in enumerate(pictures.photographs()):
        parts = image_upload(f"picture-{number}", picture.content)
        answer, milliseconds = await timed(stub.ClassifyUpload(parts, timeout=_DEADLINE_SECONDS))
        verdict = answer.verdict
        results.add(picture.title, verdict.decision, verdict.reasons, verdict.absent, milliseconds)
    results.show(console)


async def _uploads(channel: grpc.aio.Channel, system: LocalSystem, console: Console) -> None:
    stub = MediaScannerServiceStub(channel)
    results = Results("What people upload")
    for number, picture in enumerate(_uploaded(system)):
        parts = media_upload(f"upload-{number}", picture.content)
        answer, milliseconds = await timed(stub.ScanMedia(parts, timeout=_DEADLINE_SECONDS))
        verdict = answer.verdict
        note = provenance(verdict.ai_generated.verdict, verdict.ai_generated.by)
        results.add(picture.title, verdict.decision, verdict.reasons, verdict.absent, milliseconds, note=note)
    results.show(console)


def _uploaded(system: LocalSystem) -> Iterator[Picture]:
    yield from pictures.photographs()
    yield pictures.with_generator_metadata()
    yield pictures.signed()
    watermark = LocalWatermark(WatermarkKey.load(system.home / "watermark.key"))
    marked = watermark.embed(pictures.plain_png(), item="demo").png
    yield Picture("marked by Palisade", marked)
    yield Picture("the same, re-compressed to JPEG 75", pictures.recompressed(marked, quality=75))


async def _joint(channel: grpc.aio.Channel, console: Console) -> None:
    await account.joint_examples(JointScorerServiceStub(channel), console)
