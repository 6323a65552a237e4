"""Standing: what counts, what follows, and when it ends."""

from __future__ import annotations

import pytest

from services.contracts.vocabulary import Category, Decision, RestrictionKind, Severity, StandingLevel
from services.enforcement.history import History
from services.enforcement.ladder import UnknownLadderError
from services.enforcement.standing import Standing, standing
from tests.unit.enforcement.builders import ACCOUNT, DAY, NOW, history, ladder, ladders, recorded, void_of

_FIRST_OFFENCE = {"name": "education", "level": "warned", "days": 30, "up_to_severity": "high"}
_IMMEDIATE = {
    "name": "gravest",
    "category": "sexual_minors",
    "from_severity": "low",
    "level": "suspended",
    "restrictions": ["all"],
}


def _standing(events: History, now: float = NOW) -> Standing:
    return standing(ACCOUNT, events, ladders(), now)


def test_an_account_without_events_is_in_good_standing() -> None:
    found = _standing(history())
    assert found.level is StandingLevel.GOOD
    assert (found.points, found.sequence, found.restrictions, found.reasons) == (0, 0, (), ())
    assert found.policy_version == "v1"


def test_points_add_up_to_every_step_they_reach() -> None:
    found = _standing(history(recorded(1), recorded(2)))
    assert (found.level, found.points, found.sequence) == (StandingLevel.SUSPENDED, 6, 2)
    assert [restriction.kind for restriction in found.restrictions] == [
        RestrictionKind.GENERATION,
        RestrictionKind.ALL,
    ]
    assert {reason.rule for reason in found.reasons} == {"ladder:warn", "ladder:limit", "ladder:suspend"}


def test_an_effect_ends_to_the_second_and_the_next_lower_one_stays() -> None:
    events = history(recorded(1), recorded(2))
    until = NOW + DAY
    assert _standing(events, until - 0.001).level is StandingLevel.SUSPENDED
    assert _standing(events, until).level is StandingLevel.LIMITED
    assert _standing(events, NOW + 2 * DAY).level is StandingLevel.WARNED
    assert _standing(events, NOW + 10 * DAY).level is StandingLevel.GOOD


def test_points_end_with_the_window_to_the_second() -> None:
    events = history(recorded(1))
    assert _standing(events, NOW + 30 * DAY - 0.001).points == 3
    assert _standing(events, NOW + 30 * DAY).points == 0


def test_an_old_strike_weighs_nothing_with_a_new_one() -> None:
    events = history(recorded(1, occurred_at=NOW - 30 * DAY), recorded(2))
    found = _standing(events)
    assert (found.level, found.points) == (StandingLevel.WARNED, 3)


def test_a_restriction_of_one_kind_is_the_one_that_ends_last() -> None:
    later = NOW + DAY / 2
    events = history(recorded(1), recorded(2), recorded(3, occurred_at=later))
    all_features = [r for r in _standing(events, later).restrictions if r.kind is RestrictionKind.ALL]
    assert [(r.until, r.event_id) for r in all_features] == [(later + DAY, "event-3")]


@pytest.mark.parametrize("decision", [Decision.ALLOW, Decision.LABEL, Decision.REVIEW])
def test_what_does_not_strike_is_recorded_and_weighs_nothing(decision: Decision) -> None:
    found = _standing(history(recorded(1, decision=decision, severity=Severity.CRITICAL)))
    assert (found.level, found.points, found.sequence) == (StandingLevel.GOOD, 0, 1)


def test_a_void_takes_back_its_violation_and_nothing_else() -> None:
    kept, overturned = recorded(1), recorded(2)
    found = _standing(history(kept, overturned, void_of(overturned, 3)))
    alone = _standing(history(kept))
    assert (found.level, found.points, found.restrictions) == (alone.level, alone.points, alone.restrictions)
    assert found.sequence == 3


def test_the_clear_stamp_of_a_void_covers_another_scan_of_the_item() -> None:
    overturned = recorded(1)
    scanned_again = recorded(3, item=overturned.item, event_id="another-policy")
    assert _standing(history(overturned, void_of(overturned, 2), scanned_again)).points == 0


def test_the_clear_stamp_does_not_cover_another_category_of_the_item() -> None:
    overturned = recorded(1)
    other = recorded(3, item=overturned.item, category=Category.NONCONSENSUAL)
    assert _standing(history(overturned, void_of(overturned, 2), other)).points == 3


def test_an_item_strikes_once_by_its_gravest_violation() -> None:
    events = history(
        recorded(1, item="one", severity=Severity.LOW),
        recorded(2, item="one", severity=Severity.CRITICAL),
        recorded(3, item="one", severity=Severity.MEDIUM, category=Category.SEXUAL),
    )
    assert _standing(events).points == 5


def test_an_event_is_judged_by_the_ladder_it_was_recorded_under() -> None:
    dearer = ladder("v2", points={category.label: dict.fromkeys(POINTS_OF, 6) for category in Category})
    known = ladders(ladder("v1"), current=dearer)
    before = standing(ACCOUNT, history(recorded(1)), known, NOW)
    assert (before.points, before.policy_version) == (3, "v1")
    after = standing(ACCOUNT, history(recorded(1, policy_version="v2")), known, NOW)
    assert (after.points, after.policy_version) == (6, "v2")


POINTS_OF = ("low", "medium", "high", "critical")


def test_an_event_of_an_unknown_ladder_is_not_guessed_at() -> None:
    with pytest.raises(UnknownLadderError):
        _standing(history(recorded(1, policy_version="v9")))


def test_the_first_offence_teaches_and_the_second_bites() -> None:
    kind = ladders(current=ladder(first_offence=_FIRST_OFFENCE))
    two = (recorded(1, severity=Severity.HIGH), recorded(2, severity=Severity.HIGH))
    first = standing(ACCOUNT, history(two[0]), kind, NOW)
    assert [reason.rule for reason in first.reasons] == ["ladder:education"]
    assert standing(ACCOUNT, history(*two), kind, NOW).level is StandingLevel.SUSPENDED


def test_a_first_offence_too_grave_for_teaching_bites() -> None:
    kind = ladders(current=ladder(first_offence=_FIRST_OFFENCE))
    grave = standing(ACCOUNT, history(recorded(1, severity=Severity.CRITICAL)), kind, NOW)
    assert grave.level is StandingLevel.LIMITED


def test_when_the_first_is_overturned_the_second_becomes_the_first() -> None:
    kind = ladders(current=ladder(first_offence=_FIRST_OFFENCE))
    first, second = recorded(1), recorded(2)
    found = standing(ACCOUNT, history(first, second, void_of(first, 3)), kind, NOW)
    assert [reason.rule for reason in found.reasons] == ["ladder:education"]


def test_the_gravest_category_suspends_at_once_and_without_end() -> None:
    strict = ladders(current=ladder(first_offence=_FIRST_OFFENCE, immediate=[_IMMEDIATE]))
    event = recorded(1, category=Category.SEXUAL_MINORS, severity=Severity.LOW)
    found = standing(ACCOUNT, history(event), strict, NOW + 10_000 * DAY)
    assert found.level is StandingLevel.SUSPENDED
    assert [(r.kind, r.until) for r in found.restrictions] == [(RestrictionKind.ALL, None)]


def test_no_events_whatever_lead_an_account_to_a_ban_by_machine() -> None:
    worst = [recorded(n, severity=Severity.CRITICAL, category=Category.SEXUAL_MINORS) for n in range(1, 50)]
    assert _standing(history(*worst)).level is StandingLevel.SUSPENDED
