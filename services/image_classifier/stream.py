"""Kafka in and out: stored pictures that wait to be classified. Translates, decides nothing."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from services.chassis.clock import Clock
from services.chassis.errors import (
    InvalidInputError,
    NotFoundError,
    OverloadedError,
    PalisadeError,
    UnavailableError,
)
from services.chassis.objects.store import ObjectRef, ObjectStore
from services.chassis.streams.event import Event
from services.chassis.streams.publisher import Publisher
from services.chassis.streams.stage import RejectedEventError, RetryableError
from services.chassis.streams.topics import IMAGE_SIGNALS
from services.chassis.translate import object_from_proto
from services.contracts.image_classifier.v1 import image_classifier_pb2 as pb
from services.image_classifier.classifier import ImageClassifier
from services.image_classifier.classify import ImageVerdict
from services.image_classifier.messages import Subject, classified


class ImageRequests:
    """Handles `image.requests`: fetches the picture, judges it, states the verdict.

    A picture that can never be judged goes to the dead letters with its reason, and its verdict,
    all signals absent, is stated all the same: the joint decision must not wait for it.
    """

    def __init__(
        self,
        classifier: ImageClassifier,
        objects: ObjectStore,
        publisher: Publisher,
        *,
        clock: Clock,
        max_bytes: int,
    ) -> None:
        self._classifier = classifier
        self._objects = objects
        self._publisher = publisher
        self._clock = clock
        self._max_bytes = max_bytes

    async def __call__(self, event: Event) -> None:
        subject, stored = _parse(event)
        try:
            await self._judge(subject, stored)
        except (OverloadedError, UnavailableError) as error:
            raise RetryableError(error.message, code=error.code) from error

    async def _judge(self, subject: Subject, stored: ObjectRef) -> None:
        try:
            content = await self._objects.get(stored.sha256, max_bytes=self._max_bytes)
            verdict = await self._classifier.classify(content)
        except (InvalidInputError, NotFoundError) as error:
            await self._publish(subject, stored, self._classifier.unreadable(error.code))
            raise RejectedEventError(error.message, code=error.code) from error
        await self._publish(subject, stored, verdict)

    async def _publish(self, subject: Subject, stored: ObjectRef, verdict: ImageVerdict) -> None:
        message = classified(subject, verdict, at=self._clock.now(), stored=stored)
        await self._publisher.publish(IMAGE_SIGNALS, key=subject.key, value=message.SerializeToString())


def _parse(event: Event) -> tuple[Subject, ObjectRef]:
    """RejectedEventError for anything that is no complete request."""
    try:
        queued = pb.ImageQueued.FromString(event.value)
        meta = queued.meta
        subject = Subject(meta.tenant, queued.id, queued.account, queued.generation_id, meta.request_id)
        return subject, object_from_proto(queued.object)
    except DecodeError as error:
        raise RejectedEventError("the record is no ImageQueued", code="MALFORMED_EVENT") from error
    except PalisadeError as error:
        raise RejectedEventError(error.message, code=error.code) from error
