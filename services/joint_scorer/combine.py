"""One decision from both channels. Pure, and monotone: more evidence of harm in either channel
never leads to a milder decision, and a channel that is missing never to a milder one than a
benign one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.chassis.errors import InvalidInputError
from services.chassis.signals import AbsentSignal, Outcome, Reason, Scores
from services.contracts.vocabulary import AbsenceCause, Category, Decision
from services.joint_scorer.half import Channel, Half, check_half
from services.joint_scorer.policy import NEVER, JointPolicy


@dataclass(frozen=True, slots=True)
class JointVerdict:
    """The decision on a generation, and the joint score of each category some channel judged."""

    outcome: Outcome
    scores: Scores


@dataclass(frozen=True, slots=True)
class _Judged:
    """A decision on one category or one channel, and what it rests on."""

    decision: Decision
    reason: Reason


def combine(prompt: Half | None, image: Half | None, policy: JointPolicy) -> JointVerdict:
    """Judge a generation by the halves there are.

    InvalidInputError (NOTHING_TO_SCORE) without any; (DECISION_WITHOUT_SCORES) see check_half.
    """
    halves = {channel: half for channel, half in _channels(prompt, image) if half and not half.empty}
    if not halves:
        raise InvalidInputError("neither a prompt half nor an image half is given", code="NOTHING_TO_SCORE")
    for channel, half in halves.items():
        check_half(half, channel)
    scores = {category: _joint(halves, category, policy) for category in _judged_categories(halves)}
    judged = [*_by_score(halves, scores, policy), *_by_floor(halves, policy)]
    decision = max((each.decision for each in judged), default=Decision.ALLOW)
    outcome = Outcome(decision, _reasons(judged), tuple(_absent(halves)), policy.version)
    return JointVerdict(outcome, scores)


Halves = Mapping[Channel, Half]


def _channels(prompt: Half | None, image: Half | None) -> Iterator[tuple[Channel, Half | None]]:
    yield Channel.PROMPT, prompt
    yield Channel.IMAGE, image


def _judged_categories(halves: Halves) -> list[Category]:
    return sorted({category for half in halves.values() for category in half.scores})


def _score(halves: Halves, channel: Channel, category: Category) -> float:
    """A channel that did not judge the category adds nothing; the absence itself is stated elsewhere."""
    half = halves.get(channel)
    return half.scores.get(category, 0.0) if half else 0.0


def _support(halves: Halves, category: Category, policy: JointPolicy) -> float:
    """What the image shows of the category or of one that bears it out."""
    related = (category, *policy.supports.get(category, ()))
    return max(_score(halves, Channel.IMAGE, each) for each in related)


def _joint(halves: Halves, category: Category, policy: JointPolicy) -> float:
    """Noisy-or of the image and a part of the prompt, and of the prompt and what the image bears out
    of it; never below either channel."""
    prompt = _score(halves, Channel.PROMPT, category)
    image = _score(halves, Channel.IMAGE, category)
    support = _support(halves, category, policy)
    together = 1.0 - (1.0 - image) * (1.0 - policy.interaction * prompt)
    borne_out = 1.0 - (1.0 - prompt) * (1.0 - prompt * support)
    return max(prompt, image, together, borne_out)


def _by_score(halves: Halves, scores: Scores, policy: JointPolicy) -> Iterator[_Judged]:
    for category, joint in scores.items():
        rule = policy.categories[category]
        prompt = _score(halves, Channel.PROMPT, category)
        image = _score(halves, Channel.IMAGE, category)
        if prompt >= policy.prompt_block.get(category, NEVER):
            yield _Judged(Decision.BLOCK, Reason(category, rule.severity, "floor:prompt"))
        if image >= policy.image_block.get(category, NEVER):
            yield _Judged(Decision.BLOCK, Reason(category, rule.severity, "floor:image"))
        decision, ground = rule.decide(joint), "joint"
        weaker = min(prompt, _support(halves, category, policy))
        if decision is Decision.BLOCK and weaker < policy.corroboration:
            decision, ground = Decision.REVIEW, "disagreement"
        if decision > Decision.ALLOW:
            yield _Judged(decision, Reason(category, rule.severity, f"{ground}:{category.label}"))


def _by_floor(halves: Halves, policy: JointPolicy) -> Iterator[_Judged]:
    """A half's own decision is never undercut."""
    for channel, half in halves.items():
        if half.decision is None or half.decision is Decision.ALLOW:
            continue
        reasons = half.reasons or (_named_for(channel, half, policy),)
        yield from (_Judged(half.decision, reason) for reason in reasons)


def _named_for(channel: Channel, half: Half, policy: JointPolicy) -> Reason:
    """A reason for a decision that came without one: its highest score, or what was absent."""
    if half.scores:
        category = max(sorted(half.scores), key=lambda each: half.scores[each])
        return Reason(category, policy.categories[category].severity, f"floor:{channel}")
    gravest = max(Category, key=lambda each: policy.categories[each].severity)
    return Reason(gravest, policy.categories[gravest].severity, f"absent:{channel}")


def _reasons(judged: list[_Judged]) -> tuple[Reason, ...]:
    """The gravest first, each once, in an order that depends on nothing but themselves."""
    ordered = sorted(judged, key=lambda each: (-each.decision, each.reason.category, each.reason.rule))
    return tuple(dict.fromkeys(each.reason for each in ordered))


def _absent(halves: Halves) -> Iterator[AbsentSignal]:
    for channel in Channel:
        if channel not in halves:
            yield AbsentSignal(channel.value, AbsenceCause.MISSING_INPUT)
        else:
            yield from halves[channel].absent
