"""Prompt and picture of one generation, in either order, become one joint decision."""

from __future__ import annotations

import pytest

from services.chassis.streams import topics
from services.contracts.image_classifier.v1 import image_classifier_pb2 as image_pb
from services.contracts.joint_scorer.v1 import joint_scorer_pb2 as joint_pb
from services.contracts.vocabulary import AbsenceCause, Category, Decision
from services.demo import pictures
from services.demo.system import LocalSystem
from tests.integration.system import groups
from tests.integration.system.clients import Clients
from tests.integration.system.items import queued_image, store
from tests.integration.system.prompts import benign
from tests.integration.system.tap import Tap

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def ask(clients: Clients, tap: Tap, generation: str) -> None:
    """The prompt's half, taken on by the joint scorer."""
    await clients.check(benign(f"{generation}-prompt", generation_id=generation))
    await tap.records(topics.PROMPT_DECISIONS, lambda record: record.key == generation.encode())
    await tap.caught_up(groups.PROMPT_HALVES, topics.PROMPT_DECISIONS)


async def draw(system: LocalSystem, tap: Tap, generation: str) -> None:
    """The picture's half: stored, queued by reference, classified, taken on by the joint scorer."""
    picture = next(pictures.photographs()).content
    stored = await store(system.objects, picture, "image/jpeg")
    item = f"{generation}-picture"
    await tap.write(
        topics.IMAGE_REQUESTS, queued_image(item, stored, generation_id=generation), key=generation
    )
    classified = await tap.message(
        topics.IMAGE_SIGNALS, image_pb.ImageClassified, lambda each: each.generation_id == generation
    )
    assert (classified.verdict.id, classified.verdict.object.sha256) == (item, stored.sha256)
    await tap.caught_up(groups.IMAGE_HALVES, topics.IMAGE_SIGNALS)


@pytest.mark.parametrize("first", ["prompt", "picture"])
async def test_the_halves_are_joined(system: LocalSystem, clients: Clients, tap: Tap, first: str) -> None:
    generation = f"joined-{first}-first"

    async def come(half: str) -> None:
        await (ask(clients, tap, generation) if half == "prompt" else draw(system, tap, generation))

    def decided() -> list[joint_pb.JointDecided]:
        return tap.messages(
            topics.JOINT_DECISIONS, joint_pb.JointDecided, lambda each: each.generation_id == generation
        )

    await come(first)
    await tap.read_to_end(topics.JOINT_DECISIONS)
    assert not decided(), "one half alone is decided only when its time is up"

    await come("picture" if first == "prompt" else "prompt")
    await tap.read_to_end(topics.JOINT_DECISIONS)
    (joint,) = decided()
    assert joint.verdict.decision == Decision.ALLOW
    # The prompt's scores are in it, and what the picture's half lacked is named, not the half.
    assert {score.category for score in joint.verdict.scores} == set(Category)
    absent = {signal.detector: signal.cause for signal in joint.verdict.absent}
    assert absent["image_model"] == AbsenceCause.NOT_CONFIGURED
    assert not {"image", "prompt"} & absent.keys()
