"""The ladder file: what it refuses and what it answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.chassis.errors import PolicyError
from services.contracts.vocabulary import Category, Decision, Severity, StandingLevel
from services.enforcement.ladder import Ladder, UnknownLadderError
from services.enforcement.settings import LADDER_FILE
from tests.unit.enforcement.builders import ladder, ladder_document, ladders


def test_the_shipped_ladder_suspends_at_once_for_any_blocked_sexualisation_of_minors() -> None:
    shipped = Ladder.load(LADDER_FILE)
    for severity in Severity:
        effects = shipped.effects(Category.SEXUAL_MINORS, severity, points=1, first=True)
        assert max(effect.level for effect in effects) is StandingLevel.SUSPENDED


def test_the_shipped_ladder_answers_a_first_offence_with_education_alone() -> None:
    shipped = Ladder.load(LADDER_FILE)
    effects = shipped.effects(Category.NONCONSENSUAL, Severity.HIGH, points=4, first=True)
    assert [(effect.level, effect.restrictions) for effect in effects] == [(StandingLevel.WARNED, ())]


def test_a_label_and_a_review_never_weigh_anything_under_the_shipped_ladder() -> None:
    shipped = Ladder.load(LADDER_FILE)
    for decision in (Decision.ALLOW, Decision.LABEL, Decision.REVIEW):
        assert shipped.weigh(Category.SEXUAL_MINORS, Severity.CRITICAL, decision) == 0
    assert shipped.weigh(Category.SEXUAL_MINORS, Severity.CRITICAL, Decision.BLOCK) > 0


def test_every_step_reached_follows_and_not_the_highest_alone() -> None:
    effects = ladder().effects(Category.VIOLENCE, Severity.HIGH, points=5, first=False)
    assert [effect.name for effect in effects] == ["warn", "limit"]


def _step(**changes: Any) -> dict[str, Any]:
    return {"name": "x", "points": 1, "level": "warned", "days": 1, **changes}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"steps": [_step(level="banned", restrictions=["all"])]}, "automatic effect"),
        ({"steps": [_step(level="good")]}, "automatic effect"),
        ({"steps": [_step(level="suspended")]}, "restriction `all`"),
        ({"steps": [_step(points=4), _step(points=2)]}, "must rise"),
        ({"steps": []}, "steps"),
        ({"strikes_on": ["block", "label"]}, "no violation"),
        ({"strikes_on": []}, "strikes_on"),
        ({"points": {}}, "points of sexual lack low"),
        ({"window_days": 0}, "window_days"),
        ({"appeals": {"open_days": 20}}, "open_days"),
        ({"first_offense": {}}, "first_offense"),
    ],
)
def test_a_ladder_that_cannot_be_stood_on_is_refused(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(PolicyError, match=fault):
        ladder(**changes)


def test_a_ladder_file_that_is_no_ladder_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "ladder.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"ladder\.json"):
        Ladder.load(file)
    with pytest.raises(PolicyError, match=r"missing\.json"):
        Ladder.load(tmp_path / "missing.json")


def test_the_canonical_document_is_the_same_ladder_again() -> None:
    shipped = Ladder.load(LADDER_FILE)
    again = Ladder.from_document(json.loads(shipped.document()))
    assert again == shipped
    assert again.document() == shipped.document()


def test_the_canonical_document_shows_any_change() -> None:
    assert ladder().document() != ladder(window_days=31).document()


def test_an_unknown_version_is_named() -> None:
    known = ladders(ladder("v0"))
    assert known.of("v0").version == "v0"
    with pytest.raises(UnknownLadderError) as refused:
        known.of("v9")
    assert refused.value.version == "v9"


def test_the_builders_ladder_is_a_ladder() -> None:
    assert Ladder.from_document(ladder_document()).version == "v1"
