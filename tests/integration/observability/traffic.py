"""A little real traffic for every service: benign items, one refused call, one event nobody can read."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Self

import grpc
from aiokafka import AIOKafkaProducer
from google.protobuf.timestamp_pb2 import Timestamp

from services.chassis.rpc.channel import open_channel
from services.chassis.streams import topics
from services.contracts.common.v1 import common_pb2
from services.contracts.enforcement.v1 import enforcement_pb2 as enforcement_pb
from services.contracts.enforcement.v1.enforcement_pb2_grpc import EnforcementServiceStub
from services.contracts.image_classifier.v1 import image_classifier_pb2 as image_pb
from services.contracts.image_classifier.v1.image_classifier_pb2_grpc import ImageClassifierServiceStub
from services.contracts.joint_scorer.v1 import joint_scorer_pb2 as joint_pb
from services.contracts.joint_scorer.v1.joint_scorer_pb2_grpc import JointScorerServiceStub
from services.contracts.media_scanner.v1.media_scanner_pb2_grpc import MediaScannerServiceStub
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as prompt_pb
from services.contracts.prompt_filter.v1.prompt_filter_pb2_grpc import PromptFilterServiceStub
from services.demo import pictures
from services.demo.disguises import Placeholders
from services.demo.uploads import image_upload, media_upload

_TIMEOUT = 20.0
_ACCOUNT = "an-account"

UNREADABLE_EVENT = 'sum by (reason) (palisade_dead_letters_total{stage="media_scanner.scan_uploads"}) > 0'
"""What Prometheus must come to say of the event that nobody can read."""


class Traffic:
    """Rounds of calls, one after the other; every service is asked in each."""

    def __init__(self, addresses: Mapping[str, str], bootstrap_servers: str) -> None:
        """Open no connection yet."""
        channels = {name: open_channel(address) for name, address in addresses.items()}
        self._channels = channels
        self._prompts = PromptFilterServiceStub(channels["prompt_filter"])
        self._images = ImageClassifierServiceStub(channels["image_classifier"])
        self._joint = JointScorerServiceStub(channels["joint_scorer"])
        self._media = MediaScannerServiceStub(channels["media_scanner"])
        self._enforcement = EnforcementServiceStub(channels["enforcement"])
        self._bootstrap_servers = bootstrap_servers
        self._placeholders = Placeholders.choose()
        self._picture = next(pictures.photographs()).content
        self._signed = pictures.signed().content
        self._rounds = 0

    async def __aenter__(self) -> Self:
        """Put one unreadable event where the scanner finds it."""
        async with AIOKafkaProducer(bootstrap_servers=self._bootstrap_servers) as producer:
            await producer.send_and_wait(topics.MEDIA_UPLOADS, b"\xff not a message", key=b"nobody")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the channels."""
        await asyncio.gather(*(channel.close() for channel in self._channels.values()))

    async def round(self) -> None:
        """One call of every kind."""
        self._rounds += 1
        await self._check_prompts()
        await self._classify()
        await self._score()
        await self._scan()
        await self._enforce()

    async def _check_prompts(self) -> None:
        item = f"generation-{self._rounds}"
        for text in ("an oak tree in autumn", self._placeholders.explicit.term):
            prompt = prompt_pb.Prompt(id=item, text=text, account=_ACCOUNT, generation_id=item)
            await self._prompts.CheckPrompt(prompt_pb.CheckPromptRequest(prompt=prompt), timeout=_TIMEOUT)
        batch = [prompt_pb.Prompt(id=str(number), text="a harbour at night") for number in range(3)]
        await self._prompts.CheckPrompts(prompt_pb.CheckPromptsRequest(prompts=batch), timeout=_TIMEOUT)

    async def _classify(self) -> None:
        item = f"generation-{self._rounds}"
        header = image_pb.ImageHeader(
            id=item, size=len(self._picture), sha256=hashlib.sha256(self._picture).digest()
        )
        await self._images.ClassifyImage(
            image_pb.ClassifyImageRequest(header=header, content=self._picture), timeout=_TIMEOUT
        )
        upload = image_upload(item, self._picture, account=_ACCOUNT)
        await self._images.ClassifyUpload(upload, timeout=_TIMEOUT)
        await self._images.HashImage(self._hash_parts(header), timeout=_TIMEOUT)
        # A picture that is none is the caller's mistake: refused, and no failure of ours.
        with contextlib.suppress(grpc.aio.AioRpcError):
            await self._images.ClassifyUpload(image_upload("broken", b"no picture"), timeout=_TIMEOUT)

    async def _hash_parts(self, header: image_pb.ImageHeader) -> AsyncIterator[image_pb.HashImageRequest]:
        yield image_pb.HashImageRequest(header=header)
        yield image_pb.HashImageRequest(chunk=self._picture)

    async def _score(self) -> None:
        scores = [common_pb2.Score(category=common_pb2.CATEGORY_VIOLENCE, value=0.1)]
        half = joint_pb.ModalityScores(scores=scores)
        request = joint_pb.ScoreJointRequest(id=f"joint-{self._rounds}", prompt=half, image=half)
        await self._joint.ScoreJoint(request, timeout=_TIMEOUT)

    async def _scan(self) -> None:
        for item, content in (("plain", self._picture), ("signed", self._signed), ("text", b"no picture")):
            parts = media_upload(f"{item}-{self._rounds}", content, account=_ACCOUNT)
            await self._media.ScanMedia(parts, timeout=_TIMEOUT)

    async def _enforce(self) -> None:
        for feature in (enforcement_pb.FEATURE_GENERATE, enforcement_pb.FEATURE_UPLOAD):
            request = enforcement_pb.CheckAccessRequest(account=_ACCOUNT, feature=feature)
            await self._enforcement.CheckAccess(request, timeout=_TIMEOUT)
        occurred = Timestamp()
        occurred.GetCurrentTime()
        violation = enforcement_pb.RecordViolationRequest(
            account=f"account-{self._rounds}",
            item=f"item-{self._rounds}",
            category=common_pb2.CATEGORY_VIOLENCE,
            severity=common_pb2.SEVERITY_LOW,
            decision=common_pb2.DECISION_BLOCK,
            occurred_at=occurred,
        )
        await self._enforcement.RecordViolation(violation, timeout=_TIMEOUT)
        await self._enforcement.GetStanding(
            enforcement_pb.GetStandingRequest(account=_ACCOUNT), timeout=_TIMEOUT
        )
