"""`palisade dlq` on the embedded broker."""

from collections.abc import AsyncIterator

import pytest

from services.chassis.clock import SystemClock
from services.chassis.metrics import Metrics
from services.chassis.settings import KafkaSettings
from services.chassis.streams.dead_letters import Failure, headers_of
from services.chassis.streams.embedded import EmbeddedBroker
from services.chassis.streams.event import Event
from services.chassis.streams.kafka_publisher import KafkaPublisher
from services.chassis.streams.topics import dead_letters
from tests.integration.cli.command import palisade

PAYLOAD = b"a-payload-that-must-not-be-shown"


@pytest.fixture
async def letters(embedded_broker: EmbeddedBroker, topic_name: str) -> AsyncIterator[tuple[str, str]]:
    """A topic with three dead letters of two reasons, and the broker it is on."""
    embedded_broker.create_topic(topic_name, 1)
    embedded_broker.create_topic(dead_letters(topic_name), 1)
    kafka = KafkaSettings(bootstrap_servers=embedded_broker.bootstrap_servers)
    publisher = KafkaPublisher(kafka, metrics=Metrics("test"), clock=SystemClock())
    await publisher.start()
    for offset, reason in enumerate(["MALFORMED", "MALFORMED", "UNEXPECTED"]):
        event = Event(topic_name, 0, offset, b"key", PAYLOAD, {}, 1_700_000_000.0)
        headers = headers_of(event, Failure(reason, "why", 1, 1_700_000_000.0), "a.stage")
        await publisher.publish(dead_letters(topic_name), key=b"key", value=PAYLOAD, headers=headers)
    yield topic_name, embedded_broker.bootstrap_servers
    await publisher.stop()


async def test_counts_are_listed_and_replay_settles(letters: tuple[str, str]) -> None:
    topic, servers = letters
    at = ("--json", "--bootstrap-servers", servers)
    listed = await palisade("dlq", "list", topic, *at)
    assert listed.status == 0
    assert listed.lines[0]["open"] == 3
    assert listed.lines[0]["reasons"] == {"MALFORMED": 2, "UNEXPECTED": 1}
    assert PAYLOAD.decode() not in listed.out + listed.err

    dry = await palisade("dlq", "replay", topic, "--dry-run", "--reason", "MALFORMED", *at)
    assert (dry.lines[0]["chosen"], dry.lines[0]["replayed"]) == (2, 0)
    done = await palisade(
        *("dlq", "replay", topic, "--reason", "MALFORMED", "--rate", "1000", "--limit", "1"), *at
    )
    assert done.status == 0
    assert (done.lines[0]["open"], done.lines[0]["replayed"]) == (3, 1)
    left = await palisade("dlq", "list", topic, "--jsonl", PALISADE_KAFKA__BOOTSTRAP_SERVERS=servers)
    assert left.lines[0]["reasons"] == {"MALFORMED": 1, "UNEXPECTED": 1}


async def test_an_unknown_topic_fails_and_no_broker_is_bad_usage(embedded_broker: EmbeddedBroker) -> None:
    servers = embedded_broker.bootstrap_servers
    unknown = await palisade("dlq", "list", "no-such-topic", "--bootstrap-servers", servers)
    assert unknown.status == 1
    assert "no-such-topic" in unknown.err
    assert (await palisade("dlq", "list", "any")).status == 2
