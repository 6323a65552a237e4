"""What can be done with accounts: record, read, check, appeal, resolve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from services.chassis.clock import Clock
from services.chassis.errors import UnavailableError
from services.contracts.vocabulary import AppealOutcome, EventKind, Feature
from services.enforcement.access import Access, WhenUnavailable, access
from services.enforcement.appeals import file_appeal, find_violation, open_appeal, resolve_appeal
from services.enforcement.decided import Decided, violation_in
from services.enforcement.events import AccountEvent, AccountKey, Violation
from services.enforcement.history import History
from services.enforcement.known_ladders import KnownLadders
from services.enforcement.ledger import Appended, Entry, Ledger
from services.enforcement.limits import InputLimits
from services.enforcement.observer import NoObserver, Observer
from services.enforcement.standing import Judgement, Standing
from services.enforcement.view import AccountView, ViewLimits
from services.enforcement.violations import record_violation, violation_id

Rule = Callable[[History, float], Sequence[AccountEvent]]
"""A pure rule: what to append to this history at this moment."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with the standing that followed from it, as it was then.

    `duplicate`: it was recorded before; this is the first result again.
    """

    event: AccountEvent
    standing: Standing
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Events in order; `next_after_sequence` is 0 on the last page."""

    events: tuple[AccountEvent, ...]
    next_after_sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enforcement:
    """All accounts of one tenant; what is of another tenant does not exist here."""

    tenant: str
    ledger: Ledger
    ladders: KnownLadders
    view: AccountView
    clock: Clock
    limits: InputLimits
    when_unavailable: WhenUnavailable
    observer: Observer

    def of(self, tenant: str) -> Enforcement:
        """The same for another tenant."""
        return replace(self, tenant=tenant)

    async def record(self, violation: Violation) -> Recorded:
        """Record a violation once; the same id again answers the first result.

        Raises InvalidInputError, ConflictError (EVENT_ID_REUSED) or UnavailableError.
        """
        stated = self.limits.check_violation(violation, now=self.clock.now())
        event_id = violation_id(self.tenant, stated)

        def rule(history: History, now: float) -> Sequence[AccountEvent]:
            version = self.ladders.now.current.version
            return record_violation(history, stated, event_id=event_id, policy_version=version, now=now)

        return await self._recorded(stated.account, rule, event_id)

    async def record_decided(self, decided: Decided) -> Recorded | None:
        """Record the violation that a service's decision states; None where it states none."""
        violation = violation_in(decided, self.ladders.now.current)
        return None if violation is None else await self.record(violation)

    async def standing(self, account: str) -> Standing:
        """What the account may do now, read from the store; an unknown account is in good standing."""
        self.limits.check_account(account)
        key = self._key(account)
        judgement = await load_judgement(self.ledger, self.ladders, key)
        return self.view.learn(key, judgement).at(self.clock.now())

    async def events(self, account: str, *, after_sequence: int = 0, page_size: int = 0) -> Page:
        """One page of the account's events, in order."""
        self.limits.check_account(account)
        size = self.limits.check_page(page_size)
        found = await self.ledger.page(self._key(account), after_sequence=after_sequence, limit=size + 1)
        events = tuple(found[:size])
        return Page(events, events[-1].sequence if len(found) > size else 0)

    async def check_access(self, account: str, feature: Feature) -> Access:
        """From memory where it is fresh, else from the store, else as declared for its absence."""
        self.limits.check_account(account)
        try:
            judgement = await self.view.get(self._key(account))
        except UnavailableError:
            answer = self.when_unavailable.access(feature)
        else:
            answer = access(judgement.at(self.clock.now()), feature)
        self.observer.checked(feature, answer)
        return answer

    async def appeal(self, account: str, violation: str, statement: str) -> Recorded:
        """File the account's appeal against its own violation. Errors as `appeals.file_appeal` says."""
        self.limits.check_account(account)
        self.limits.check_event_id(violation)
        self.limits.check_statement(statement)

        def rule(history: History, now: float) -> Sequence[AccountEvent]:
            judged_by = self.ladders.now.of(find_violation(history, violation).policy_version)
            return file_appeal(
                history,
                tenant=self.tenant,
                violation_id=violation,
                statement=statement,
                terms=judged_by.appeals,
                now=now,
            )

        appended = await self._append(account, rule)
        if appended.entries:
            return _first_result(appended)
        pending = open_appeal(appended.history, violation)
        assert pending is not None, "a repeated appeal is an open one"
        return self._as_then(appended.history, pending)

    async def resolve(
        self, account: str, appeal: str, outcome: AppealOutcome, *, moderator: str, statement: str = ""
    ) -> Recorded:
        """Uphold or overturn, by a named person. Errors as `appeals.resolve_appeal` says."""
        self.limits.check_account(account)
        self.limits.check_event_id(appeal)
        self.limits.check_statement(statement)
        decider = self.limits.check_moderator(moderator)

        def rule(history: History, now: float) -> Sequence[AccountEvent]:
            return resolve_appeal(
                history,
                tenant=self.tenant,
                appeal_id=appeal,
                outcome=outcome,
                moderator=decider,
                statement=statement,
                now=now,
            )

        appended = await self._append(account, rule)
        ruling = appended.history.outcome_of(appeal)
        assert ruling is not None, "a resolved appeal has its outcome"
        last = appended.entries[-1].standing if appended.entries else None
        return Recorded(ruling, last or self._after(appended.history, ruling), duplicate=last is None)

    async def _recorded(self, account: str, rule: Rule, event_id: str) -> Recorded:
        appended = await self._append(account, rule)
        if appended.entries:
            return _first_result(appended)
        event = appended.history.find(event_id)
        assert event is not None, "what is not appended is recorded already"
        return self._as_then(appended.history, event)

    async def _append(self, account: str, rule: Rule) -> Appended:
        key = self._key(account)
        judged: list[Judgement] = []

        def decide(history: History) -> Sequence[Entry]:
            judged.clear()
            entries: list[Entry] = []
            for event in rule(history, self.clock.now()):
                history = history.followed_by((event,))
                judged.append(self._judge(history, account))
                entries.append(Entry(event, judged[-1].at(event.recorded_at)))
            return entries

        appended = await self.ladders.judging(lambda: self.ledger.append(key, decide))
        self.view.learn(key, judged[-1] if judged else self._judge(appended.history, account))
        if appended.entries:
            self.observer.appended(appended.entries)
        return appended

    def _judge(self, history: History, account: str) -> Judgement:
        return Judgement(account, history, self.ladders.now)

    def _as_then(self, history: History, event: AccountEvent) -> Recorded:
        then = history.until(event.sequence)
        return Recorded(event, self._judge(then, event.account).at(event.recorded_at), duplicate=True)

    def _after(self, history: History, ruling: AccountEvent) -> Standing:
        """The standing after a ruling, with the void that an overturning one appends beside it."""
        last = ruling.sequence + (ruling.kind is EventKind.APPEAL_OVERTURNED)
        return self._judge(history.until(last), ruling.account).at(ruling.recorded_at)

    def _key(self, account: str) -> AccountKey:
        return AccountKey(self.tenant, account)


def build_enforcement(
    ledger: Ledger,
    ladders: KnownLadders,
    *,
    tenant: str,
    clock: Clock,
    limits: InputLimits | None = None,
    view: ViewLimits | None = None,
    when_unavailable: WhenUnavailable | None = None,
    observer: Observer | None = None,
) -> Enforcement:
    """Wire the use-cases over a ledger."""

    async def load(key: AccountKey) -> Judgement:
        return await load_judgement(ledger, ladders, key)

    return Enforcement(
        tenant=tenant,
        ledger=ledger,
        ladders=ladders,
        view=AccountView(load, clock=clock, limits=view or ViewLimits()),
        clock=clock,
        limits=limits or InputLimits(),
        when_unavailable=when_unavailable or WhenUnavailable(),
        observer=observer or NoObserver(),
    )


async def load_judgement(ledger: Ledger, ladders: KnownLadders, key: AccountKey) -> Judgement:
    """Read an account and judge it by the versions its events were recorded under."""

    async def judged() -> Judgement:
        return Judgement(key.account, await ledger.history(key), ladders.now)

    return await ladders.judging(judged)


def _first_result(appended: Appended) -> Recorded:
    entry = appended.entries[-1]
    return Recorded(entry.event, entry.standing)
