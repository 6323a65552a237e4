"""One blocked prompt, from the call to the account and back by appeal."""

from __future__ import annotations

import pytest

from services.chassis.streams import topics
from services.contracts.enforcement.v1 import enforcement_pb2 as pb
from services.contracts.joint_scorer.v1 import joint_scorer_pb2 as joint_pb
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as prompt_pb
from services.contracts.vocabulary import AbsenceCause, Category, Decision, EventKind, StandingLevel
from tests.integration.system import groups
from tests.integration.system.clients import TIMEOUT_SECONDS, Clients
from tests.integration.system.prompts import suspending
from tests.integration.system.tap import Tap

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def offend(clients: Clients, tap: Tap, account: str) -> joint_pb.JointDecided:
    """One blocked prompt of the account, followed until enforcement has announced its event."""
    assert (await clients.may_generate(account)).allowed
    generation = f"{account}-1"
    verdict = await clients.check(suspending("p-1-" + account, account=account, generation_id=generation))
    assert verdict.decision == Decision.BLOCK

    decided = await tap.message(
        topics.PROMPT_DECISIONS, prompt_pb.PromptDecided, lambda each: each.generation_id == generation
    )
    assert (decided.meta.event_id, decided.account) == (verdict.event_id, account)
    joint = await tap.message(
        topics.JOINT_DECISIONS, joint_pb.JointDecided, lambda each: each.generation_id == generation
    )
    assert (joint.account, joint.verdict.decision) == (account, Decision.BLOCK)
    absent = {signal.detector: signal.cause for signal in joint.verdict.absent}
    assert absent["image"] == AbsenceCause.MISSING_INPUT
    announced = await tap.message(
        topics.ENFORCEMENT_EVENTS, pb.EnforcementEvent, lambda each: each.event.account == account
    )
    assert announced.event.event_id == joint.meta.event_id
    assert announced.standing.level == StandingLevel.SUSPENDED
    return joint


async def test_a_block_reaches_the_account_and_an_appeal_undoes_it(clients: Clients, tap: Tap) -> None:
    account = "journey"
    joint = await offend(clients, tap, account)

    (violation,) = await clients.events(account)
    assert (violation.kind, violation.item) == (EventKind.VIOLATION, joint.generation_id)
    assert violation.category == Category.SEXUAL_MINORS
    standing = await clients.standing(account)
    assert standing.level == StandingLevel.SUSPENDED
    assert {each.event_id for each in standing.restrictions} == {violation.event_id}
    refused = await clients.may_generate(account)
    assert not refused.allowed
    assert Category.SEXUAL_MINORS in {reason.category for reason in refused.reasons}

    filed = await clients.enforcement.FileAppeal(
        pb.FileAppealRequest(account=account, event_id=violation.event_id, statement="It was a quotation."),
        timeout=TIMEOUT_SECONDS,
    )
    assert not (await clients.may_generate(account)).allowed
    resolved = await clients.enforcement.ResolveAppeal(
        pb.ResolveAppealRequest(
            account=account,
            appeal_event_id=filed.event.event_id,
            outcome=pb.APPEAL_OUTCOME_OVERTURNED,
            moderator="moderator-ada",
            statement="Confirmed.",
        ),
        timeout=TIMEOUT_SECONDS,
    )
    assert (resolved.standing.level, resolved.standing.points) == (StandingLevel.GOOD, 0)
    assert (await clients.may_generate(account)).allowed
    kinds = [event.kind for event in await clients.events(account)]
    assert kinds == [
        EventKind.VIOLATION,
        EventKind.APPEAL_FILED,
        EventKind.APPEAL_OVERTURNED,
        EventKind.VOID,
    ]


async def test_a_decision_told_again_strikes_nobody(clients: Clients, tap: Tap) -> None:
    account = "told-again"
    joint = await offend(clients, tap, account)
    before = await clients.standing(account)

    again = await clients.check(
        suspending("p-1-" + account, account=account, generation_id=joint.generation_id)
    )
    decided = await tap.message(
        topics.PROMPT_DECISIONS, prompt_pb.PromptDecided, lambda each: each.account == account
    )
    assert again.event_id == decided.meta.event_id
    await tap.write(topics.PROMPT_DECISIONS, decided, key=joint.generation_id)
    for _ in range(3):
        await tap.write(topics.JOINT_DECISIONS, joint, key=account)
    await tap.caught_up(groups.PROMPT_HALVES, topics.PROMPT_DECISIONS)
    await tap.caught_up(groups.JOINT_DECISIONS, topics.JOINT_DECISIONS)

    assert len(await clients.events(account)) == 1
    assert await clients.standing(account) == before
