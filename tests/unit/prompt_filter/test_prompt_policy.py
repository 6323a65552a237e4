"""The policy file: what it must hold, and what stops it from being used."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from services.chassis.errors import PolicyError
from services.contracts.vocabulary import Category, Decision
from services.prompt_filter import rules
from services.prompt_filter.lexicon import Grade
from services.prompt_filter.policy import PromptPolicy
from services.prompt_filter.settings import DATA
from tests.unit.prompt_filter.placeholders import policy

SHIPPED = DATA / "policy.json"


def changed(tmp_path: Path, change: Any) -> Path:
    content = json.loads(SHIPPED.read_text(encoding="utf-8"))
    change(content)
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_every_family_the_rules_speak_of_has_a_weight() -> None:
    source = Path(rules.__file__).read_text(encoding="utf-8")
    named = set(re.findall(r'"((?:[a-z]+-)+(?:sexual|undress|gore))[:"]', source)) | {"mentioned", "undress"}
    named |= {f"term-{grade.value}" for grade in Grade if grade is not Grade.AMBIGUOUS}
    assert len(named) > 8
    assert named <= set(policy().rules)


def test_minors_fail_closed() -> None:
    assert policy().categories[Category.SEXUAL_MINORS].when_absent is Decision.BLOCK


def test_an_unnamed_family_weighs_nothing() -> None:
    weight = policy().weight("unheard-of:id")
    assert (weight.odds, weight.at_least) == (1.0, Decision.ALLOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["categories"].pop("violence"),
        lambda content: content["categories"]["sexual"].update(label=0.8, review=0.5),
        lambda content: content["rules"]["mentioned"].update(odds=0),
        lambda content: content["rules"]["mentioned"].update(at_least="perhaps"),
        lambda content: content.pop("version"),
        lambda content: content.update(surprise=1),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(tmp_path: Path, change: Any) -> None:
    PromptPolicy.load(SHIPPED)
    with pytest.raises(PolicyError, match=r"policy\.json"):
        PromptPolicy.load(changed(tmp_path, change))


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="absent"):
        PromptPolicy.load(tmp_path / "absent.json")
