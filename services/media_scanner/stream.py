"""Kafka in and out: queued uploads are scanned, every scan is announced. Translates, decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from google.protobuf.message import DecodeError

from services.chassis.clock import Clock
from services.chassis.errors import InvalidInputError, NotFoundError, OverloadedError, UnavailableError
from services.chassis.ids import event_id
from services.chassis.objects.store import ObjectRef, ObjectStore
from services.chassis.signals import Outcome
from services.chassis.streams import topics
from services.chassis.streams.event import Event
from services.chassis.streams.publisher import Publisher
from services.chassis.streams.stage import RejectedEventError, RetryableError
from services.chassis.translate import (
    absent_to_proto,
    event_meta,
    object_from_proto,
    object_to_proto,
    signal_to_proto,
)
from services.contracts.media_scanner.v1 import media_scanner_pb2 as pb
from services.media_scanner.item import MediaItem
from services.media_scanner.scan import MediaScan, Scanner

SOURCE: Final = "media_scanner"
STAGE: Final = "media_scanner.scan_uploads"


class Outbox(Protocol):
    """Where announcements go: in the service the chassis' Outgoing."""

    async def send(self, topic: str, *, key: bytes | None, value: bytes) -> None: ...


class PublisherOutbox:
    """Waits for the acknowledgement: an event is done only when what follows from it is written."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def send(self, topic: str, *, key: bytes | None, value: bytes) -> None:
        await self._publisher.publish(topic, key=key, value=value)


def verdict_to_proto(scan: MediaScan, reference: ObjectRef, *, tenant: str) -> pb.MediaVerdict:
    """The scan as the API and the events show it."""
    ai = scan.ai_generated
    return pb.MediaVerdict(
        id=scan.id,
        decision=int(scan.outcome.decision),
        ai_generated=pb.AiGenerated(verdict=int(ai.verdict), p_value=ai.p_value, by=ai.by),
        signals=[signal_to_proto(signal) for signal in scan.signals],
        absent=[absent_to_proto(signal) for signal in scan.outcome.absent],
        policy_version=scan.outcome.policy_version,
        event_id=event_id(
            tenant=tenant, source=SOURCE, item=scan.id, policy_version=scan.outcome.policy_version
        ),
        object=object_to_proto(reference),
    )


async def announce(
    outbox: Outbox,
    verdict: pb.MediaVerdict,
    *,
    tenant: str,
    account: str,
    occurred_at: float,
    request_id: str = "",
) -> None:
    """Write MediaScanned, keyed by account so that one account's scans keep their order."""
    meta = event_meta(
        event_id=verdict.event_id,
        tenant=tenant,
        source=SOURCE,
        occurred_at=occurred_at,
        policy_version=verdict.policy_version,
        request_id=request_id,
    )
    event = pb.MediaScanned(meta=meta, account=account, verdict=verdict)
    key = (account or verdict.id).encode()
    await outbox.send(topics.MEDIA_SCANS, key=key, value=event.SerializeToString())


class UploadHandler:
    """Handles `media.uploads`: fetches the stored bytes, scans them, announces the scan."""

    def __init__(
        self,
        scanner: Scanner,
        objects: ObjectStore,
        outbox: Outbox,
        clock: Clock,
        *,
        max_bytes: int,
        record: Callable[[Outcome], None],
    ) -> None:
        self._scanner = scanner
        self._objects = objects
        self._outbox = outbox
        self._clock = clock
        self._max_bytes = max_bytes
        self._record = record

    async def __call__(self, event: Event) -> None:
        queued = _parse(event.value)
        try:
            await self._handle(queued)
        except (InvalidInputError, NotFoundError) as error:
            raise RejectedEventError(error.message, code=error.code) from error
        except (UnavailableError, OverloadedError) as error:
            raise RetryableError(error.message, code=error.code) from error

    async def _handle(self, queued: pb.MediaQueued) -> None:
        reference = object_from_proto(queued.object)
        content = await self._objects.get(reference.sha256, max_bytes=self._max_bytes)
        scan = await self._scanner.scan(MediaItem.of(queued.id, content, max_bytes=self._max_bytes))
        self._record(scan.outcome)
        verdict = verdict_to_proto(scan, reference, tenant=queued.meta.tenant)
        await announce(
            self._outbox,
            verdict,
            tenant=queued.meta.tenant,
            account=queued.account,
            # The upload's own time: what is scanned again must be the same event.
            occurred_at=queued.meta.occurred_at.ToNanoseconds() / 1e9 or self._clock.now(),
            request_id=queued.meta.request_id,
        )


def _parse(value: bytes) -> pb.MediaQueued:
    try:
        queued = pb.MediaQueued.FromString(value)
    except DecodeError as error:
        raise RejectedEventError("the event is no MediaQueued", code="MALFORMED") from error
    if not queued.meta.tenant:
        raise RejectedEventError("the event names no tenant", code="MISSING_TENANT")
    return queued
