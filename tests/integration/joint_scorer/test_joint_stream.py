"""Two topics in, joint decisions out: exactly one effective verdict, whatever happens on the way."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest

from services.chassis.clock import ManualClock
from services.chassis.metrics import Metrics
from services.chassis.streams.event import Event
from services.chassis.streams.publisher import MemoryPublisher, PublishError
from services.chassis.streams.stage import RejectedEventError, RetryableError
from services.chassis.streams.topics import IMAGE_SIGNALS, JOINT_DECISIONS, PROMPT_DECISIONS
from services.chassis.translate import event_meta, scores_to_proto
from services.contracts.common.v1 import common_pb2
from services.contracts.image_classifier.v1 import image_classifier_pb2 as image_pb
from services.contracts.joint_scorer.v1 import joint_scorer_pb2 as pb
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as prompt_pb
from services.contracts.vocabulary import AbsenceCause, Category, Decision
from services.joint_scorer.adapters.memory import MemoryPendingHalves
from services.joint_scorer.adapters.sql import SqlPendingHalves
from services.joint_scorer.joiner import Joiner
from services.joint_scorer.ports import PendingHalves
from services.joint_scorer.stream import Halves, Statements, read_image_classified, read_prompt_decided
from services.joint_scorer.sweeper import Sweeper
from tests.unit.joint_scorer.evidence import POLICY

SEED = 20261122


class FlakyPublisher(MemoryPublisher):
    """Fails as often as told, before or after the record was written."""

    failures: list[str]

    def __init__(self) -> None:
        super().__init__()
        self.failures = []

    async def publish(
        self, topic: str, *, key: bytes | None, value: bytes, headers: Mapping[str, bytes] | None = None
    ) -> None:
        failure = self.failures.pop() if self.failures else ""
        if failure != "before":
            await super().publish(topic, key=key, value=value, headers=headers)
        if failure:
            raise PublishError("not acknowledged")


@dataclass
class System:
    """One worker's parts; several may share a store and a publisher."""

    prompts: Halves
    images: Halves
    sweeper: Sweeper
    clock: ManualClock
    published: FlakyPublisher
    metrics: Metrics

    @classmethod
    def on(cls, store: PendingHalves, clock: ManualClock, published: FlakyPublisher) -> System:
        metrics = Metrics("joint_scorer")
        joiner = Joiner(store, Statements(published), POLICY, clock=clock, metrics=metrics)
        sweeper = Sweeper(joiner, clock=clock, interval_seconds=1, restate_after_seconds=30, batch=2)
        prompts = Halves(joiner, read_prompt_decided, clock=clock)
        images = Halves(joiner, read_image_classified, clock=clock)
        return cls(prompts, images, sweeper, clock, published, metrics)

    def decided(self) -> list[pb.JointDecided]:
        assert {record.topic for record in self.published.records} <= {JOINT_DECISIONS}
        return [pb.JointDecided.FromString(record.value) for record in self.published.records]


