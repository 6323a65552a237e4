"""The ladder told the plainest way, to hold the real one to; shares no code with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.contracts.vocabulary import Decision, RestrictionKind, StandingLevel
from services.enforcement.events import Violation
from tests.unit.enforcement.builders import DAY, POINTS

_STEPS = (
    (1, StandingLevel.WARNED, None, 10 * DAY),
    (4, StandingLevel.LIMITED, RestrictionKind.GENERATION, 2 * DAY),
    (6, StandingLevel.SUSPENDED, RestrictionKind.ALL, 1 * DAY),
)
_WINDOW = 30 * DAY


@dataclass(frozen=True)
class Expected:
    level: StandingLevel
    until: dict[RestrictionKind, float]
    points: int


def expected(stated: Sequence[Violation], cleared: Collection[str], now: float) -> Expected:
    """What `builders.ladder()` makes of these facts, whichever way they arrived.

    Every violation is on an item of its own; `cleared` are the items overturned.
    """
    facts = {v.event_id: v for v in stated if v.decision is Decision.BLOCK and v.item not in cleared}
    moments = sorted((v.occurred_at or 0.0, POINTS[v.severity.label]) for v in facts.values())
    level = StandingLevel.GOOD
    until: dict[RestrictionKind, float] = {}
    for index, (at, _) in enumerate(moments):
        # Of several at one moment the ladder weighs them one after the other; the sum is the last one's.
        total = sum(points for then, points in moments[: index + 1] if at < then + _WINDOW)
        for threshold, reached, kind, lasts in _STEPS:
            if total >= threshold and now < at + lasts:
                level = max(level, reached)
                if kind is not None:
                    until[kind] = max(until.get(kind, 0.0), at + lasts)
    return Expected(level, until, sum(points for at, points in moments if now < at + _WINDOW))
