"""What cannot be handled: kept with its reason, listed, put back, and never in the way of the rest."""

from __future__ import annotations

import pytest
from aiokafka import ConsumerRecord

from services.chassis.objects.store import reference
from services.chassis.streams import dead_letters as letter
from services.chassis.streams import topics
from services.chassis.streams.replay import REPLAY_OF
from services.contracts.media_scanner.v1 import media_scanner_pb2 as media_pb
from services.demo import pictures
from services.demo.system import LocalSystem
from tests.integration.cli.command import palisade
from tests.integration.system.groups import CLASSIFY, CONSUMED
from tests.integration.system.items import queued_media, store
from tests.integration.system.tap import Tap

pytestmark = pytest.mark.asyncio(loop_scope="package")

UNREADABLE = b"\xff not a message"


def headers_of(record: ConsumerRecord) -> dict[str, str]:
    return {name: value.decode() for name, value in record.headers}


async def dead_letters(tap: Tap, topic: str, key: str, *, count: int = 1) -> list[dict[str, str]]:
    """The headers of the dead letters with this key, without the settlements of replays."""
    records = await tap.records(
        topics.dead_letters(topic),
        lambda record: record.key == key.encode() and letter.REASON in dict(record.headers),
        count=count,
    )
    return [headers_of(record) for record in records]


@pytest.mark.parametrize(("topic", "group"), CONSUMED, ids=[topic for topic, _ in CONSUMED])
async def test_an_unreadable_record_is_set_aside_with_its_reason(tap: Tap, topic: str, group: str) -> None:
    written = await tap.write(topic, UNREADABLE, key="unreadable")
    (headers,) = await dead_letters(tap, topic, "unreadable")
    assert headers[letter.REASON] in {"MALFORMED", "MALFORMED_EVENT"}
    assert headers[letter.STAGE] == group.removeprefix("palisade.")
    assert headers[letter.TOPIC] == topic
    assert headers[letter.PARTITION] == str(written.partition)
    assert headers[letter.OFFSET] == str(written.offset)
    assert headers[letter.ATTEMPTS] == "1"
    await tap.caught_up(group, topic)


async def test_a_dead_letter_is_handled_once_its_cause_is_gone(system: LocalSystem, tap: Tap) -> None:
    item, topic = "stored-too-late", topics.MEDIA_UPLOADS
    picture = next(pictures.photographs()).content + b"one more"
    await tap.write(topic, queued_media(item, reference(picture, "image/jpeg")), key=item)
    (headers,) = await dead_letters(tap, topic, item)
    assert headers[letter.REASON] == "OBJECT_NOT_FOUND"

    chosen = (topic, "--reason", "OBJECT_NOT_FOUND", "--json")
    at = ("--bootstrap-servers", system.bootstrap_servers)
    listed = await palisade("dlq", "list", *chosen, *at)
    assert listed.lines[0]["reasons"] == {"OBJECT_NOT_FOUND": 1}
    assert listed.lines[0]["stages"] == {"media_scanner.scan_uploads": 1}
    dry = await palisade("dlq", "replay", *chosen, "--dry-run", *at)
    assert (dry.lines[0]["chosen"], dry.lines[0]["replayed"]) == (1, 0)

    await store(system.objects, picture, "image/jpeg")
    done = await palisade("dlq", "replay", *chosen, *at)
    assert (done.status, done.lines[0]["chosen"], done.lines[0]["replayed"]) == (0, 1, 1)
    scanned = await tap.message(
        topics.MEDIA_SCANS, media_pb.MediaScanned, lambda each: each.verdict.id == item
    )
    assert scanned.verdict.object.size == len(picture)
    left = await palisade("dlq", "list", *chosen, *at)
    assert left.lines[0]["listed"] == 0


async def test_what_still_cannot_be_handled_is_dead_again(system: LocalSystem, tap: Tap) -> None:
    topic, key = topics.IMAGE_REQUESTS, "unreadable-for-ever"
    await tap.write(topic, UNREADABLE, key=key)
    (first,) = await dead_letters(tap, topic, key)
    at = ("--json", "--bootstrap-servers", system.bootstrap_servers)
    done = await palisade("dlq", "replay", topic, "--rate", "1000", *at)
    before = done.lines[0]["open"]
    assert (done.status, done.lines[0]["replayed"]) == (0, before)
    _, second = await dead_letters(tap, topic, key, count=2)
    assert second[letter.REASON] == first[letter.REASON]
    assert second[letter.FIRST_SEEN] == first[letter.FIRST_SEEN]
    assert int(second[letter.OFFSET]) > int(first[letter.OFFSET])
    assert second[letter.ATTEMPTS] == "1"
    assert second[REPLAY_OF].startswith(f"{topics.dead_letters(topic)}/")
    await tap.caught_up(CLASSIFY, topic)
    after = (await palisade("dlq", "list", topic, *at)).lines[0]["open"]
    assert after == before, "each is settled and dead again, none is lost and none is double"
