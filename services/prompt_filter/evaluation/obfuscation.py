"""Trigger words under every disguise, against ordinary words under the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from random import Random
from typing import Final

from services.contracts.vocabulary import Category
from services.prompt_filter.evaluation.cases import PLAIN, Case, Suite
from services.prompt_filter.evaluation.disguises import DISGUISES, TYPOS
from services.prompt_filter.evaluation.terms import Terms, cycle
from services.prompt_filter.lexicon import Grade, Role

SLIPS: Final = TYPOS | {"reversed"}
_SHORT: Final = 3
_CARRIERS: Final = (
    "{}",
    "a photo of {} on the table",
    "{}, soft morning light, 4k",
    "two people and {} at night",
)


def obfuscation(terms: Terms, words: int, seed: int) -> Suite:
    """`words` listed and as many ordinary words, each plain and under every disguise."""
    cases: list[Case] = []
    for entry in terms.words(words):
        cases += _disguised(entry.term, entry.id, seed, seeking=True)
    twins = Twins(terms.listed())
    for word in terms.ordinary(words):
        cases += _disguised(word, f"ordinary-{word}", seed, seeking=False, twins=twins)
    return Suite("obfuscation", tuple(cases))


def _disguised(
    word: str, cluster: str, seed: int, *, seeking: bool, twins: Twins | None = None
) -> Iterator[Case]:
    length = "4-5 letters" if len(word) <= 5 else "6-8 letters" if len(word) <= 8 else "9 letters and more"
    for number, kind in enumerate((PLAIN, *DISGUISES)):
        chance = Random(f"{seed}:{cluster}:{kind}")
        written = word if kind == PLAIN else DISGUISES[kind](word, chance)
        if (kind != PLAIN and written == word) or (twins is not None and twins.same(written, kind)):
            continue
        carrier = _CARRIERS[(number + chance.randrange(len(_CARRIERS))) % len(_CARRIERS)]
        slices = {
            "disguise": kind,
            "length": length,
            "carrier": "alone" if carrier == "{}" else "in a sentence",
        }
        yield Case(carrier.replace("{}", written), seeking, cluster, slices)


def disguised_minors(terms: Terms, words: int, seed: int) -> Suite:
    """Indicators of minors beside a sexual term, both under every disguise that leaves no letter out."""
    minors = [
        entry
        for entry in terms.of(Role.MINOR, "en", (Grade.EXPLICIT,), words)
        if entry.term.isalpha() and len(entry.term) > _SHORT
    ]
    graded = terms.of(Role.SEXUAL, "en", (Grade.EXPLICIT, Grade.VULGAR), len(minors) * _SHORT)
    sexual = [entry for entry in graded if entry.term.isalpha() and len(entry.term) > _SHORT]
    cases = [
        Case(
            f"{_written(minor.term, kind, seed)} with {_written(other.term, kind, seed)} in a room",
            True,
            minor.id,
            {"disguise": kind},
            Category.SEXUAL_MINORS,
        )
        for minor, other in zip(minors, cycle(sexual), strict=False)
        for kind in (PLAIN, *DISGUISES)
        if kind not in TYPOS and not kind.startswith("star")
    ]
    return Suite("minors in disguise", tuple(cases))


def _written(word: str, kind: str, seed: int) -> str:
    return word if kind == PLAIN else DISGUISES[kind](word, Random(f"{seed}:{word}:{kind}"))


def disguised_sentences(texts: Sequence[str], seed: int) -> Suite:
    """Harmless sentences with one word in disguise, and with all of their longer ones.

    Without the disguises under which an ordinary word may be written as a listed one would be.
    """
    kinds = [kind for kind in DISGUISES if kind not in SLIPS and not kind.startswith("star")]
    cases = [
        Case(_with(text, kind, share, seed), False, text, {"disguise": kind, "words": share})
        for text in texts
        for kind in kinds
        for share in ("one word", "all words")
    ]
    return Suite("sentences in disguise", tuple(cases))


def _with(text: str, kind: str, share: str, seed: int) -> str:
    """The text with one or all of its longer words in a disguise."""
    chance = Random(f"{seed}:{text}:{kind}:{share}")
    words = text.lower().split()
    able = [at for at, word in enumerate(words) if word.isascii() and word.isalpha() and len(word) > _SHORT]
    chosen = able if share == "all words" else [chance.choice(able)] if able else []
    for at in chosen:
        words[at] = DISGUISES[kind](words[at], chance)
    return " ".join(words)


class Twins:
    """Tells whether an ordinary word, once disguised, is written just as a listed one would be.

    Such a string belongs to neither side: "s***t" stands for both.
    """

    def __init__(self, listed: Collection[str]) -> None:
        plain = [word for word in listed if word.isascii() and word.isalpha()]
        self._listed = frozenset(plain)
        self._cut = frozenset(map(_run_cut, plain))
        self._masked = frozenset(mask for word in plain for mask in _masks(word))

    def same(self, written: str, kind: str) -> bool:
        """Whether some listed word is a twin of this writing."""
        if "star" in kind and "between" not in kind:
            return written in self._masked
        if "repeats" in kind or kind == "doubled":
            return _run_cut(written) in self._cut
        return kind in SLIPS and written in self._listed


def _masks(word: str) -> Iterator[str]:
    yield word[0] + "*" * (len(word) - 2) + word[-1]
    for at in range(1, len(word)):
        yield f"{word[:at]}*{word[at + 1 :]}"


def _run_cut(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))
