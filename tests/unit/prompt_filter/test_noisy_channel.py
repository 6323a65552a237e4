"""Misspellings: of a listed word and a common one the likelier; what is in doubt needs support."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.vocabulary import Category, Decision
from services.prompt_filter.classifier_port import Answer
from services.prompt_filter.lexicon import TENANT, Entry, Grade
from services.prompt_filter.matching.hits import View
from services.prompt_filter.matching.misspellings import Misspellings
from services.prompt_filter.matching.noisy_channel import NoisyChannel, slipped_from
from services.prompt_filter.prompt import Prompt
from tests.unit.prompt_filter.placeholders import MINOR, SHORT, entry, lexicon, prompt_filter

COMMON = {"harbour": 5.0, "garden": 5.0, "listed": 5.0}
CHANNEL = NoisyChannel(COMMON, COMMON.keys() - {"listed"})
KNOWN = replace(entry("dorb", grade=Grade.VULGAR), source="+".join("abc"))


@pytest.mark.parametrize(
    ("written", "listed", "likelier"),
    [
        ("harbuor", "harbuot", True),  # two letters swapped, one of them beside another key
        ("harbou", "harboud", True),
        ("harrbour", "hairbour", True),
        ("harqour", "harpour", True),  # a letter that nothing suggests, of either
        ("gargen", "gargon", False),  # of the common word alone
        ("garfen", "garfeld", True),
        ("bardour", "bardoun", False),  # nobody misses the first letter
        ("house", "houses", False),  # near no common word
        ("lisfed", "lisped", False),  # near a common word that is listed
    ],
)
def test_a_slip_in_a_common_word_is_likelier(written: str, listed: str, likelier: bool) -> None:
    assert CHANNEL.likelier(written, listed, lists=1) is likelier


def test_the_commoner_and_the_better_known_a_listed_word_the_likelier_it_is_meant() -> None:
    near = NoisyChannel({"garden": 4.2, "gardes": 3.0}, {"garden"})
    assert near.likelier("garde", "gardes", lists=1)
    assert not near.likelier("garde", "gardes", lists=4)
    assert not NoisyChannel({"garden": 4.2, "gardes": 4.0}, {"garden"}).likelier("garde", "gardes", lists=1)


@given(
    st.text("abcdr", min_size=3, max_size=12), st.text("abcdr", min_size=3, max_size=12), st.integers(1, 20)
)
def test_without_common_words_nothing_is_likelier(written: str, listed: str, lists: int) -> None:
    assert not NoisyChannel({}, ()).likelier(written, listed, lists)


@pytest.mark.parametrize(
    ("written", "slip"),
    [
        ("drb", True), ("dorrb", True), ("dotb", True), ("darb", True), ("drob", True), ("dforb", True),
        ("dolb", False), ("dorlb", False), ("dorb", False), ("dor", True), ("doorbb", False),
    ],
)  # fmt: skip
def test_one_slip(written: str, slip: bool) -> None:
    assert list(slipped_from(written, ["dorb", "lamp"])) == (["dorb"] if slip else [])


def misspellings(*entries: Entry, words: str = "") -> Misspellings:
    listed = {one.term: one for one in entries}
    return Misspellings(listed, listed.keys(), set(words.split()), CHANNEL)


def test_what_a_common_word_explains_is_in_doubt() -> None:
    listed = entry("harbous")
    assert misspellings(listed).of("harbout") == (listed, View.DOUBTFUL)
    assert misspellings(listed).of("harboux") == (listed, View.FUZZY)


def test_what_a_tenant_lists_is_never_in_doubt() -> None:
    listed = replace(entry("harbous"), language=TENANT)
    assert misspellings(listed).of("harbout") == (listed, View.FUZZY)


def test_a_short_word_is_found_in_doubt_where_many_know_it() -> None:
    assert misspellings(KNOWN).of("dorrb") == (KNOWN, View.DOUBTFUL)
    assert misspellings(replace(KNOWN, source="a+b")).of("dorrb") is None
    assert misspellings(KNOWN).of("dorlb") is None


class Suspecting:
    """A classifier that answers every text alike."""

    version = "suspecting"

    def __init__(self, sexual: float) -> None:
        self._sexual = sexual

    def score(self, texts: Sequence[str], settled: Collection[int] = ()) -> list[Answer]:
        return [Answer({Category.SEXUAL: self._sexual}) for _ in texts]


def checked(text: str, sexual: float) -> tuple[Decision, set[str]]:
    known = lexicon()
    terms = replace(known, frequencies={"gruba": 6.0}, dictionary=known.dictionary | {"gruba"})
    judged = prompt_filter(classifier=Suspecting(sexual), terms=terms).check(Prompt("p", text)).outcome
    return judged.decision, {reason.rule.split(":")[0] for reason in judged.reasons}


SENTENCE = "the red boat by the old stone bridge and one more {} in the morning"


def test_a_doubtful_word_counts_where_the_rest_of_the_text_is_suspicious() -> None:
    doubtful = SENTENCE.format("griba")
    assert checked(doubtful, 0.02) == (Decision.ALLOW, set())
    assert checked(doubtful, 0.15) == (Decision.REVIEW, {"doubtful"})
    assert checked(SENTENCE.format("lake"), 0.15) == (Decision.ALLOW, set())


def test_a_doubtful_word_makes_no_conjunction() -> None:
    doubtful = SENTENCE.format(f"{MINOR} griba")
    assert checked(doubtful, 0.02)[0] is Decision.ALLOW
    assert checked(SENTENCE.format(f"{MINOR} {SHORT}"), 0.02)[0] is Decision.BLOCK
