"""Joining the halves of a generation, which come in either order, late, twice, or never.

Pure: what is known of a generation, and what it becomes when a half arrives or time runs out.
A verdict is kept with what it was made from before it is stated, so that whoever states it,
however often, states the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from services.contracts.vocabulary import Decision
from services.joint_scorer.combine import JointVerdict, combine
from services.joint_scorer.half import Channel, Half, merged
from services.joint_scorer.policy import JointPolicy


class GenerationKey(NamedTuple):
    """What the two halves have in common.

    `name` is the generation id, or `prompt/<item>`, `image/<item>` for an item that belongs to none.
    """

    tenant: str
    name: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A half, as it comes in; `at` in seconds since the epoch.

    Without a generation id it belongs to nothing and is decided alone, at once.
    """

    tenant: str
    channel: Channel
    item: str
    half: Half
    at: float
    generation_id: str = ""
    account: str = ""
    request_id: str = ""

    @property
    def key(self) -> GenerationKey:
        return GenerationKey(self.tenant, self.generation_id or f"{self.channel}/{self.item}")


@dataclass(frozen=True, slots=True)
class Generation:
    """What is known of one generation.

    Attributes:
        item: the generation id, or the item's own where it belongs to no generation (`alone`).
        due: when it is decided without the half that is missing, seconds since the epoch.
        verdict: what was decided last, None while it waits.
        revision: how many verdicts there were: 1, or more where a late half made it graver.
        stated: how many of them were published.
        version: rises with every change; writers state which one they saw.
    """

    key: GenerationKey
    item: str
    due: float
    alone: bool = False
    account: str = ""
    request_id: str = ""
    prompt: Half | None = None
    image: Half | None = None
    verdict: JointVerdict | None = None
    decided_at: float = 0.0
    revision: int = 0
    stated: int = 0
    version: int = 0

    @property
    def unstated(self) -> bool:
        """Whether a verdict waits to be published."""
        return self.stated < self.revision


def arrive(known: Generation | None, arrival: Arrival, policy: JointPolicy) -> Generation:
    """The generation with the half in it, decided if it can be.

    Returns `known` itself where the half changes nothing.
    """
    before = known or _expected(arrival, policy)
    after = _with_half(before, arrival)
    if known is not None and (after.prompt, after.image) == (known.prompt, known.image):
        return known
    complete = after.alone or (after.prompt is not None and after.image is not None)
    verdict = combine(after.prompt, after.image, policy)
    if not complete and verdict.outcome.decision is not Decision.BLOCK:
        return after
    return _decided(after, verdict, arrival.at)


def expire(known: Generation, now: float, policy: JointPolicy) -> Generation:
    """The generation decided by what there is, where its time is up; else as it is."""
    if known.verdict is not None or known.due > now:
        return known
    return _decided(known, combine(known.prompt, known.image, policy), now)


def stated(known: Generation) -> Generation:
    """The generation once its verdict is published."""
    return replace(known, stated=known.revision)


def _expected(arrival: Arrival, policy: JointPolicy) -> Generation:
    return Generation(
        arrival.key,
        arrival.generation_id or arrival.item,
        due=arrival.at + policy.timeout_seconds,
        alone=not arrival.generation_id,
    )


def _with_half(generation: Generation, arrival: Arrival) -> Generation:
    after = replace(
        generation,
        account=generation.account or arrival.account,
        request_id=generation.request_id or arrival.request_id,
    )
    if arrival.channel is Channel.PROMPT:
        return replace(after, prompt=merged(after.prompt, arrival.half))
    return replace(after, image=merged(after.image, arrival.half))


def _decided(generation: Generation, verdict: JointVerdict, at: float) -> Generation:
    """First verdicts stand; only a graver one supersedes."""
    before = generation.verdict
    if before is not None and verdict.outcome.decision <= before.outcome.decision:
        return generation
    return replace(generation, verdict=verdict, decided_at=at, revision=generation.revision + 1)
