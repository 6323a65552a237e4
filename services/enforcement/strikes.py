"""Which violations count, in the order they occurred."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.contracts.vocabulary import Category, Decision, EventKind, Severity
from services.enforcement.events import AccountEvent
from services.enforcement.history import History
from services.enforcement.ladder import Ladder, Ladders


@dataclass(frozen=True, slots=True)
class Strike:
    """A violation that counts, judged by the ladder it was recorded under."""

    event: AccountEvent
    category: Category
    severity: Severity
    points: int
    ladder: Ladder

    @property
    def expires_at(self) -> float:
        """The first moment at which its points are gone."""
        return self.event.occurred_at + self.ladder.window_seconds


def strikes(history: History, ladders: Ladders) -> list[Strike]:
    """The account's strikes by time of occurrence, ties by event id.

    A cleared violation counts for nothing. An item strikes once, by its gravest violation and
    of equals the earliest: another scan of it, or another policy version, is no second offence.
    Nothing here depends on the order of delivery.
    """
    by_item: dict[str, Strike] = {}
    for strike in _counting(history, ladders):
        known = by_item.get(strike.event.item)
        if known is None or _gravity(strike) < _gravity(known):
            by_item[strike.event.item] = strike
    return sorted(by_item.values(), key=lambda strike: (strike.event.occurred_at, strike.event.event_id))


def _counting(history: History, ladders: Ladders) -> Iterator[Strike]:
    for event in history:
        if event.kind is not EventKind.VIOLATION or history.is_clear(event):
            continue
        category, severity, decision = _judged(event)
        ladder = ladders.of(event.policy_version)
        points = ladder.weigh(category, severity, decision)
        if points:
            yield Strike(event, category, severity, points, ladder)


def _judged(event: AccountEvent) -> tuple[Category, Severity, Decision]:
    assert event.category is not None
    assert event.severity is not None
    assert event.decision is not None
    return event.category, event.severity, event.decision


def _gravity(strike: Strike) -> tuple[int, int, float, str]:
    """Sorts the gravest first."""
    return (-strike.points, -strike.severity, strike.event.occurred_at, strike.event.event_id)
