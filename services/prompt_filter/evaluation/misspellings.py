"""Misspellings as people make them, by ear, by hand and on purpose; as functions of a word and a chance.

Rules of this project's own, seeded, and written down apart from the tables that undo them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Final

from services.prompt_filter.evaluation.cases import PLAIN, Case, Suite
from services.prompt_filter.evaluation.terms import Terms
from services.prompt_filter.matching.keys import KEYS_BESIDE

Misspelling = Callable[[str, Random], str]

_BY_EAR: Final = (
    ("ph", "f"), ("f", "ph"), ("ck", "k"), ("ck", "c"), ("ck", "q"), ("c", "k"), ("k", "c"), ("s", "z"),
    ("z", "s"),
    ("x", "cks"), ("x", "ks"), ("u", "oo"), ("oo", "u"), ("i", "y"), ("y", "i"), ("er", "a"), ("er",
    "ah"), ("or", "er"),
    ("ee", "ea"), ("ea", "ee"), ("ie", "y"), ("gg", "g"), ("qu", "kw"), ("wh", "w"), ("o", "aw"), ("ou",
    "ow"),
    ("le", "el"), ("ing", "in"), ("tt", "t"), ("ss", "z"), ("y", "ie"), ("u", "v"), ("w", "vv"),
)  # fmt: skip
_SIGNS: Final[Mapping[str, str]] = {
    "a": "@4*", "b": "8", "c": "(", "e": "3*", "g": "9", "i": "1!*|", "l": "1|", "o": "0*", "s": "$5",
    "t": "7+",
    "u": "v*", "z": "2",
}  # fmt: skip
_COMPANY: Final = ("you", "big", "the", "such", "dumb", "that", "lol", "all")


def _by_ear(word: str, chance: Random) -> str:
    rules = [(written, heard) for written, heard in _BY_EAR if written in word]
    if not rules:
        return word
    written, heard = chance.choice(rules)
    return word.replace(written, heard, 1)


def _dropped(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def _vowel_dropped(word: str, chance: Random) -> str:
    places = [at for at, letter in enumerate(word) if at and letter in "aeiou"]
    at = chance.choice(places) if places else len(word) - 1
    return word[:at] + word[at + 1 :]


def _doubled(word: str, chance: Random) -> str:
    at = chance.randrange(len(word))
    return word[: at + 1] + word[at] + word[at + 1 :]


def _slipped(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + chance.choice(KEYS_BESIDE[word[at]]) + word[at + 1 :]


def _swapped(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _signed(word: str, chance: Random) -> str:
    places = [at for at, letter in enumerate(word) if letter in _SIGNS]
    for at in chance.sample(places, min(len(places), chance.randint(1, 2))):
        word = word[:at] + chance.choice(_SIGNS[word[at]]) + word[at + 1 :]
    return word


def _run_together(word: str, chance: Random) -> str:
    other = chance.choice(_COMPANY)
    return other + word if chance.random() < 0.5 else word + other


def _space_inside(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word))
    return f"{word[:at]} {word[at:]}"


def _joined_like_code(word: str, chance: Random) -> str:
    """Hashtags, camel case, underscores, figures at the end."""
    other = chance.choice(_COMPANY)
    return chance.choice(
        (
            f"#{word}",
            f"{other}{word.capitalize()}",
            f"{other}_{word}",
            f"{word}{chance.randint(1, 99)}",
            f"_{word}_",
        )
    )


MISSPELLINGS: Final[Mapping[str, Misspelling]] = {
    "by ear": _by_ear,
    "letter dropped": _dropped,
    "vowel dropped": _vowel_dropped,
    "letter doubled": _doubled,
    "key beside": _slipped,
    "letters swapped": _swapped,
    "signs for letters": _signed,
    "run together": _run_together,
    "space inside": _space_inside,
    "joined like code": _joined_like_code,
}


_CARRIERS: Final = (
    "{}",
    "a photo of {} on the table",
    "this is such a {} thing",
    "two people and {} at night",
    "why would {} be here",
)


def misspellings(terms: Terms, words: int, seed: int) -> Suite:
    """Listed words and ordinary ones under every misspelling, alone and in sentences."""
    cases: list[Case] = []
    for entry in terms.words(words):
        cases += _misspelled(entry.term, entry.id, seed, terms, seeking=True)
    for word in terms.ordinary(words):
        cases += _misspelled(word, f"ordinary-{word}", seed, terms, seeking=False)
    return Suite("misspellings", tuple(cases))


def _misspelled(word: str, cluster: str, seed: int, terms: Terms, *, seeking: bool) -> Iterator[Case]:
    known = terms.known()
    for kind in (PLAIN, *MISSPELLINGS):
        chance = Random(f"{seed}:{cluster}:{kind}")
        written = word if kind == PLAIN else MISSPELLINGS[kind](word, chance)
        # What is another word as it stands says that word, whichever was meant.
        if kind == PLAIN or (written != word and written not in known):
            yield Case(
                chance.choice(_CARRIERS).replace("{}", written), seeking, cluster, {"misspelling": kind}
            )
