"""The account that kept offending: its events, its standing, its block, its appeal, its reversal."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

import grpc
from rich.console import Console

from services.contracts.common.v1 import common_pb2
from services.contracts.enforcement.v1 import enforcement_pb2 as pb
from services.contracts.enforcement.v1.enforcement_pb2_grpc import EnforcementServiceStub
from services.contracts.joint_scorer.v1 import joint_scorer_pb2 as joint_pb
from services.contracts.prompt_filter.v1 import prompt_filter_pb2 as prompt_pb
from services.contracts.prompt_filter.v1.prompt_filter_pb2_grpc import PromptFilterServiceStub
from services.contracts.vocabulary import Category, EventKind, StandingLevel
from services.demo.disguises import DISGUISES, Placeholders
from services.demo.table import Results, timed

if TYPE_CHECKING:  # these names exist in the stubs alone
    from services.contracts.enforcement.v1.enforcement_pb2_grpc import EnforcementServiceAsyncStub
    from services.contracts.joint_scorer.v1.joint_scorer_pb2_grpc import JointScorerServiceAsyncStub
    from services.contracts.prompt_filter.v1.prompt_filter_pb2_grpc import PromptFilterServiceAsyncStub

ACCOUNT = "somebody"
_OFFENCES = 5
_TIMEOUT = 20
_EFFECT_SECONDS = 30.0


async def joint_examples(stub: JointScorerServiceAsyncStub, console: Console) -> None:
    """Prompt and picture judged together, from their scores."""
    results = Results("Prompt and picture together")
    for title, prompt, image in (
        ("benign prompt, harmful picture", 0.02, 0.97),
        ("suggestive prompt, suggestive picture", 0.45, 0.45),
        ("benign prompt, no picture yet", 0.02, None),
    ):
        request = joint_pb.ScoreJointRequest(id=title, prompt=_modality(prompt))
        if image is not None:
            request.image.CopyFrom(_modality(image))
        answer, milliseconds = await timed(stub.ScoreJoint(request, timeout=_TIMEOUT))
        verdict = answer.verdict
        results.add(title, verdict.decision, verdict.reasons, verdict.absent, milliseconds)
    results.show(console)


def _modality(sexual: float) -> joint_pb.ModalityScores:
    scores = [
        common_pb2.Score(category=category, value=sexual if category is Category.SEXUAL else 0.0)
        for category in Category
    ]
    return joint_pb.ModalityScores(scores=scores)


async def offends(
    channels: Mapping[str, grpc.aio.Channel], placeholders: Placeholders, console: Console
) -> None:
    """Blocked prompts reach enforcement through Kafka; then the person appeals and is heard."""
    console.print("\n[bold]The account that kept offending[/bold]")
    stub = EnforcementServiceStub(channels["enforcement"])
    await _access(stub, console)
    await _ask(PromptFilterServiceStub(channels["prompt_filter"]), placeholders)
    events = await _events(stub)
    for event in events:
        console.print(
            f"  event {event.sequence}: {EventKind(event.kind).label} for {Category(event.category).label}, "
            f"item {event.item}"
        )
    await _standing(stub, console)
    await _access(stub, console)
    await _appeals(stub, events, console)
    await _standing(stub, console)
    await _access(stub, console)


async def _ask(stub: PromptFilterServiceAsyncStub, placeholders: Placeholders) -> None:
    disguises = list(DISGUISES.values())[:_OFFENCES]
    for number, disguise in enumerate(disguises):
        prompt = prompt_pb.Prompt(
            id=f"offence-{number}",
            text=disguise(placeholders.explicit.term),
            account=ACCOUNT,
            generation_id=f"offence-{number}",
        )
        await stub.CheckPrompt(prompt_pb.CheckPromptRequest(prompt=prompt), timeout=_TIMEOUT)


async def _events(stub: EnforcementServiceAsyncStub) -> list[pb.AccountEvent]:
    """The account's events, once the last offence has arrived."""
    request = pb.ListEventsRequest(account=ACCOUNT, page_size=100)
    async with asyncio.timeout(_EFFECT_SECONDS):
        while True:
            events = list((await stub.ListEvents(request, timeout=_TIMEOUT)).events)
            if len(events) >= _OFFENCES:
                return events
            await asyncio.sleep(0.1)


async def _appeals(
    stub: EnforcementServiceAsyncStub, events: list[pb.AccountEvent], console: Console
) -> None:
    for event in events:
        filed = await stub.FileAppeal(
            pb.FileAppealRequest(
                account=ACCOUNT, event_id=event.event_id, statement="This was a medical illustration."
            ),
            timeout=_TIMEOUT,
        )
        await stub.ResolveAppeal(
            pb.ResolveAppealRequest(
                account=ACCOUNT,
                appeal_event_id=filed.event.event_id,
                outcome=pb.APPEAL_OUTCOME_OVERTURNED,
                moderator="moderator-ada",
                statement="Context confirms the appeal.",
            ),
            timeout=_TIMEOUT,
        )
    console.print(
        f"  {len(events)} appeals filed, heard and overturned by moderator-ada; nothing was deleted"
    )


async def _standing(stub: EnforcementServiceAsyncStub, console: Console) -> None:
    answer = await stub.GetStanding(pb.GetStandingRequest(account=ACCOUNT), timeout=_TIMEOUT)
    standing = answer.standing
    console.print(
        f"  standing: [bold]{StandingLevel(standing.level).label}[/bold], {standing.points} points, "
        f"{len(standing.restrictions)} restrictions"
    )


async def _access(stub: EnforcementServiceAsyncStub, console: Console) -> None:
    request = pb.CheckAccessRequest(account=ACCOUNT, feature=pb.FEATURE_GENERATE)
    answer, milliseconds = await timed(stub.CheckAccess(request, timeout=_TIMEOUT))
    word = "[green]allowed[/green]" if answer.allowed else "[red]refused[/red]"
    console.print(f"  CheckAccess to generate: {word} ({milliseconds:.1f} ms)")
