"""Any sequence of recording, appealing, ruling and waiting, held to what must always be so."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.chassis.clock import ManualClock
from services.chassis.errors import ConflictError, NotFoundError, PermissionDeniedError
from services.contracts.vocabulary import AppealOutcome, EventKind, Severity
from services.enforcement.events import AccountEvent, Violation
from services.enforcement.history import History
from tests.unit.enforcement.builders import ACCOUNT, DAY, NOW, enforcement_in_memory, violation
from tests.unit.enforcement.model import expected

R = TypeVar("R")
_NUMBERS = st.integers(1, 5)


class AppealMachine(RuleBasedStateMachine):
    """One account, five possible violations, three moderators of whom one decided first."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = ManualClock(NOW)
        self.stated: dict[int, Violation] = {}
        self.seen: tuple[AccountEvent, ...] = ()

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.loop.close()

    @initialize()
    def start(self) -> None:
        self.enforcement = self.run(enforcement_in_memory(self.clock))

    @rule(number=_NUMBERS, severity=st.sampled_from(Severity))
    def record(self, number: int, severity: Severity) -> None:
        known = self.stated.get(number)
        fact = known or violation(number, severity=severity, occurred_at=self.clock.now(), actor="Ann")
        assert self.run(self.enforcement.record(fact)).duplicate is (known is not None)
        self.stated[number] = fact

    @rule(number=_NUMBERS, statement=st.sampled_from(["why", "because"]))
    def appeal(self, number: int, statement: str) -> None:
        try:
            filed = self.run(self.enforcement.appeal(ACCOUNT, f"event-{number}", statement))
        except NotFoundError:
            assert number not in self.stated
        except ConflictError:
            assert number in self.stated
        else:
            assert filed.event.refers_to == f"event-{number}"

    @rule(
        pick=st.integers(0, 9),
        outcome=st.sampled_from(AppealOutcome),
        moderator=st.sampled_from(["Ann", "Robin", "Sam"]),
    )
    def resolve(self, pick: int, outcome: AppealOutcome, moderator: str) -> None:
        appeals = [event for event in self.seen if event.kind is EventKind.APPEAL_FILED]
        if not appeals:
            return
        appeal = appeals[pick % len(appeals)].event_id
        try:
            ruling = self.run(self.enforcement.resolve(ACCOUNT, appeal, outcome, moderator=moderator))
        except (ConflictError, PermissionDeniedError):
            return
        assert moderator != "Ann"
        assert ruling.event.refers_to == appeal

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.run(self.clock.advance(days * DAY))

    @invariant()
    def nothing_recorded_ever_changes(self) -> None:
        events = self.run(self.enforcement.events(ACCOUNT)).events
        assert events[: len(self.seen)] == self.seen
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        assert [event.recorded_at for event in events] == sorted(event.recorded_at for event in events)
        self.seen = events

    @invariant()
    def one_appeal_is_open_and_each_is_decided_once(self) -> None:
        history = History(self.seen)
        for number in self.stated:
            appeals = history.appeals_of(f"event-{number}")
            undecided = [appeal for appeal in appeals if history.outcome_of(appeal.event_id) is None]
            assert len(undecided) <= 1
            deciders = {outcome.actor for a in appeals if (outcome := history.outcome_of(a.event_id))}
            assert len(deciders) == len(appeals) - len(undecided)

    @invariant()
    def standing_is_the_models(self) -> None:
        overturned = {event.item for event in self.seen if event.kind is EventKind.VOID}
        found = self.run(self.enforcement.standing(ACCOUNT))
        model = expected(list(self.stated.values()), overturned, self.clock.now())
        assert (found.level, found.points) == (model.level, model.points)
        assert {r.kind: r.until for r in found.restrictions} == model.until


AppealMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestAppeals = AppealMachine.TestCase