@pytest.fixture(params=["memory", "sql"])
async def store(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[PendingHalves]:
    if request.param == "memory":
        yield MemoryPendingHalves()
        return
    sql = SqlPendingHalves.at(database_url)
    await sql.start()
    yield sql
    await sql.stop()


@pytest.fixture
def system(store: PendingHalves) -> System:
    return System.on(store, ManualClock(), FlakyPublisher())


def meta(tenant: str = "t") -> common_pb2.EventMeta:
    return event_meta(event_id="e", tenant=tenant, source="s", occurred_at=0.0, policy_version="p")


def prompt(generation: str, score: float, *, tenant: str = "t", account: str = "a1") -> Event:
    verdict = prompt_pb.PromptVerdict(id=f"p-{generation}", scores=scores_to_proto({Category.SEXUAL: score}))
    event = prompt_pb.PromptDecided(
        meta=meta(tenant), account=account, generation_id=generation, verdict=verdict
    )
    return Event(PROMPT_DECISIONS, 0, 0, generation.encode(), event.SerializeToString())


def image(generation: str, score: float) -> Event:
    verdict = image_pb.ImageVerdict(id=f"i-{generation}", scores=scores_to_proto({Category.SEXUAL: score}))
    event = image_pb.ImageClassified(meta=meta(), account="a1", generation_id=generation, verdict=verdict)
    return Event(IMAGE_SIGNALS, 0, 0, generation.encode(), event.SerializeToString())


@pytest.mark.parametrize("prompt_first", [True, False])
async def test_both_halves_make_one_decision(system: System, prompt_first: bool) -> None:
    handlers = [(system.prompts, prompt("g", 0.6)), (system.images, image("g", 0.6))]
    for handle, event in handlers if prompt_first else handlers[::-1]:
        await handle(event)
    (told,) = system.decided()
    assert told.verdict.decision == Decision.REVIEW
    assert (told.generation_id, told.account, told.verdict.id) == ("g", "a1", "g")
    assert not told.verdict.absent
    assert system.published.records[0].key == b"a1"


async def test_halves_delivered_again_state_nothing_new(system: System) -> None:
    for _ in range(3):
        await system.prompts(prompt("g", 0.1))
        await system.images(image("g", 0.1))
    assert len(system.decided()) == 1


async def test_a_blocked_prompt_is_decided_at_once(system: System) -> None:
    await system.prompts(prompt("g", 0.99))
    (event,) = system.decided()
    assert event.verdict.decision == Decision.BLOCK
    assert event.verdict.absent[0].cause == AbsenceCause.MISSING_INPUT
    await system.images(image("g", 0.99))
    assert len(system.decided()) == 1


async def test_a_half_that_never_comes_is_decided_by_time(system: System) -> None:
    for name in ("g1", "g2", "g3"):
        await system.prompts(prompt(name, 0.1))
    await system.clock.advance(POLICY.timeout_seconds - 1)
    await system.sweeper.sweep()
    assert not system.decided()
    await system.clock.advance(1)
    await system.sweeper.sweep()
    await system.sweeper.sweep()
    assert sorted(event.generation_id for event in system.decided()) == ["g1", "g2", "g3"]


async def test_a_late_and_graver_half_supersedes_under_another_id(system: System) -> None:
    await system.prompts(prompt("g", 0.1))
    await system.clock.advance(POLICY.timeout_seconds)
    await system.sweeper.sweep()
    await system.images(image("g", 0.99))
    first, second = system.decided()
    assert (first.verdict.decision, second.verdict.decision) == (Decision.ALLOW, Decision.BLOCK)
    assert first.meta.event_id != second.meta.event_id


@pytest.mark.parametrize("failure", ["before", "after"])
async def test_a_verdict_is_stated_until_it_is_acknowledged(system: System, failure: str) -> None:
    await system.prompts(prompt("g", 0.1))
    system.published.failures = [failure]
    with pytest.raises(RetryableError):
        await system.images(image("g", 0.1))
    await system.images(image("g", 0.1))
    assert len({event.SerializeToString(deterministic=True) for event in system.decided()}) == 1


async def test_a_verdict_whose_worker_died_is_stated_by_another(store: PendingHalves) -> None:
    clock, published = ManualClock(), FlakyPublisher()
    dying, other = System.on(store, clock, published), System.on(store, clock, published)
    await dying.prompts(prompt("g", 0.1))
    published.failures = ["before"]
    with pytest.raises(RetryableError):
        await dying.images(image("g", 0.1))
    await other.sweeper.sweep()
    assert not other.decided()
    await clock.advance(31)
    await other.sweeper.sweep()
    await other.sweeper.sweep()
    assert len(other.decided()) == 1


async def test_tenants_do_not_meet(system: System) -> None:
    await system.prompts(prompt("g", 0.1, tenant="other"))
    await system.images(image("g", 0.1))
    assert not system.decided()


async def test_an_item_without_a_generation_is_decided_alone_once(system: System) -> None:
    for _ in range(2):
        await system.prompts(prompt("", 0.99, account=""))
    (event,) = system.decided()
    assert (event.generation_id, event.verdict.id) == ("", "p-")
    assert system.published.records[0].key == b"p-"


async def test_decided_generations_are_forgotten_after_their_retention(
    system: System, store: PendingHalves
) -> None:
    await system.prompts(prompt("g", 0.99))
    await system.clock.advance(POLICY.retention_seconds + 1)
    await system.sweeper.sweep()
    assert await store.forget(decided_by=system.clock.now()) == 0
    assert len(system.decided()) == 1


@pytest.mark.parametrize(
    ("value", "code"), [(b"\xff\xff", "MALFORMED_EVENT"), (b"", "MISSING_ID")], ids=["no message", "empty"]
)
async def test_what_is_no_half_is_rejected(system: System, value: bytes, code: str) -> None:
    with pytest.raises(RejectedEventError) as rejected:
        await system.images(Event(IMAGE_SIGNALS, 0, 0, None, value))
    assert rejected.value.code == code


async def test_any_interleaving_gives_each_generation_one_effective_verdict(store: PendingHalves) -> None:
    """Two workers, events shuffled and repeated, publishing that fails now and then."""
    rng = random.Random(SEED)
    clock, published = ManualClock(), FlakyPublisher()
    workers = [System.on(store, clock, published) for _ in range(2)]
    names = [f"g{number}" for number in range(20)]
    deliveries = [("prompt", name) for name in names] + [("image", name) for name in names]
    deliveries += rng.choices(deliveries, k=20)
    rng.shuffle(deliveries)
    for kind, name in deliveries:
        worker = rng.choice(workers)
        published.failures = rng.choices(["", "before", "after"], weights=[3, 1, 1], k=1)
        handle, event = (
            (worker.prompts, prompt(name, 0.4)) if kind == "prompt" else (worker.images, image(name, 0.4))
        )
        while True:
            try:
                await handle(event)
            except RetryableError:
                continue
            break
    stated: dict[str, set[str]] = {}
    for told in workers[0].decided():
        stated.setdefault(told.generation_id, set()).add(told.meta.event_id)
    assert stated.keys() == set(names)
    assert all(len(ids) == 1 for ids in stated.values())
