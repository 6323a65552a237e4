"""What the account commands ask of a store or a server, and the first of the two."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from services.chassis.clock import SystemClock
from services.contracts.vocabulary import AppealOutcome
from services.enforcement.enforcement import Enforcement, Recorded
from services.enforcement.events import AccountEvent, Violation
from services.enforcement.local import open_enforcement
from services.enforcement.standing import Standing


class Accounts(Protocol):
    """All accounts of one tenant. Every method raises PalisadeError's subclasses or itself."""

    async def record(self, violation: Violation) -> Recorded: ...

    async def standing(self, account: str) -> Standing: ...

    async def events(self, account: str) -> Sequence[AccountEvent]:
        """All of them, in order."""

    async def appeal(self, account: str, violation: str, statement: str) -> AccountEvent:
        """The appeal as it was filed."""

    async def resolve(
        self, account: str, appeal: str, outcome: AppealOutcome, *, moderator: str, statement: str
    ) -> Recorded: ...


@dataclass(frozen=True, slots=True)
class OpenAccounts:
    """Accounts, and the loop in which to ask them."""

    runner: asyncio.Runner
    accounts: Accounts


class StoredAccounts:
    """The accounts of a database."""

    def __init__(self, enforcement: Enforcement) -> None:
        self._enforcement = enforcement

    async def record(self, violation: Violation) -> Recorded:
        return await self._enforcement.record(violation)

    async def standing(self, account: str) -> Standing:
        return await self._enforcement.standing(account)

    async def events(self, account: str) -> Sequence[AccountEvent]:
        events: list[AccountEvent] = []
        after, more = 0, True
        while more:
            page = await self._enforcement.events(account, after_sequence=after)
            events += page.events
            after = page.next_after_sequence
            more = after > 0
        return events

    async def appeal(self, account: str, violation: str, statement: str) -> AccountEvent:
        return (await self._enforcement.appeal(account, violation, statement)).event

    async def resolve(
        self, account: str, appeal: str, outcome: AppealOutcome, *, moderator: str, statement: str
    ) -> Recorded:
        return await self._enforcement.resolve(
            account, appeal, outcome, moderator=moderator, statement=statement
        )


@contextmanager
def stored_accounts(database: str, *, tenant: str) -> Iterator[OpenAccounts]:
    """Open a database by its address, migrated. Errors as `open_enforcement` says."""
    opening = open_enforcement(database, clock=SystemClock(), tenant=tenant)
    with asyncio.Runner() as runner:
        enforcement = runner.run(opening.__aenter__())
        try:
            yield OpenAccounts(runner, StoredAccounts(enforcement))
        finally:
            runner.run(opening.__aexit__(None, None, None))
