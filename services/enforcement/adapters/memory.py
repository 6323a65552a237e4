"""A ledger and outbox in memory; for tests, and the reference for what the others do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from services.chassis.errors import PolicyError
from services.enforcement.events import AccountEvent, AccountKey
from services.enforcement.history import History
from services.enforcement.ladder import Ladder
from services.enforcement.ledger import Announce, Appended, Decide, Entry, check_gap_free
from services.enforcement.outbox import OutboxRecord
from services.enforcement.violations import event_id_reused


class MemoryLedger:
    """Keeps everything in dictionaries. Nothing awaits in between, so one loop is one writer."""

    def __init__(self, announce: Announce) -> None:
        self._announce = announce
        self._histories: dict[AccountKey, History] = {}
        self._owners: dict[tuple[str, str], AccountKey] = {}
        self._ladders: dict[str, Ladder] = {}
        self._positions = count(1)
        self._unpublished: dict[int, OutboxRecord] = {}
        self._lease: tuple[str, float] = ("", 0.0)

    async def append(self, key: AccountKey, decide: Decide) -> Appended:
        before = self._histories.get(key, History())
        entries = tuple(decide(before))
        check_gap_free(before, entries)
        for entry in entries:
            if self._owners.get((key.tenant, entry.event.event_id), key) != key:
                raise event_id_reused(entry.event.event_id)
        messages = [(entry, self._announce(key, entry)) for entry in entries]
        after = before.followed_by(entry.event for entry in entries)
        self._histories[key] = after
        for entry, payload in messages:
            self._owners[key.tenant, entry.event.event_id] = key
            self._enqueue(key, entry, payload)
        return Appended(after, entries)

    async def history(self, key: AccountKey) -> History:
        return self._histories.get(key, History())

    async def page(self, key: AccountKey, *, after_sequence: int, limit: int) -> Sequence[AccountEvent]:
        events = self._histories.get(key, History()).events
        return [event for event in events if event.sequence > after_sequence][:limit]

    async def add_ladder(self, ladder: Ladder) -> None:
        if self._ladders.setdefault(ladder.version, ladder).document() != ladder.document():
            raise PolicyError(f"ladder {ladder.version!r} was changed without a new version")

    async def ladders(self) -> Mapping[str, Ladder]:
        return dict(self._ladders)

    async def lease(self, holder: str, *, now: float, seconds: float) -> bool:
        owner, until = self._lease
        if owner != holder and now < until:
            return False
        self._lease = (holder, now + seconds)
        return True

    async def pending(self, limit: int) -> Sequence[OutboxRecord]:
        return [self._unpublished[position] for position in sorted(self._unpublished)[:limit]]

    async def mark_published(self, positions: Sequence[int], *, now: float) -> None:
        del now
        for position in positions:
            self._unpublished.pop(position, None)

    async def oldest_pending(self) -> float | None:
        return min((record.created_at for record in self._unpublished.values()), default=None)

    def _enqueue(self, key: AccountKey, entry: Entry, payload: bytes) -> None:
        position = next(self._positions)
        event = entry.event
        self._unpublished[position] = OutboxRecord(position, key, event.event_id, payload, event.recorded_at)
