"""The checker of the chaos runs finds every kind of fault."""

import random

import pytest

from tests.chaos.checker import DeadLetterSeen, Findings, check
from tests.chaos.effects import Effect
from tests.chaos.events import ChaosEvent, Kind
from tests.chaos.plan import Fault, draw_strikes

_EVENTS = [
    ChaosEvent(0, 1, 0, Kind.PLAIN),
    ChaosEvent(1, 1, 1, Kind.FLAKY),
    ChaosEvent(2, 2, 0, Kind.POISON),
    ChaosEvent(3, 2, 1, Kind.SLOW),
]
_POISON = DeadLetterSeen("s", 2, "POISON")


def judged(numbers: list[int], dead: list[DeadLetterSeen]) -> Findings:
    """Findings for effects on the given events, in that order."""
    effects = [Effect("s", n, _EVENTS[n].key, _EVENTS[n].sequence) for n in numbers]
    return check(_EVENTS, effects, dead, ["s"])


def test_all_well_with_duplicates_counted() -> None:
    findings = judged([0, 3, 1, 0, 1], [_POISON, _POISON])
    assert findings.faults == []
    assert (findings.effective, findings.duplicates, findings.dead_letters) == (3, 2, 1)


@pytest.mark.parametrize(
    ("numbers", "dead", "fault"),
    [
        ([0, 1], [_POISON], "lost"),
        ([1, 0, 3], [_POISON], "out of their key's order"),
        ([0, 1, 2, 3], [_POISON], "effects nobody asked for"),
        ([0, 1, 3], [], "poison not among the dead letters"),
        ([0, 1, 3], [_POISON, DeadLetterSeen("s", 0, "UNEXPECTED")], "dead letters that are no poison"),
        ([0, 1, 3], [DeadLetterSeen("s", 2, "UNEXPECTED")], "wrong reason"),
    ],
)
def test_each_fault_is_found(numbers: list[int], dead: list[DeadLetterSeen], fault: str) -> None:
    (found,) = judged(numbers, dead).faults
    assert fault in found


def test_the_plan_is_drawn_from_the_seed_and_rolls_over_the_nodes() -> None:
    strikes = draw_strikes(12, slots=3, nodes=3, draw=random.Random(7))
    assert strikes == draw_strikes(12, slots=3, nodes=3, draw=random.Random(7))
    assert strikes != draw_strikes(12, slots=3, nodes=3, draw=random.Random(8))
    assert [strike.after for strike in strikes] == sorted(strike.after for strike in strikes)
    assert all(0 < strike.after < 1 for strike in strikes)
    assert [strike.target for strike in strikes if strike.fault is Fault.BROKER_DOWN] == [1, 2, 3, 1]
