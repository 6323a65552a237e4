"""The sets of the evaluation: complete, repeatable, and with twins told apart."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from services.chassis.signals import Outcome, Reason
from services.contracts.vocabulary import Category, Decision, Severity
from services.prompt_filter.evaluation.cases import PLAIN, Case, sample
from services.prompt_filter.evaluation.disguises import DISGUISES
from services.prompt_filter.evaluation.generated import DATA
from services.prompt_filter.evaluation.heldout import TRAINING_SEED
from services.prompt_filter.evaluation.identities import identities
from services.prompt_filter.evaluation.innocents import holding_a_listed_word, withheld
from services.prompt_filter.evaluation.judging import Judged
from services.prompt_filter.evaluation.languages import LANGUAGES, languages
from services.prompt_filter.evaluation.misspelled_texts import listed_in, misspelled, slipped
from services.prompt_filter.evaluation.misspellings import MISSPELLINGS
from services.prompt_filter.evaluation.obfuscation import Twins, disguised_sentences, obfuscation
from services.prompt_filter.evaluation.prose import ordinary_prose
from services.prompt_filter.evaluation.slices import by, standing_out, whole
from services.prompt_filter.evaluation.syntax_pairs import syntax_pairs
from services.prompt_filter.evaluation.terms import Terms
from services.prompt_filter.prompt import PromptVerdict
from tests.unit.prompt_filter.placeholders import EXPLICIT, lexicon


@pytest.fixture
def terms() -> Terms:
    return Terms(lexicon(), seed=1)


def judged(
    *, seeking: bool, decision: Decision, cluster: str = "c", mild: bool = False, **slices: str
) -> Judged:
    case = Case("text", seeking, cluster, slices, mild=mild)
    reasons = (Reason(Category.SEXUAL, Severity.HIGH, "term-explicit:id"),)
    return Judged(case, PromptVerdict("p", {}, 0.0, Outcome(decision, reasons, (), "v"), "m"))


@pytest.mark.parametrize("kind", DISGUISES)
def test_a_disguise_changes_the_word_the_same_way_every_time(kind: str) -> None:
    once, again = (DISGUISES[kind]("sunflower", Random(4)) for _ in range(2))
    assert once == again != "sunflower"


def test_every_disguise_is_tried_on_both_sides(terms: Terms) -> None:
    suite = obfuscation(terms, 2, seed=1)
    for seeking in (True, False):
        kinds = {case.slices["disguise"] for case in suite.cases if case.seeking is seeking}
        assert kinds == {PLAIN, *DISGUISES}
    assert suite == obfuscation(terms, 2, seed=1)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("b******k", "stars for the middle"),
        ("bl*rvick", "star for a vowel"),
        ("bloorrvick", "doubled"),
        (EXPLICIT, "typo swap"),
    ],
)
def test_what_is_written_like_a_listed_word_is_on_neither_side(written: str, kind: str) -> None:
    twins = Twins([EXPLICIT])
    assert twins.same(written, kind)
    assert not twins.same("sunflower", kind)


def test_a_slip_changes_one_or_two_words_and_makes_no_other() -> None:
    text = "a photo of the sunflower and an umbrella"
    cases = slipped([text, "the lake"], {"lak"}, seed=1).cases
    assert cases == slipped([text, "the lake"], {"lak"}, seed=1).cases
    for case in cases:
        changed = sum(
            one != other for one, other in zip(case.cluster.split(), case.text.split(), strict=True)
        )
        assert changed == {"one slip": 1, "two slips": 2}[case.slices["slips"]]
        assert not case.seeking
    assert not any("lak" in case.text.split() for case in cases)
    assert [case.slices["slips"] for case in cases if case.cluster == text] == ["one slip", "two slips"]


def test_what_is_misspelled_of_a_harmful_text_is_every_listed_word() -> None:
    text = f"the {EXPLICIT}, the Lake and {EXPLICIT.upper()}!"
    cases = misspelled([text, "the lake"], {EXPLICIT}, {EXPLICIT}, seed=1).cases
    assert cases[0].slices["misspelling"] == PLAIN
    assert {case.cluster for case in cases} == {"0"}
    assert len(cases) > len(MISSPELLINGS) // 2
    for case in cases[1:]:
        assert not listed_in(case.text, {EXPLICIT}) or case.slices["misspelling"] == "joined like code"
        assert "the Lake and" in case.text


def test_every_language_has_terms_and_harmless_sentences(terms: Terms) -> None:
    cases = languages(terms, DATA, per_language=5, seed=1).cases
    assert len(LANGUAGES) == len(set(LANGUAGES)) == 16
    for language in LANGUAGES:
        harmless = [one for one in cases if one.slices["language"] == language and not one.seeking]
        assert len(harmless) >= 300
        assert all("{}" not in one.text for one in harmless)


def test_conjunctions_ask_for_their_category(terms: Terms) -> None:
    wanted = {
        case.slices["what"]: case.category for case in languages(terms, DATA, per_language=5, seed=1).cases
    }
    assert wanted["minor and sexual"] is Category.SEXUAL_MINORS
    assert wanted["person and clothes off"] is Category.NONCONSENSUAL


def test_every_identity_meets_every_domain() -> None:
    cases = identities(DATA).cases
    groups = {case.slices["group"] for case in cases}
    assert groups == {"gender", "orientation", "ethnicity", "religion", "disability", "age"}
    assert {"art", "medicine", "news", "sport"} <= {case.slices["domain"] for case in cases}
    assert not any(case.seeking or "{}" in case.text for case in cases)


def test_no_slot_is_left_open(terms: Terms) -> None:
    cases = syntax_pairs(terms, DATA, count=2, seed=1).cases
    assert not any(
        slot in case.text for case in cases for slot in ("{term}", "{minor}", "{person}", "{undress}")
    )


def test_innocent_words_hold_a_listed_one_and_are_none() -> None:
    words = [f"{EXPLICIT}shire", EXPLICIT, "lake"]
    assert holding_a_listed_word(words, lexicon()) == [f"{EXPLICIT}shire"]


def test_ordinary_prose_is_documentation_as_it_is_written() -> None:
    cases = ordinary_prose(50, seed=1).cases
    assert len({case.text for case in cases}) == 50
    assert not any(case.seeking for case in cases)
    assert all(150 <= len(case.text) <= 1500 and " " in case.text for case in cases)
    assert ordinary_prose(50, seed=1).cases == cases


def test_what_is_withheld_is_gone_from_the_dictionary() -> None:
    kept, out = withheld(lexicon(), 0.5, seed=1)
    assert out
    assert kept.dictionary.isdisjoint(out)
    assert kept.dictionary.union(out) == lexicon().dictionary


def test_a_sample_does_not_reshuffle_when_others_join() -> None:
    some, more = list("abcdefghij"), list("abcdefghijklmnop")
    assert [item for item in sample(more, 16, seed=1) if item in some] == sample(some, 10, seed=1)


def test_a_label_on_a_mild_term_is_no_miss() -> None:
    mild = [
        judged(seeking=True, decision=Decision.LABEL, mild=True),
        judged(seeking=True, decision=Decision.BLOCK),
    ]
    slice_ = whole(mild, "all", seed=1)
    assert slice_.recall is not None
    assert slice_.recall.value == 1.0
    assert slice_.labelled == 0.5
    strict = whole([judged(seeking=True, decision=Decision.LABEL), mild[1]], "all", seed=1)
    assert strict.recall is not None
    assert strict.recall.value == 0.5


def test_the_wrong_category_is_no_hit() -> None:
    one = judged(seeking=True, decision=Decision.BLOCK)
    assert one.flagged
    assert not replace(one, case=replace(one.case, category=Category.SEXUAL_MINORS)).flagged


def test_a_slice_far_above_the_rest_stands_out() -> None:
    cases = [
        judged(
            seeking=False,
            decision=Decision.BLOCK if at < 20 else Decision.ALLOW,
            cluster=str(at),
            language="xx" if at < 25 else "yy",
        )
        for at in range(500)
    ]
    slices = by(cases, "language", seed=1)
    assert [one.value for one in standing_out(slices, whole(cases, "all", seed=1).false_positives)] == ["xx"]


def test_the_held_out_rows_are_those_training_holds_out() -> None:
    pytest.importorskip("jax")
    from services.prompt_filter.training.pipeline import Settings

    assert Settings().seed == TRAINING_SEED


def test_sentences_are_disguised_in_one_word_and_in_all() -> None:
    text = "two boats in a quiet harbour at dawn"
    suite = disguised_sentences([text], seed=1)
    assert suite == disguised_sentences([text], seed=1)
    one, every = (
        next(c.text for c in suite.cases if c.slices == {"disguise": "fullwidth", "words": words})
        for words in ("one word", "all words")
    )
    plain = set(text.split())
    assert len(plain.difference(one.split())) == 1
    assert plain.difference(every.split()) == {"boats", "quiet", "harbour", "dawn"}
    kinds = {case.slices["disguise"] for case in suite.cases}
    assert "spaced" in kinds
    assert not kinds & {"typo swap", "reversed", "star for a vowel"}
    assert not any(case.seeking for case in suite.cases)
