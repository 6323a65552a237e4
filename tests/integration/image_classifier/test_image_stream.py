"""Queued pictures: judged by reference, refused with a reason, tried again where that may help."""

from dataclasses import dataclass

import pytest
from PIL import Image

from services.chassis.clock import ManualClock
from services.chassis.errors import UnavailableError
from services.chassis.metrics import Metrics
from services.chassis.objects.memory import MemoryStore
from services.chassis.objects.store import ObjectRef, reference
from services.chassis.streams.event import Event
from services.chassis.streams.publisher import MemoryPublisher
from services.chassis.streams.stage import RejectedEventError, RetryableError
from services.chassis.streams.topics import IMAGE_REQUESTS, IMAGE_SIGNALS
from services.chassis.translate import event_meta, object_to_proto
from services.contracts.image_classifier.v1 import image_classifier_pb2 as pb
from services.contracts.vocabulary import AbsenceCause, Decision
from services.image_classifier.classifier import ImageClassifier
from services.image_classifier.inference import Inference
from services.image_classifier.policy import DEFAULT_POLICY, ImagePolicy
from services.image_classifier.stream import ImageRequests
from services.imaging.decoder import ThreadDecoder
from services.imaging.limits import DecodeLimits
from services.imaging.workers import BoundedWorkers
from tests.unit.image_classifier.colour_model import ColourModel
from tests.unit.imaging.pictures import file

RED = file(Image.new("RGB", (32, 32), (255, 0, 0)))


class DownStore(MemoryStore):
    """Answers nothing."""

    async def get(self, sha256: str, *, max_bytes: int) -> bytes:
        raise UnavailableError("the store is down")


@dataclass
class Harness:
    """The handler with everything around it in memory."""

    handler: ImageRequests
    objects: MemoryStore
    published: MemoryPublisher

    def verdicts(self) -> list[pb.ImageClassified]:
        assert {record.topic for record in self.published.records} <= {IMAGE_SIGNALS}
        return [pb.ImageClassified.FromString(record.value) for record in self.published.records]


def harness(objects: MemoryStore | None = None, *, max_pending: int = 4) -> Harness:
    objects = objects or MemoryStore()
    published = MemoryPublisher()
    workers = BoundedWorkers("test", threads=1, max_pending=max_pending)
    inference = Inference([ColourModel()], workers, timeout_seconds=30, timed=lambda *_: None)
    classifier = ImageClassifier(
        ThreadDecoder(workers, DecodeLimits()), inference, ImagePolicy.load(DEFAULT_POLICY), Metrics("test")
    )
    handler = ImageRequests(classifier, objects, published, clock=ManualClock(), max_bytes=1_000_000)
    return Harness(handler, objects, published)


def queued(stored: ObjectRef, *, tenant: str = "t", item: str = "i1", generation: str = "g1") -> Event:
    meta = event_meta(event_id="e", tenant=tenant, source="test", occurred_at=0.0, policy_version="")
    message = pb.ImageQueued(
        meta=meta, id=item, account="a1", generation_id=generation, object=object_to_proto(stored)
    )
    return Event(IMAGE_REQUESTS, 0, 0, b"k", message.SerializeToString())


async def test_a_stored_picture_is_judged_and_the_verdict_stated() -> None:
    system = harness()
    stored = await system.objects.put(RED, content_type="image/png")
    await system.handler(queued(stored))
    (event,) = system.verdicts()
    assert event.verdict.decision == Decision.BLOCK
    assert (event.account, event.generation_id, event.verdict.id) == ("a1", "g1", "i1")
    assert event.verdict.object.sha256 == stored.sha256
    assert event.verdict.event_id == event.meta.event_id
    assert system.published.records[0].key == b"g1"


async def test_the_same_picture_again_is_the_same_fact() -> None:
    system = harness()
    stored = await system.objects.put(RED)
    for _ in range(2):
        await system.handler(queued(stored, generation=""))
    one, other = system.published.records
    assert one == other
    assert one.key == b"i1"


async def test_an_unreadable_picture_is_a_dead_letter_and_an_absent_verdict() -> None:
    system = harness()
    stored = await system.objects.put(RED[:50])
    with pytest.raises(RejectedEventError) as rejected:
        await system.handler(queued(stored))
    assert rejected.value.code in {"TRUNCATED_IMAGE", "CORRUPT_IMAGE"}
    (event,) = system.verdicts()
    assert [absent.cause for absent in event.verdict.absent] == [AbsenceCause.FAILED]
    assert not event.verdict.scores
    assert event.verdict.decision == Decision.BLOCK


async def test_a_picture_that_is_not_there_is_a_dead_letter_and_an_absent_verdict() -> None:
    system = harness()
    with pytest.raises(RejectedEventError) as rejected:
        await system.handler(queued(reference(RED, "image/png")))
    assert rejected.value.code == "OBJECT_NOT_FOUND"
    assert system.verdicts()[0].verdict.absent[0].detail == "OBJECT_NOT_FOUND"


async def test_a_store_that_is_down_is_tried_again() -> None:
    system = harness(DownStore())
    with pytest.raises(RetryableError):
        await system.handler(queued(reference(RED, "image/png")))
    assert not system.published.records


async def test_an_overloaded_process_tries_again() -> None:
    system = harness(max_pending=0)
    with pytest.raises(RetryableError) as later:
        await system.handler(queued(await system.objects.put(RED)))
    assert later.value.code == "OVERLOADED"


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (Event(IMAGE_REQUESTS, 0, 0, None, b"\xff\xff"), "MALFORMED_EVENT"),
        (queued(reference(RED, ""), tenant=""), "MISSING_TENANT"),
        (queued(reference(RED, ""), item=""), "MISSING_ID"),
        (queued(ObjectRef("no hash", 1)), "BAD_SHA256"),
    ],
)
async def test_what_is_no_request_is_rejected_with_its_reason(event: Event, code: str) -> None:
    system = harness()
    with pytest.raises(RejectedEventError) as rejected:
        await system.handler(event)
    assert rejected.value.code == code
    assert not system.published.records
