"""Weighing: more evidence never weighs less, and every block says why."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.vocabulary import Category, Decision, Severity
from services.prompt_filter.classifier_port import Answer
from services.prompt_filter.rules import Ground
from services.prompt_filter.text.mapped import MappedText
from services.prompt_filter.weighing import decide, tempered, weigh
from tests.unit.prompt_filter.placeholders import policy

MAPPED = MappedText("x" * 100, 100)
PROBABILITY = st.floats(0, 1)
SCORES = st.dictionaries(st.sampled_from(list(Category)), PROBABILITY, max_size=5)
GROUNDS = st.lists(
    st.builds(
        Ground,
        st.sampled_from(list(Category)),
        st.sampled_from(list(Severity)),
        st.sampled_from([f"{family}:id" for family in sorted(policy().rules)]),
        st.integers(0, 49),
        st.integers(50, 100),
    ),
    max_size=6,
)


def _never(text: str) -> bool:
    del text
    return False


def decision(grounds: list[Ground], model: dict[Category, float]) -> Decision:
    return decide(weigh(grounds, model, policy()), grounds, policy(), mapped=MAPPED).decision


def test_no_rule_of_the_shipped_policy_lowers_a_score() -> None:
    assert all(weight.odds >= 1 for weight in policy().rules.values())


@given(GROUNDS, GROUNDS, SCORES)
def test_more_grounds_never_weigh_less(
    some: list[Ground], more: list[Ground], model: dict[Category, float]
) -> None:
    less, greater = weigh(some, model, policy()), weigh([*some, *more], model, policy())
    assert all(greater[category] >= less[category] - 1e-6 for category in Category)
    assert decision([*some, *more], model) >= decision(some, model)


@given(GROUNDS, SCORES, st.sampled_from(list(Category)), PROBABILITY)
def test_a_higher_score_never_weighs_less(
    grounds: list[Ground], model: dict[Category, float], category: Category, higher: float
) -> None:
    raised = {**model, category: max(higher, model.get(category, policy().base[category]))}
    assert decision(grounds, raised) >= decision(grounds, model)


@given(GROUNDS, SCORES)
def test_scores_are_complete_and_within_bounds(grounds: list[Ground], model: dict[Category, float]) -> None:
    scores = weigh(grounds, model, policy())
    assert set(scores) == set(Category)
    assert all(0 <= score <= 1 for score in scores.values())


@given(GROUNDS, SCORES)
def test_whoever_is_not_allowed_is_told_why(grounds: list[Ground], model: dict[Category, float]) -> None:
    outcome = decide(weigh(grounds, model, policy()), grounds, policy(), mapped=MAPPED)
    assert (outcome.decision > Decision.ALLOW) == bool(outcome.reasons)
    assert len(set(outcome.reasons)) == len(outcome.reasons)


@given(GROUNDS, SCORES, st.randoms(use_true_random=False))
def test_the_order_of_grounds_does_not_matter(
    grounds: list[Ground], model: dict[Category, float], chance: object
) -> None:
    other = list(grounds)
    chance.shuffle(other)  # type: ignore[attr-defined]
    one, two = (
        decide(weigh(each, model, policy()), each, policy(), mapped=MAPPED) for each in (grounds, other)
    )
    assert one == two


def test_a_family_counts_once() -> None:
    ground = Ground(Category.SEXUAL, Severity.LOW, "term-vulgar:a", 0, 1)
    again = Ground(Category.SEXUAL, Severity.LOW, "term-vulgar:b", 5, 6)
    assert weigh([ground], {}, policy()) == weigh([ground, again], {}, policy())


def test_little_text_is_little_evidence() -> None:
    model = Answer({Category.SEXUAL: 0.95}, harm=0.95)
    base = policy().base[Category.SEXUAL]
    texts = ("lake", "lake house", "a b c d e")
    answers = [tempered(model, text, "en", policy(), _never) for text in texts]
    word, two, many = (answer.scores[Category.SEXUAL] for answer in answers)
    assert base < word < two < many == 0.95
    assert [answer.harm for answer in answers] == sorted(answer.harm or 0 for answer in answers)


def test_figures_are_no_words() -> None:
    model = Answer({Category.SEXUAL: 0.95})
    base = policy().base[Category.SEXUAL]
    figures, words, unspaced = (
        tempered(model, text, "en", policy(), _never).scores[Category.SEXUAL]
        for text in ("1.5e+00 2 37 410 5" * 20, "1 a 2 b 3 c d e", "x" * 50)
    )
    assert figures == base
    assert words == unspaced == 0.95


def test_beside_a_look_alike_it_takes_more_text() -> None:
    model = Answer({Category.SEXUAL: 0.8})
    texts = ["a b c d e", "a b c d e f g h i"]
    few, enough = (tempered(model, text, "en", policy(), lambda _: True) for text in texts)
    assert policy().base[Category.SEXUAL] < few.scores[Category.SEXUAL] < 0.8
    assert enough == model


def test_other_languages_than_the_classifiers_are_little_evidence() -> None:
    model = Answer({Category.SEXUAL: 0.95})
    german = tempered(model, "ein ganzer deutscher satz", "de", policy(), _never).scores[Category.SEXUAL]
    assert policy().base[Category.SEXUAL] < german < 0.95
