"""Decisions of other services: which strike, and what becomes of what cannot be read."""

from __future__ import annotations

from typing import Any

import pytest

from services.chassis.clock import ManualClock
from services.chassis.errors import UnavailableError
from services.chassis.streams.event import Event
from services.chassis.streams.stage import Driver, RejectedEventError, RetryableError, WindowLimits
from services.chassis.translate import event_meta
from services.contracts.common.v1 import common_pb2
from services.contracts.joint_scorer.v1 import joint_scorer_pb2
from services.contracts.media_scanner.v1 import media_scanner_pb2
from services.contracts.vocabulary import Category, Decision, Severity
from services.enforcement.adapters.memory import MemoryLedger
from services.enforcement.enforcement import Enforcement
from services.enforcement.events import AccountKey
from services.enforcement.ledger import Appended, Decide
from services.enforcement.stream import DecisionHandler, read_joint_decided, read_media_scanned, stages
from services.enforcement.translate import announcement
from tests.unit.enforcement.builders import (
    ACCOUNT,
    NOW,
    TENANT,
    enforcement_in_memory,
    enforcement_on,
    ladder,
)

VIOLENT = common_pb2.Reason(category=4, severity=2, rule="lexicon:vi-1")
GRAVER = common_pb2.Reason(category=3, severity=4, rule="score:nonconsensual")
FAILED_CLOSED = common_pb2.Reason(category=2, severity=4, rule="absent:sexual_minors")


def joint(
    decision: Decision = Decision.BLOCK,
    *reasons: common_pb2.Reason,
    account: str = ACCOUNT,
    event_id: str = "decision-1",
    tenant: str = TENANT,
    occurred_at: float = NOW,
    generation: str = "generation-1",
) -> bytes:
    meta = event_meta(
        event_id=event_id,
        tenant=tenant,
        source="joint_scorer",
        occurred_at=occurred_at,
        policy_version="joint-1",
    )
    verdict = joint_scorer_pb2.JointVerdict(id="request-1", decision=int(decision), reasons=reasons)
    decided = joint_scorer_pb2.JointDecided(
        meta=meta, account=account, generation_id=generation, verdict=verdict
    )
    return decided.SerializeToString()


def scan(decision: Decision, *reasons: common_pb2.Reason) -> bytes:
    meta = event_meta(
        event_id="scan-1", tenant=TENANT, source="media_scanner", occurred_at=NOW, policy_version="scan-1"
    )
    verdict = media_scanner_pb2.MediaVerdict(id="upload-1", decision=int(decision), reasons=reasons)
    message = media_scanner_pb2.MediaScanned(meta=meta, account=ACCOUNT, verdict=verdict)
    return message.SerializeToString()


def event(value: bytes) -> Event:
    return Event("joint.decisions", 0, 0, ACCOUNT.encode(), value)


@pytest.fixture
async def enforcement() -> Enforcement:
    return await enforcement_in_memory(ManualClock(NOW))


@pytest.fixture
def handler(enforcement: Enforcement) -> DecisionHandler:
    return DecisionHandler(enforcement, read_joint_decided)


async def test_a_block_is_recorded_by_its_gravest_ground(
    enforcement: Enforcement, handler: DecisionHandler
) -> None:
    await handler(event(joint(Decision.BLOCK, VIOLENT, GRAVER)))
    (recorded,) = (await enforcement.events(ACCOUNT)).events
    assert (recorded.event_id, recorded.item) == ("decision-1", "generation-1")
    assert (recorded.category, recorded.severity) == (Category.NONCONSENSUAL, Severity.CRITICAL)
    assert (recorded.actor, recorded.policy_version, recorded.occurred_at) == ("joint_scorer", "v1", NOW)


async def test_a_scan_that_blocks_is_recorded(enforcement: Enforcement) -> None:
    await DecisionHandler(enforcement, read_media_scanned)(event(scan(Decision.BLOCK, VIOLENT)))
    (recorded,) = (await enforcement.events(ACCOUNT)).events
    assert (recorded.event_id, recorded.item, recorded.actor) == ("scan-1", "upload-1", "media_scanner")


@pytest.mark.parametrize("decision", [Decision.ALLOW, Decision.LABEL, Decision.REVIEW])
async def test_what_does_not_strike_is_not_recorded(
    enforcement: Enforcement, handler: DecisionHandler, decision: Decision
) -> None:
    await handler(event(joint(decision, GRAVER)))
    assert (await enforcement.events(ACCOUNT)).events == ()


