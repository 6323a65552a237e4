"""gRPC in and out. Translates, decides nothing."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import AsyncIterator

from services.chassis.clock import Clock
from services.chassis.errors import InvalidInputError
from services.chassis.objects.store import ObjectRef
from services.chassis.rpc.call import current_call
from services.chassis.rpc.uploads import ByteBudget, UploadLimits, receive_upload
from services.chassis.signals import AbsentSignal
from services.chassis.streams.outgoing import Outgoing
from services.chassis.streams.topics import IMAGE_SIGNALS
from services.contracts.image_classifier.v1 import image_classifier_pb2 as pb
from services.contracts.image_classifier.v1 import image_classifier_pb2_grpc as pb_grpc
from services.image_classifier.classifier import ImageClassifier
from services.image_classifier.classify import ImageVerdict
from services.image_classifier.messages import Subject, classified, hash_to_proto
from services.image_classifier.retention import Retention


class ImageClassifierServicer(pb_grpc.ImageClassifierServiceServicer):
    """Named errors raised here become status and reason in the error interceptor."""

    def __init__(
        self,
        classifier: ImageClassifier,
        retention: Retention,
        outgoing: Outgoing,
        *,
        clock: Clock,
        upload_limits: UploadLimits,
        byte_budget: ByteBudget,
    ) -> None:
        self._classifier = classifier
        self._retention = retention
        self._outgoing = outgoing
        self._clock = clock
        self._upload_limits = upload_limits
        self._byte_budget = byte_budget

    async def ClassifyImage(
        self, request: pb.ClassifyImageRequest, _context: object
    ) -> pb.ClassifyImageResponse:
        _check_whole(request.header, request.content)
        return pb.ClassifyImageResponse(verdict=await self._judge(request.header, request.content))

    async def ClassifyUpload(
        self, request_iterator: AsyncIterator[pb.ClassifyUploadRequest], _context: object
    ) -> pb.ClassifyUploadResponse:
        upload = await receive_upload(request_iterator, limits=self._upload_limits, buffer=self._byte_budget)
        return pb.ClassifyUploadResponse(verdict=await self._judge(upload.header, upload.content))

    async def HashImage(
        self, request_iterator: AsyncIterator[pb.HashImageRequest], _context: object
    ) -> pb.HashImageResponse:
        upload = await receive_upload(request_iterator, limits=self._upload_limits, buffer=self._byte_budget)
        identity = await self._classifier.hash(upload.content)
        return pb.HashImageResponse(hash=hash_to_proto(upload.header.id, identity))

    async def _judge(self, header: pb.ImageHeader, content: bytes) -> pb.ImageVerdict:
        subject = _subject(header)
        verdict = await self._classifier.classify(content)
        kept = await self._retention.keep(content, header.content_type)
        event = _event(subject, verdict, kept, self._clock.now())
        await self._outgoing.send(IMAGE_SIGNALS, key=subject.key, value=event.SerializeToString())
        return event.verdict


def _subject(header: pb.ImageHeader) -> Subject:
    call = current_call()
    return Subject(call.tenant, header.id, header.account, header.generation_id, call.request_id)


def _event(
    subject: Subject, verdict: ImageVerdict, kept: ObjectRef | AbsentSignal | None, at: float
) -> pb.ImageClassified:
    if isinstance(kept, AbsentSignal):
        absent = (*verdict.outcome.absent, kept)
        verdict = dataclasses.replace(verdict, outcome=dataclasses.replace(verdict.outcome, absent=absent))
    return classified(subject, verdict, at=at, stored=kept if isinstance(kept, ObjectRef) else None)


def _check_whole(header: pb.ImageHeader, content: bytes) -> None:
    """In one message size and SHA-256 may be left out; where given, they must be right."""
    if header.size and header.size != len(content):
        raise InvalidInputError(f"{len(content)} of {header.size} announced bytes came", code="SIZE_MISMATCH")
    if header.sha256 and header.sha256 != hashlib.sha256(content).digest():
        raise InvalidInputError("the bytes do not have the announced SHA-256", code="SHA256_MISMATCH")
