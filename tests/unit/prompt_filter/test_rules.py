"""What terms mean alone and together, by placeholder entries."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.vocabulary import Category, Decision
from services.prompt_filter.ages import Age
from services.prompt_filter.context import Standing
from services.prompt_filter.evidence import Evidence, Finding, doubted, without_overlaps
from services.prompt_filter.lexicon import Grade, Role
from services.prompt_filter.matching.hits import Hit, View
from services.prompt_filter.rules import grounds
from tests.unit.prompt_filter.placeholders import entry, policy

CHILD, ADULT = Age(9, 0, 3), Age(30, 0, 3)


def finding(
    role: Role,
    grade: Grade = Grade.EXPLICIT,
    *,
    at: int = 0,
    view: View = View.EXACT,
    standing: Standing = Standing.SOUGHT,
) -> Finding:
    return Finding(Hit(entry(f"{role.value}-{grade.value}", role, grade), at, at + 5, view), standing)


SEXUAL = finding(Role.SEXUAL)


def families(
    *findings: Finding, ages: tuple[Age, ...] = (), face: bool = False, disguised: bool = False
) -> set[str]:
    weighed = doubted(findings, disguised=disguised)
    evidence = Evidence(weighed, ages, disguised=disguised, reference_face=face)
    return {ground.rule.split(":")[0] for ground in grounds(evidence)}


@pytest.mark.parametrize("grade", [Grade.EXPLICIT, Grade.VULGAR, Grade.SUGGESTIVE, Grade.HOMOGRAPH])
def test_a_term_that_speaks_is_a_ground_alone(grade: Grade) -> None:
    assert families(finding(Role.SEXUAL, grade)) == {f"term-{grade.value}"}


def test_a_word_that_two_languages_have_is_no_conjunction() -> None:
    child = finding(Role.MINOR)
    foreign = child._replace(hit=child.hit._replace(entry=replace(child.hit.entry, language="it")))
    assert "minor-and-sexual" not in families(SEXUAL, foreign)
    assert "minor-and-sexual" in families(SEXUAL, foreign, finding(Role.SEXUAL, at=9))
    assert "minor-and-sexual" in families(SEXUAL, child)


@pytest.mark.parametrize(
    "alone",
    [
        finding(Role.SEXUAL, Grade.AMBIGUOUS),
        finding(Role.MINOR),
        finding(Role.PERSON),
        finding(Role.UNDRESS),
        finding(Role.VIOLENCE),
        finding(Role.GORE),
        finding(Role.SEXUAL, standing=Standing.EXCLUDED),
    ],
)
def test_what_says_nothing_alone_is_no_ground(alone: Finding) -> None:
    assert families(alone) == set()


def test_a_mention_is_only_a_mention() -> None:
    assert families(finding(Role.SEXUAL, standing=Standing.MENTIONED)) == {"mentioned"}
    assert families(finding(Role.SEXUAL, standing=Standing.MENTIONED), finding(Role.MINOR)) == {"mentioned"}


@pytest.mark.parametrize("view", [View.SPLIT, View.DOUBTFUL])
def test_an_aggressive_reading_counts_with_support(view: View) -> None:
    guess = finding(Role.SEXUAL, view=view, at=20)
    assert families(guess, disguised=True) == {"term-explicit"}
    assert families(guess, SEXUAL) == {"term-explicit"}
    assert families(guess) == {"doubtful"}


@pytest.mark.parametrize("view", [View.SPLIT, View.DOUBTFUL])
@pytest.mark.parametrize(
    "beside", [finding(Role.MINOR), finding(Role.PERSON), finding(Role.SEXUAL, Grade.AMBIGUOUS)]
)
def test_what_says_nothing_by_itself_supports_no_guess(view: View, beside: Finding) -> None:
    guess = finding(Role.SEXUAL, view=view, at=20)
    assert families(guess, beside) == {"doubtful"}
    assert families(guess, ages=(CHILD,), face=True) == {"doubtful"}
    assert families(guess._replace(standing=Standing.EXCLUDED)) == set()


@pytest.mark.parametrize("sexual", [SEXUAL, finding(Role.SEXUAL, Grade.SUGGESTIVE), finding(Role.UNDRESS)])
def test_a_minor_with_anything_sexual_is_the_gravest(sexual: Finding) -> None:
    assert "minor-and-sexual" in families(sexual, finding(Role.MINOR, at=10))
    assert "minor-and-sexual" in families(sexual, ages=(CHILD,))
    assert "minor-and-sexual" in families(sexual, ages=(ADULT, CHILD))


def test_an_adults_age_is_no_minors() -> None:
    assert "minor-and-sexual" not in families(SEXUAL, ages=(ADULT,))


def test_a_word_for_the_young_counts_unless_an_adult_age_is_said() -> None:
    perhaps = finding(Role.MINOR, Grade.AMBIGUOUS, at=10)
    assert "perhaps-minor-and-sexual" in families(SEXUAL, perhaps)
    assert "perhaps-minor-and-sexual" not in families(SEXUAL, perhaps, ages=(ADULT,))
    assert "perhaps-minor-and-sexual" not in families(finding(Role.SEXUAL, Grade.SUGGESTIVE), perhaps)


def test_excluded_indicators_do_not_conjoin() -> None:
    assert families(SEXUAL, finding(Role.MINOR, standing=Standing.EXCLUDED)) == {"term-explicit"}


def test_a_real_person_is_not_sexualised() -> None:
    person, undress = finding(Role.PERSON, at=10), finding(Role.UNDRESS, at=20)
    assert "person-and-undress" in families(person, undress)
    assert "person-and-sexual" in families(person, SEXUAL)
    assert "perhaps-person-and-sexual" in families(finding(Role.PERSON, Grade.AMBIGUOUS, at=10), SEXUAL)
    assert "undress" in families(undress, SEXUAL)


def test_a_supplied_face_is_a_real_person() -> None:
    assert "reference-face-and-sexual" in families(SEXUAL, face=True)
    assert "reference-face-and-sexual" in families(finding(Role.UNDRESS), face=True)
    assert families(face=True) == set()


def test_violence_needs_gore_to_be_graphic() -> None:
    both = (finding(Role.VIOLENCE), finding(Role.GORE, at=10))
    assert "violence-and-gore" in families(*both)


def test_every_ground_names_its_category() -> None:
    evidence = Evidence((SEXUAL, finding(Role.MINOR, at=10), finding(Role.PERSON, at=20)), (CHILD,))
    found = {ground.rule.split(":")[0]: ground.category for ground in grounds(evidence)}
    assert found["minor-and-sexual"] is Category.SEXUAL_MINORS
    assert found["person-and-sexual"] is Category.NONCONSENSUAL
    assert found["term-explicit"] is Category.SEXUAL


def test_of_overlapping_findings_the_gravest_stays() -> None:
    mild = finding(Role.SEXUAL, Grade.SUGGESTIVE, at=3)
    elsewhere = finding(Role.SEXUAL, Grade.SUGGESTIVE, at=30)
    other_role = finding(Role.MINOR, at=2)
    assert without_overlaps([mild, SEXUAL, elsewhere, other_role]) == (SEXUAL, other_role, elsewhere)


def test_coarse_language_says_nothing_of_the_child_beside_it() -> None:
    assert families(finding(Role.SEXUAL, Grade.PROFANE), finding(Role.MINOR, at=20)) == {"term-profane"}
    assert policy().weight("term-profane").at_least is Decision.REVIEW


def test_mild_language_is_labelled() -> None:
    (ground,) = grounds(Evidence((finding(Role.SEXUAL, Grade.MILD),)))
    assert policy().weight(ground.rule).at_least is Decision.LABEL


def test_what_follows_upon_an_undressing_term_is_sought() -> None:
    undress = finding(Role.UNDRESS)
    near = finding(Role.PERSON, at=6, standing=Standing.EXCLUDED)
    far = finding(Role.PERSON, at=14, standing=Standing.EXCLUDED)
    assert [one.standing for one in without_overlaps([undress, near])] == [Standing.SOUGHT, Standing.SOUGHT]
    assert [one.standing for one in without_overlaps([undress, far])] == [Standing.SOUGHT, Standing.EXCLUDED]


SILENT = [one for role in Role for grade in Grade if (one := finding(role, grade)).hit.entry.silent]


@given(st.lists(st.sampled_from(SILENT)), st.booleans(), st.booleans(), st.sampled_from([(), (CHILD,)]))
def test_silent_terms_are_no_ground_whatever_their_number(
    findings: list[Finding], face: bool, disguised: bool, ages: tuple[Age, ...]
) -> None:
    assert not families(*findings, ages=ages, face=face, disguised=disguised)


def test_every_other_term_is_a_ground_beside_something() -> None:
    others = [finding(role, at=9) for role in Role]
    for role in Role:
        for grade in Grade:
            one = finding(role, grade)
            alone = families(one) | families(one, face=True)
            beside = any(families(one, other) - families(other) for other in others)
            assert one.hit.entry.silent or alone or beside, (role, grade)
