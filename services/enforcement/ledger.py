"""The record of all accounts, as a port."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.enforcement.events import AccountEvent, AccountKey
from services.enforcement.history import History
from services.enforcement.ladder import Ladder
from services.enforcement.standing import Standing


@dataclass(frozen=True, slots=True)
class Entry:
    """An event to append, and the standing that follows from it."""

    event: AccountEvent
    standing: Standing


Decide = Callable[[History], Sequence[Entry]]
"""What to append to an account, given all of its events. Pure; may raise to append nothing."""

Announce = Callable[[AccountKey, Entry], bytes]
"""The message that tells the world of an entry."""


@dataclass(frozen=True, slots=True)
class Appended:
    """The account after `append`; `entries` is empty where there was nothing to add."""

    history: History
    entries: tuple[Entry, ...]


class Ledger(Protocol):
    """Append-only events, one writer an account. Raises UnavailableError where the store does not answer."""

    async def append(self, key: AccountKey, decide: Decide) -> Appended:
        """Lock the account, let `decide` see its history, and append what it answers.

        Events and their announcements are written together or not at all. ConflictError
        (EVENT_ID_REUSED) where an id belongs to another account of the tenant.
        """

    async def history(self, key: AccountKey) -> History:
        """All events of the account; empty where it is unknown."""

    async def page(self, key: AccountKey, *, after_sequence: int, limit: int) -> Sequence[AccountEvent]:
        """At most `limit` events after `after_sequence`, in order."""

    async def add_ladder(self, ladder: Ladder) -> None:
        """Keep a version for good; PolicyError where that version says something else already."""

    async def ladders(self) -> Mapping[str, Ladder]:
        """Every version ever kept."""


def check_gap_free(history: History, entries: Sequence[Entry]) -> None:
    """AssertionError where a decision would leave a gap: a defect of ours, never of the input."""
    expected = range(history.sequence + 1, history.sequence + 1 + len(entries))
    assert [entry.event.sequence for entry in entries] == list(expected), "sequence has a gap"
