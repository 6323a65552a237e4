"""The pure decision: tables, fail modes, and properties that hold for every policy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import PolicyError
from services.chassis.policy import CategoryPolicy, Policy
from services.chassis.signals import AbsentSignal, Reason, Span
from services.contracts.vocabulary import AbsenceCause, Category, Decision, Severity

RULE = CategoryPolicy(label=0.25, review=0.5, block=0.75)
POLICY = Policy(
    version="v1",
    categories={
        **dict.fromkeys(Category, RULE),
        Category.SEXUAL_MINORS: CategoryPolicy(
            review=0.1, block=0.3, severity=Severity.CRITICAL, when_absent=Decision.BLOCK
        ),
    },
)

scores = st.floats(0, 1)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    rules = {}
    for category in Category:
        label, review, block = sorted(draw(st.tuples(scores, scores, scores)))
        absent = draw(st.sampled_from(Decision))
        rules[category] = CategoryPolicy(label=label, review=review, block=block, when_absent=absent)
    return Policy(version="drawn", categories=rules)


@pytest.mark.parametrize(
    ("score", "decision"),
    [
        (0.0, Decision.ALLOW),
        (0.2499, Decision.ALLOW),
        (0.25, Decision.LABEL),
        (0.4999, Decision.LABEL),
        (0.5, Decision.REVIEW),
        (0.75, Decision.BLOCK),
        (1.0, Decision.BLOCK),
    ],
)
def test_the_gravest_reached_threshold_decides(score: float, decision: Decision) -> None:
    assert POLICY.decide({Category.VIOLENCE: score}).decision is decision


def test_a_category_without_thresholds_never_bites() -> None:
    assert CategoryPolicy().decide(1.0) is Decision.ALLOW


def test_the_gravest_category_decides_and_each_biting_one_is_a_reason() -> None:
    outcome = POLICY.decide({Category.SEXUAL: 0.3, Category.SEXUAL_MINORS: 0.4, Category.VIOLENCE: 0.1})
    assert outcome.decision is Decision.BLOCK
    assert [(reason.category, reason.severity, reason.rule) for reason in outcome.reasons] == [
        (Category.SEXUAL, Severity.MEDIUM, "score:sexual"),
        (Category.SEXUAL_MINORS, Severity.CRITICAL, "score:sexual_minors"),
    ]


def test_grounds_of_biting_categories_become_the_reasons_and_others_do_not() -> None:
    ground = Reason(Category.VIOLENCE, Severity.HIGH, "lexicon:vi-0001", Span(0, 3))
    idle = Reason(Category.SEXUAL, Severity.HIGH, "lexicon:sx-0001", Span(4, 6))
    outcome = POLICY.decide({Category.VIOLENCE: 0.9, Category.SEXUAL: 0.0}, grounds=[ground, idle])
    assert outcome.reasons == (ground,)


def test_an_unanswered_category_takes_its_fail_mode_and_says_what_was_absent() -> None:
    absent = AbsentSignal("classifier", AbsenceCause.TIMEOUT)
    outcome = POLICY.decide({}, absent=[absent], unanswered=[Category.SEXUAL_MINORS, Category.VIOLENCE])
    assert outcome.decision is Decision.BLOCK
    assert outcome.absent == (absent,)
    assert [reason.rule for reason in outcome.reasons] == ["absent:sexual_minors"]


def test_an_answered_category_is_not_unanswered() -> None:
    outcome = POLICY.decide({Category.SEXUAL_MINORS: 0.0}, unanswered=[Category.SEXUAL_MINORS])
    assert outcome.decision is Decision.ALLOW


def test_nothing_judged_is_allowed_under_the_policys_version() -> None:
    outcome = POLICY.decide({})
    assert (outcome.decision, outcome.reasons, outcome.policy_version) == (Decision.ALLOW, (), "v1")


@given(policies(), st.dictionaries(st.sampled_from(Category), scores), st.sampled_from(Category), scores)
def test_raising_one_score_never_softens_the_decision(
    policy: Policy, judged: dict[Category, float], category: Category, other: float
) -> None:
    low, high = sorted((judged.get(category, 0.0), other))
    softer = policy.decide({**judged, category: low}).decision
    harder = policy.decide({**judged, category: high}).decision
    assert softer <= harder


@given(policies(), st.dictionaries(st.sampled_from(Category), scores), st.sets(st.sampled_from(Category)))
def test_reasons_are_given_exactly_when_something_bites(
    policy: Policy, judged: dict[Category, float], unanswered: set[Category]
) -> None:
    outcome = policy.decide(judged, unanswered=unanswered)
    assert bool(outcome.reasons) == (outcome.decision > Decision.ALLOW)
    assert outcome == policy.decide(judged, unanswered=unanswered)


def _file(path: Path, **rules: object) -> Path:
    complete = {category.label: {} for category in Category} | rules
    path.write_text(json.dumps({"version": "v2", "categories": complete}))
    return path


def test_a_file_names_categories_severities_and_decisions(tmp_path: Path) -> None:
    rule = {"block": 0.5, "severity": "critical", "when_absent": "block"}
    policy = Policy.load(_file(tmp_path / "policy.json", sexual_minors=rule))
    loaded = policy.categories[Category.SEXUAL_MINORS]
    assert (loaded.severity, loaded.when_absent) == (Severity.CRITICAL, Decision.BLOCK)


@pytest.mark.parametrize(
    "rules",
    [
        {"violence": {"review": 0.9, "block": 0.1}},
        {"violence": {"blok": 0.1}},
        {"violence": {"severity": "terrible"}},
        {"gluttony": {}},
        {"violence": {"block": -1}},
    ],
)
def test_a_faulty_file_is_refused_by_name(tmp_path: Path, rules: dict[str, object]) -> None:
    path = _file(tmp_path / "policy.json", **rules)
    with pytest.raises(PolicyError, match=r"policy\.json"):
        Policy.load(path)


def test_a_policy_must_rule_on_every_category() -> None:
    with pytest.raises(ValueError, match="no rule for sexual,"):
        Policy.model_validate({"version": "v", "categories": {"violence": {}}})