async def test_the_ladder_may_let_reviews_strike() -> None:
    strict = await enforcement_in_memory(ManualClock(NOW), current=ladder(strikes_on=["review", "block"]))
    await DecisionHandler(strict, read_joint_decided)(event(joint(Decision.REVIEW, VIOLENT)))
    assert (await strict.standing(ACCOUNT)).points == 2


async def test_nobody_is_held_to_what_was_blocked_only_because_a_detector_was_absent(
    enforcement: Enforcement, handler: DecisionHandler
) -> None:
    await handler(event(joint(Decision.BLOCK, FAILED_CLOSED)))
    assert (await enforcement.events(ACCOUNT)).events == ()
    await handler(event(joint(Decision.BLOCK, FAILED_CLOSED, VIOLENT)))
    (recorded,) = (await enforcement.events(ACCOUNT)).events
    assert recorded.category is Category.VIOLENCE


async def test_without_an_account_there_is_nobody_to_hold_to_it(handler: DecisionHandler) -> None:
    await handler(event(joint(Decision.BLOCK, VIOLENT, account="")))


async def test_the_same_event_again_even_with_another_time_changes_nothing(
    enforcement: Enforcement, handler: DecisionHandler
) -> None:
    await handler(event(joint(Decision.BLOCK, VIOLENT)))
    await handler(event(joint(Decision.BLOCK, VIOLENT, occurred_at=NOW - 5)))
    assert len((await enforcement.events(ACCOUNT)).events) == 1


async def test_each_tenants_accounts_are_its_own(enforcement: Enforcement, handler: DecisionHandler) -> None:
    await handler(event(joint(Decision.BLOCK, VIOLENT, tenant="another-platform")))
    assert (await enforcement.events(ACCOUNT)).events == ()
    assert len((await enforcement.of("another-platform").events(ACCOUNT)).events) == 1


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"\xff\xff\xff", "MALFORMED"),
        (joint(Decision.BLOCK, VIOLENT, tenant=""), "MISSING_META"),
        (joint(Decision.BLOCK, VIOLENT, event_id=""), "MISSING_META"),
        (joint(Decision.BLOCK), "MISSING_REASON"),
        (joint(Decision.BLOCK, common_pb2.Reason(category=99, severity=1)), "UNKNOWN_CATEGORY"),
        (joint(Decision.BLOCK, VIOLENT, account="a" * 201), "ACCOUNT_TOO_LONG"),
        (joint(Decision.BLOCK, VIOLENT, occurred_at=NOW + 900), "OCCURRED_IN_FUTURE"),
        (joint_scorer_pb2.JointDecided().SerializeToString(), "UNKNOWN_DECISION"),
    ],
)
async def test_what_can_never_be_recorded_is_rejected_by_name(
    handler: DecisionHandler, value: bytes, code: str
) -> None:
    with pytest.raises(RejectedEventError) as rejected:
        await handler(event(value))
    assert rejected.value.code == code


async def test_an_id_that_stands_for_something_else_is_rejected(handler: DecisionHandler) -> None:
    await handler(event(joint(Decision.BLOCK, VIOLENT)))
    with pytest.raises(RejectedEventError) as rejected:
        await handler(event(joint(Decision.BLOCK, VIOLENT, generation="another")))
    assert rejected.value.code == "EVENT_ID_REUSED"


async def test_a_store_that_is_away_is_a_reason_to_try_again() -> None:
    class Away(MemoryLedger):
        async def append(self, key: AccountKey, decide: Decide) -> Appended:
            raise UnavailableError("away", code="STORE_UNAVAILABLE")

    handler = DecisionHandler(await enforcement_on(Away(announcement), ManualClock(NOW)), read_joint_decided)
    with pytest.raises(RetryableError) as retryable:
        await handler(event(joint(Decision.BLOCK, VIOLENT)))
    assert retryable.value.code == "STORE_UNAVAILABLE"


def test_both_topics_have_their_stage(enforcement: Any) -> None:
    made = stages(enforcement, driver=Driver.FAUST, limits=WindowLimits())
    assert [(stage.name, stage.topic) for stage in made] == [
        ("enforcement.joint_decisions", "joint.decisions"),
        ("enforcement.media_scans", "media.scans"),
    ]
