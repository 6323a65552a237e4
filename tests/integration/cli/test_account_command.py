"""`palisade account` on a database of its own."""

from pathlib import Path

import pytest

from tests.integration.cli.command import json_lines, palisade

VIOLATION = {
    "id": "violation-1",
    "account": "a-1",
    "item": "item-1",
    "category": "sexual",
    "severity": "high",
    "decision": "BLOCK",
    "occurred_at": "2024-05-01T12:00:00Z",
}


@pytest.fixture
def database(tmp_path: Path) -> tuple[str, str]:
    return ("--database", f"sqlite:///{tmp_path / 'accounts.db'}")


async def test_a_violation_from_record_to_reversal(database: tuple[str, str]) -> None:
    recent = {name: value for name, value in VIOLATION.items() if name != "occurred_at"}
    recorded = await palisade("account", "record", "--jsonl", *database, stdin=json_lines([recent]))
    assert recorded.status == 0
    line = recorded.lines[0]
    assert list(line) == ["id", "account", "standing", "restrictions", "reasons"]
    assert (line["id"], line["account"]) == ("violation-1", "a-1")
    assert line["standing"] != "good"
    assert list(line["reasons"][0]) == ["category", "severity", "rule", "start", "end"]

    filed = await palisade("account", "appeal", "a-1", "violation-1", "--json", *database)
    assert filed.status == 0
    appeal = filed.lines[0]["appeal"]
    ruling = ["--outcome", "overturned", "--moderator", "Ann"]
    resolved = await palisade("account", "resolve", "a-1", appeal, *ruling, "--json", *database)
    assert resolved.status == 0
    assert resolved.lines[0]["standing"] == "good"

    events = await palisade("account", "events", "--jsonl", *database, stdin='{"id": 1, "account": "a-1"}\n')
    kinds = [event["kind"] for event in events.lines[0]["events"]]
    assert kinds == ["violation", "appeal_filed", "appeal_overturned", "void"]
    standing = await palisade("account", "standing", "a-1", "never-seen", "--json", *database)
    assert [line["standing"] for line in standing.lines] == ["good", "good"]


async def test_the_same_line_twice_is_one_event(database: tuple[str, str]) -> None:
    epoch = {**VIOLATION, "id": 2, "occurred_at": 1_714_564_800}
    once = json_lines([VIOLATION, epoch])
    first = await palisade("account", "record", "--jsonl", *database, stdin=once + once)
    again = await palisade("account", "record", "--jsonl", *database, stdin=once)
    assert first.status == again.status == 0
    assert first.lines[:2] == first.lines[2:] == again.lines
    assert [line["id"] for line in again.lines] == ["violation-1", 2]
    events = await palisade("account", "events", "a-1", "--json", *database)
    assert [event["id"] for event in events.lines[0]["events"]] == ["violation-1", "2"]


async def test_a_violation_by_options_has_a_derived_id(database: tuple[str, str]) -> None:
    stated = [
        f"--{name}={VIOLATION[name]}" for name in ("account", "item", "category", "severity", "decision")
    ]
    first = await palisade("account", "record", "--json", *stated, *database)
    again = await palisade("account", "record", "--json", *stated, *database)
    assert first.status == 0
    assert first.lines == again.lines
    events = await palisade("account", "events", "a-1", "--json", *database)
    assert [event["id"] for event in events.lines[0]["events"]] == [first.lines[0]["id"]]


async def test_unfit_lines_carry_errors(database: tuple[str, str]) -> None:
    stdin = json_lines(
        [
            {**VIOLATION, "category": "unheard"},
            {**VIOLATION, "occurred_at": "yesterday"},
            {name: value for name, value in VIOLATION.items() if name != "account"},
            VIOLATION,
            {**VIOLATION, "item": "another"},
        ]
    )
    ended = await palisade("account", "record", "--jsonl", *database, stdin=stdin)
    assert ended.status == 1
    codes = [line["error"]["code"] if "error" in line else None for line in ended.lines]
    assert codes == ["UNKNOWN_CATEGORY", "INVALID_OCCURRED_AT", "INVALID_ACCOUNT", None, "EVENT_ID_REUSED"]


async def test_what_is_not_known_is_said_so(database: tuple[str, str]) -> None:
    ended = await palisade("account", "appeal", "nobody", "nothing", "--json", *database)
    assert ended.status == 1
    assert ended.lines[0]["error"]["code"] == "NO_SUCH_VIOLATION"


async def test_a_database_nobody_knows_is_bad_usage() -> None:
    assert (await palisade("account", "standing", "a", "--database", "mysql://h/d")).status == 2
