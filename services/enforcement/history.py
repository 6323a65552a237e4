"""All events of one account, in order, and the questions the rules ask of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from services.contracts.vocabulary import Category, EventKind
from services.enforcement.events import AccountEvent

_OUTCOMES = frozenset({EventKind.APPEAL_UPHELD, EventKind.APPEAL_OVERTURNED})


class History:
    """An immutable sequence of one account's events, ordered by `sequence`."""

    def __init__(self, events: Iterable[AccountEvent] = ()) -> None:
        self.events = tuple(events)

    def __iter__(self) -> Iterator[AccountEvent]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    @property
    def sequence(self) -> int:
        """Of the last event; 0 where there is none."""
        return self.events[-1].sequence if self.events else 0

    @property
    def recorded_at(self) -> float:
        """When the last event was recorded; 0 where there is none."""
        return self.events[-1].recorded_at if self.events else 0.0

    @cached_property
    def _by_id(self) -> dict[str, AccountEvent]:
        return {event.event_id: event for event in self.events}

    @cached_property
    def cleared(self) -> frozenset[tuple[str, Category | None]]:
        """Items found innocent of a category: the clear-stamps that voids leave behind."""
        return frozenset((event.item, event.category) for event in self._of(EventKind.VOID))

    @cached_property
    def voided(self) -> frozenset[str]:
        """Ids of the violations that count for nothing."""
        return frozenset(event.refers_to for event in self._of(EventKind.VOID))

    def find(self, event_id: str) -> AccountEvent | None:
        return self._by_id.get(event_id)

    def appeals_of(self, violation_id: str) -> tuple[AccountEvent, ...]:
        """Appeals filed against the violation, oldest first."""
        return tuple(event for event in self._of(EventKind.APPEAL_FILED) if event.refers_to == violation_id)

    def outcome_of(self, appeal_id: str) -> AccountEvent | None:
        """How the appeal was decided; None while it is open."""
        decided = (event for event in self.events if event.kind in _OUTCOMES)
        return next((event for event in decided if event.refers_to == appeal_id), None)

    def is_clear(self, violation: AccountEvent) -> bool:
        """Whether the violation was voided, itself or by the clear-stamp of its item."""
        return violation.event_id in self.voided or (violation.item, violation.category) in self.cleared

    def until(self, sequence: int) -> History:
        """The account as it was when that event had just been recorded."""
        return History(event for event in self.events if event.sequence <= sequence)

    def followed_by(self, events: Iterable[AccountEvent]) -> History:
        return History((*self.events, *events))

    def _of(self, kind: EventKind) -> Iterator[AccountEvent]:
        return (event for event in self.events if event.kind is kind)
