"""JSON lines in and out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.chassis.clock import ManualClock
from services.chassis.errors import InvalidInputError
from services.contracts.vocabulary import Decision, Severity
from services.enforcement.lines import line_from_event, line_from_recorded, violation_from_line
from tests.unit.enforcement.builders import NOW, enforcement_in_memory, violation


def line(**changes: Any) -> dict[str, Any]:
    return {
        "id": "e-1",
        "account": "a",
        "item": "i",
        "category": "graphic_violence",
        "severity": "high",
        "decision": "BLOCK",
        "occurred_at": NOW,
        **changes,
    }


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (1_700_000_000, 1_700_000_000.0),
        (1_700_000_000.5, 1_700_000_000.5),
        ("2023-11-14T22:13:20Z", 1_700_000_000.0),
        ("2023-11-14T22:13:20", 1_700_000_000.0),
        ("2023-11-14T23:13:20+01:00", 1_700_000_000.0),
        (None, None),
    ],
)
def test_moments_are_iso_or_seconds(written: object, seconds: float | None) -> None:
    assert violation_from_line(line(occurred_at=written)).occurred_at == seconds


def test_words_are_read_in_either_case() -> None:
    read = violation_from_line(line(decision="block", severity="HIGH"))
    assert (read.decision, read.severity, read.event_id) == (Decision.BLOCK, Severity.HIGH, "e-1")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": ""}, "INVALID_ID"),
        ({"account": 7}, "INVALID_ACCOUNT"),
        ({"item": None}, "INVALID_ITEM"),
        ({"category": "rude"}, "UNKNOWN_CATEGORY"),
        ({"severity": 3}, "UNKNOWN_SEVERITY"),
        ({"decision": ""}, "UNKNOWN_DECISION"),
        ({"occurred_at": "yesterday"}, "INVALID_OCCURRED_AT"),
        ({"occurred_at": True}, "INVALID_OCCURRED_AT"),
        ({"catgeory": "x"}, "UNKNOWN_FIELD"),
    ],
)
def test_a_line_that_is_unfit_is_refused_by_name(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        violation_from_line(line(**changes))
    assert refused.value.code == code


async def test_a_result_is_the_contracts_line() -> None:
    enforcement = await enforcement_in_memory(ManualClock(NOW))
    await enforcement.record(violation(1))
    result = line_from_recorded(await enforcement.record(violation(2)))
    assert json.loads(json.dumps(result)) == {
        "id": "event-2",
        "account": "account-1",
        "standing": "suspended",
        "restrictions": [
            {"kind": "generation", "until": "2023-11-16T22:13:20+00:00", "event_id": "event-2"},
            {"kind": "all", "until": "2023-11-15T22:13:20+00:00", "event_id": "event-2"},
        ],
        "reasons": [
            {"category": "violence", "severity": "high", "rule": "ladder:warn"},
            {"category": "violence", "severity": "high", "rule": "ladder:limit"},
            {"category": "violence", "severity": "high", "rule": "ladder:suspend"},
        ],
    }


async def test_every_kind_of_event_has_its_line() -> None:
    enforcement = await enforcement_in_memory(ManualClock(NOW))
    await enforcement.record(violation(1))
    await enforcement.appeal("account-1", "event-1", "why")
    lines = [line_from_event(event) for event in (await enforcement.events("account-1")).events]
    assert [(one["kind"], one["decision"], one["statement"]) for one in lines] == [
        ("violation", "BLOCK", ""),
        ("appeal_filed", None, "why"),
    ]
