"""The scanner behind a real gRPC server on loopback, and its Kafka handler."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial

import grpc
import pytest

from services.chassis.clock import ManualClock, SystemClock
from services.chassis.errors import UnavailableError
from services.chassis.metrics import Metrics
from services.chassis.objects.memory import MemoryStore
from services.chassis.objects.store import ObjectRef, reference
from services.chassis.rpc.server import GrpcServer, RpcService
from services.chassis.rpc.uploads import ByteBudget, UploadLimits
from services.chassis.settings import AuthSettings, GrpcSettings
from services.chassis.streams import topics
from services.chassis.streams.event import Event
from services.chassis.streams.publisher import MemoryPublisher
from services.chassis.streams.stage import RejectedEventError, RetryableError
from services.chassis.translate import event_meta, object_to_proto
from services.contracts.media_scanner.v1 import media_scanner_pb2 as pb
from services.contracts.media_scanner.v1 import media_scanner_pb2_grpc as rpc
from services.contracts.vocabulary import AbsenceCause, Decision, ProvenanceVerdict
from services.media_scanner.rpc import MediaScannerServicer
from services.media_scanner.scan import Scanner
from services.media_scanner.settings import ScannerSettings
from services.media_scanner.stream import PublisherOutbox, UploadHandler
from services.media_scanner.wiring import open_scanner, open_threads
from tests.unit.media_scanner.generator_files import settings as generation_settings
from tests.unit.media_scanner.writers import PROMPT, picture, png, text

MAX_BYTES = 1_000_000
CHUNK = 700
NAME = "palisade.media_scanner.v1.MediaScannerService"
GENERATED = png(text("parameters", generation_settings("v1.6.0")))


@dataclass
class Running:
    """A served scanner and what stands around it."""

    stub: rpc.MediaScannerServiceAsyncStub
    objects: MemoryStore
    published: MemoryPublisher
    buffer: ByteBudget
    metrics: Metrics

    def announced(self) -> list[pb.MediaScanned]:
        assert {record.topic for record in self.published.records} <= {topics.MEDIA_SCANS}
        return [pb.MediaScanned.FromString(record.value) for record in self.published.records]


@pytest.fixture
async def scanner() -> AsyncIterator[Scanner]:
    threads = open_threads(ScannerSettings())
    yield open_scanner(ScannerSettings(), threads)
    await threads.stop()


@pytest.fixture
async def running(scanner: Scanner) -> AsyncIterator[Running]:
    objects, published, metrics = MemoryStore(), MemoryPublisher(), Metrics("media_scanner")
    buffer = ByteBudget(4 * MAX_BYTES)
    servicer = MediaScannerServicer(
        scanner,
        objects,
        PublisherOutbox(published),
        ManualClock(),
        limits=UploadLimits(MAX_BYTES),
        buffer=buffer,
        record=partial(metrics.record_outcome, "media"),
    )
    server = GrpcServer(
        GrpcSettings(address="127.0.0.1:0"),
        auth=AuthSettings(mode="off"),
        services=[
            RpcService(NAME, lambda server: rpc.add_MediaScannerServiceServicer_to_server(servicer, server))
        ],
        metrics=metrics,
        clock=SystemClock(),
    )
    await server.start()
    await server.ready()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        yield Running(rpc.MediaScannerServiceStub(channel), objects, published, buffer, metrics)
    await server.drain()
    await server.stop()


def upload(content: bytes, **header: object) -> Iterator[pb.ScanMediaRequest]:
    """The header, then the bytes in chunks."""
    fields = {"id": "item-1", "account": "acct", "size": len(content), **header}
    fields.setdefault("sha256", hashlib.sha256(content).digest())
    yield pb.ScanMediaRequest(header=pb.MediaHeader(**fields))  # type: ignore[arg-type]
    for at in range(0, len(content), CHUNK):
        yield pb.ScanMediaRequest(chunk=content[at : at + CHUNK])


async def test_a_chunked_upload_is_stored_scanned_and_announced(running: Running) -> None:
    response = await running.stub.ScanMedia(upload(GENERATED))
    verdict = response.verdict
    assert verdict.id == "item-1"
    assert verdict.decision == Decision.LABEL
    assert verdict.ai_generated.verdict == ProvenanceVerdict.YES
    assert list(verdict.ai_generated.by) == ["metadata"]
    assert not verdict.ai_generated.HasField("p_value")
    assert verdict.object == object_to_proto(reference(GENERATED, "image/png"))
    assert await running.objects.get(verdict.object.sha256, max_bytes=MAX_BYTES) == GENERATED
    (event,) = running.announced()
    assert event.verdict == verdict
    assert event.meta.event_id == verdict.event_id
    assert event.meta.tenant == "local"
    assert running.published.records[0].key == b"acct"
    assert PROMPT.encode() not in event.SerializeToString()


async def test_the_same_upload_is_the_same_event(running: Running) -> None:
    first = await running.stub.ScanMedia(upload(GENERATED))
    second = await running.stub.ScanMedia(upload(GENERATED))
    assert first == second


async def test_an_object_is_scanned_by_reference(running: Running) -> None:
    stored = await running.objects.put(picture("JPEG"), content_type="image/jpeg")
    request = pb.ScanObjectRequest(id="item-2", object=object_to_proto(stored))
    verdict = (await running.stub.ScanObject(request)).verdict
    assert verdict.decision == Decision.ALLOW
    assert verdict.ai_generated.verdict == ProvenanceVerdict.NO_EVIDENCE
    # Without an account, the item orders its own events.
    assert running.published.records[0].key == b"item-2"


async def test_what_is_no_picture_is_unknown_with_every_detector_absent(running: Running) -> None:
    verdict = (await running.stub.ScanMedia(upload(b"plain words"))).verdict
    assert verdict.ai_generated.verdict == ProvenanceVerdict.UNKNOWN
    assert {signal.detector: signal.cause for signal in verdict.absent} == dict.fromkeys(
        ("c2pa", "metadata", "iptc"), AbsenceCause.UNSUPPORTED
    )
    absent = running.metrics.absent_signals.labels("c2pa", "unsupported")
    assert absent._value.get() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sha256": b"0" * 32}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"size": 3}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"size": MAX_BYTES + 1}, grpc.StatusCode.INVALID_ARGUMENT),
        ({"id": ""}, grpc.StatusCode.INVALID_ARGUMENT),
    ],
)
async def test_a_bad_upload_is_refused_and_leaves_nothing(
    running: Running, change: dict[str, object], code: grpc.StatusCode
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await running.stub.ScanMedia(upload(GENERATED, **change))
    assert refusal.value.code() is code
    assert running.published.records == []
    assert running.buffer.held == 0


async def test_an_unknown_object_is_not_found(running: Running) -> None:
    missing = object_to_proto(ObjectRef("0" * 64, 3))
    with pytest.raises(grpc.aio.AioRpcError) as refusal:
        await running.stub.ScanObject(pb.ScanObjectRequest(id="x", object=missing))
    assert refusal.value.code() is grpc.StatusCode.NOT_FOUND


def queued(stored: ObjectRef, *, tenant: str = "tenant", item: str = "item-3") -> Event:
    meta = event_meta(
        event_id="e", tenant=tenant, source="test", occurred_at=1_700_000_000.0, policy_version=""
    )
    message = pb.MediaQueued(meta=meta, id=item, account="acct", object=object_to_proto(stored))
    return Event(topics.MEDIA_UPLOADS, 0, 0, b"acct", message.SerializeToString())


def handler(scanner: Scanner, objects: MemoryStore, published: MemoryPublisher) -> UploadHandler:
    record = partial(Metrics("media_scanner").record_outcome, "media")
    outbox = PublisherOutbox(published)
    return UploadHandler(scanner, objects, outbox, ManualClock(), max_bytes=MAX_BYTES, record=record)


async def test_a_queued_upload_is_scanned_and_announced_under_its_own_time(scanner: Scanner) -> None:
    objects, published = MemoryStore(), MemoryPublisher()
    stored = await objects.put(GENERATED, content_type="image/png")
    handle = handler(scanner, objects, published)
    await handle(queued(stored))
    await handle(queued(stored))
    first, second = published.records
    assert first == second
    event = pb.MediaScanned.FromString(first.value)
    assert event.meta.tenant == "tenant"
    assert event.meta.occurred_at.seconds == 1_700_000_000
    assert event.verdict.ai_generated.verdict == ProvenanceVerdict.YES


async def test_events_that_can_never_be_handled_are_rejected_with_their_reason(scanner: Scanner) -> None:
    objects, published = MemoryStore(), MemoryPublisher()
    stored = await objects.put(GENERATED, content_type="image/png")
    handle = handler(scanner, objects, published)
    cases = {
        "MALFORMED": Event(topics.MEDIA_UPLOADS, 0, 0, None, b"\xff\xff"),
        "MISSING_TENANT": queued(stored, tenant=""),
        "MISSING_ID": queued(stored, item=""),
        "BAD_SHA256": queued(ObjectRef("nothing", 1)),
        "OBJECT_NOT_FOUND": queued(ObjectRef("0" * 64, 1)),
    }
    for code, event in cases.items():
        with pytest.raises(RejectedEventError) as rejection:
            await handle(event)
        assert rejection.value.code == code
    assert published.records == []


class DeafStore(MemoryStore):
    async def get(self, sha256: str, *, max_bytes: int) -> bytes:
        raise UnavailableError("not now")


async def test_a_store_that_does_not_answer_is_tried_again(scanner: Scanner) -> None:
    with pytest.raises(RetryableError):
        await handler(scanner, DeafStore(), MemoryPublisher())(queued(ObjectRef("0" * 64, 1)))
