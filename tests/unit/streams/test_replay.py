"""Which dead letters are chosen, what goes back, and how fast."""

import asyncio
from types import SimpleNamespace

from services.chassis.clock import ManualClock
from services.chassis.streams import dead_letters as named
from services.chassis.streams.dead_letter_log import SETTLED, DeadLetterRecord, key_hash
from services.chassis.streams.publisher import MemoryPublisher
from services.chassis.streams.replay import REPLAY_OF, ReplayFilter, put_back


def letter(offset: int, *, reason: str = "BAD", stage: str = "s", topic: str = "t") -> DeadLetterRecord:
    """A dead letter of topic `t`."""
    headers = {
        "trace": b"own",
        named.REASON: reason.encode(),
        named.STAGE: stage.encode(),
        named.TOPIC: topic.encode(),
        named.PARTITION: b"2",
        named.OFFSET: b"41",
        named.ATTEMPTS: b"3",
        named.FIRST_SEEN: b"100.000",
    }
    record = SimpleNamespace(
        topic="t.dlq", partition=0, offset=offset, key=b"k", value=b"v", timestamp=160_000
    )
    return DeadLetterRecord(record, headers)


def test_information_holds_no_payload() -> None:
    info = letter(7).info(now=200.0)
    assert info.origin == "t[2]@41"
    assert (info.attempts, info.first_seen, info.age_seconds) == (3, 100.0, 40.0)
    assert (info.key_hash, info.value_bytes, info.replayable) == (key_hash(b"k"), 1, True)
    assert b"v" not in vars_of(info)


def vars_of(info: object) -> list[object]:
    """Values of a slotted dataclass."""
    return [getattr(info, name) for name in info.__slots__]  # type: ignore[attr-defined]


def test_the_filter_takes_what_matches_all_of_it() -> None:
    letters = [letter(0), letter(1, reason="ODD"), letter(2, stage="other"), letter(3)]
    assert [chosen.record.offset for chosen in ReplayFilter().choose(letters)] == [0, 1, 2, 3]
    assert [chosen.record.offset for chosen in ReplayFilter(reason="BAD", stage="s").choose(letters)] == [
        0,
        3,
    ]
    assert [chosen.record.offset for chosen in ReplayFilter(limit=2).choose(letters)] == [0, 1]
    assert ReplayFilter(key_hash="0" * 12).choose(letters) == []


def test_letters_of_another_topic_or_without_value_are_not_replayable() -> None:
    assert not letter(0, topic="elsewhere").replayable
    cut = letter(0)
    assert not DeadLetterRecord(cut.record, {**cut.headers, named.VALUE_OMITTED: b"1"}).replayable


async def test_a_replay_keeps_the_pace_and_settles_each_after_its_replay() -> None:
    publisher, clock = MemoryPublisher(), ManualClock(0.0)
    replaying = asyncio.create_task(
        put_back([letter(0), letter(1), letter(2)], publisher, rate=2.0, clock=clock)
    )
    await clock.advance(0.0)
    assert len(publisher.records) == 2
    await clock.advance(0.4)
    assert len(publisher.records) == 2
    await clock.advance(0.6)
    await replaying
    replayed, settled = publisher.records[0::2], publisher.records[1::2]
    assert [record.topic for record in replayed] == ["t"] * 3
    assert replayed[0].headers == {
        "trace": b"own",
        named.FIRST_SEEN: b"100.000",
        REPLAY_OF: b"t.dlq/0:0",
    }
    assert (replayed[0].key, replayed[0].value) == (b"k", b"v")
    assert [(record.topic, record.headers) for record in settled] == [
        ("t.dlq", {SETTLED: f"0:{offset}".encode()}) for offset in range(3)
    ]
