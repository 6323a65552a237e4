"""What an account may do now: a pure function of its events, their ladders, and the moment."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import cached_property

from services.chassis.signals import Reason
from services.contracts.vocabulary import RestrictionKind, StandingLevel
from services.enforcement.history import History
from services.enforcement.ladder import DAY_SECONDS, Effect, Ladders
from services.enforcement.strikes import Strike, strikes


@dataclass(frozen=True, slots=True)
class Restriction:
    """Something the account may not do. `until` in seconds since the epoch; None: without end."""

    kind: RestrictionKind
    until: float | None
    event_id: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account may do, and why not more.

    Attributes:
        restrictions: one a kind, the one that ends last.
        reasons: one for every effect in force; `rule` is `ladder:<name of the effect>`.
        points: those of the live strikes.
        policy_version: of the last event; the current one where there is none.
        sequence: of the last event that was counted.
    """

    account: str
    level: StandingLevel
    restrictions: tuple[Restriction, ...]
    reasons: tuple[Reason, ...]
    points: int
    policy_version: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Sanction:
    """An effect that a strike brought about, from its occurrence until it expires."""

    effect: Effect
    strike: Strike

    @property
    def until(self) -> float | None:
        if self.effect.days is None:
            return None
        return self.strike.event.occurred_at + self.effect.days * DAY_SECONDS

    def in_force(self, now: float) -> bool:
        """Until is the first moment at which it is no longer in force."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class _Lasting:
    """A standing, and the half-open time in which it holds."""

    standing: Standing
    since: float
    until: float


class Judgement:
    """All that time does not change about an account; `at` adds the moment."""

    def __init__(self, account: str, history: History, ladders: Ladders) -> None:
        self.account = account
        self.history = history
        self._current_version = ladders.current.version
        self._strikes = strikes(history, ladders)
        self._last: _Lasting | None = None

    @cached_property
    def _sanctions(self) -> list[Sanction]:
        """Every effect of every strike, weighed with the strikes still live when it occurred."""
        sanctions: list[Sanction] = []
        live: list[tuple[float, int]] = []
        points = 0
        for strike in self._strikes:
            while live and live[0][0] <= strike.event.occurred_at:
                points -= heapq.heappop(live)[1]
            heapq.heappush(live, (strike.expires_at, strike.points))
            points += strike.points
            first = strike is self._strikes[0]
            effects = strike.ladder.effects(strike.category, strike.severity, points=points, first=first)
            sanctions.extend(Sanction(effect, strike) for effect in effects)
        return sanctions

    def at(self, now: float) -> Standing:
        """The standing at `now`, in seconds since the epoch; expiry needs no sweeper.

        Between two expiries it is the same, so that the hot path finds it ready.
        """
        last = self._last
        if last is None or not last.since <= now < last.until:
            last = self._last = _Lasting(self._standing(now), now, self._next_expiry(now))
        return last.standing

    def _standing(self, now: float) -> Standing:
        active = [sanction for sanction in self._sanctions if sanction.in_force(now)]
        last = self.history.events[-1] if len(self.history) else None
        return Standing(
            account=self.account,
            level=max((sanction.effect.level for sanction in active), default=StandingLevel.GOOD),
            restrictions=_restrictions(active),
            reasons=tuple(dict.fromkeys(_reason(sanction) for sanction in active)),
            points=sum(strike.points for strike in self._strikes if now < strike.expires_at),
            policy_version=last.policy_version if last else self._current_version,
            sequence=self.history.sequence,
        )

    def _next_expiry(self, now: float) -> float:
        ends = [sanction.until for sanction in self._sanctions if sanction.until is not None]
        ends.extend(strike.expires_at for strike in self._strikes)
        return min((end for end in ends if end > now), default=float("inf"))


def standing(account: str, history: History, ladders: Ladders, now: float) -> Standing:
    """Effective standing: f(events, ladders by version, now). UnknownLadderError is its only error."""
    return Judgement(account, history, ladders).at(now)


def _restrictions(active: list[Sanction]) -> tuple[Restriction, ...]:
    longest: dict[RestrictionKind, Restriction] = {}
    for sanction in active:
        for kind in sanction.effect.restrictions:
            restriction = Restriction(kind, sanction.until, sanction.strike.event.event_id)
            known = longest.get(kind)
            if known is None or _end(restriction) > _end(known):
                longest[kind] = restriction
    return tuple(longest[kind] for kind in sorted(longest))


def _end(restriction: Restriction) -> float:
    return float("inf") if restriction.until is None else restriction.until


def _reason(sanction: Sanction) -> Reason:
    strike = sanction.strike
    return Reason(strike.category, strike.severity, f"ladder:{sanction.effect.name}")
