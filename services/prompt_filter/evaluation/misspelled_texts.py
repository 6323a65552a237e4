"""Whole texts misspelled: harmless ones by slips of the hand, harmful ones where it counts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from random import Random
from typing import Final

from services.prompt_filter.evaluation.cases import PLAIN, Case, Suite
from services.prompt_filter.evaluation.misspellings import MISSPELLINGS

_BY_HAND: Final = ("letter dropped", "letter doubled", "key beside", "letters swapped")
_SLIPS: Final = {"one slip": 1, "two slips": 2}
_SHORTEST: Final = 4
_WORD: Final = re.compile(r"[A-Za-z]+")


def slipped(texts: Sequence[str], known: Collection[str], seed: int) -> Suite:
    """Harmless texts with one and with two of their longer words misspelled by hand.

    Where a slip makes another known word, a listed one perhaps, the text is left out.
    """
    cases: list[Case] = []
    for text in texts:
        for name, count in _SLIPS.items():
            written = _slipped(text, count, known, Random(f"{seed}:{text}:{name}"))
            if written is not None:
                cases.append(Case(written, False, text, {"slips": name}))
    return Suite("texts with slips", tuple(cases))


def _slipped(text: str, count: int, known: Collection[str], chance: Random) -> str | None:
    words = text.split(" ")
    able = [at for at, word in enumerate(words) if len(word) >= _SHORTEST and _WORD.fullmatch(word)]
    if len(able) < count:
        return None
    for at in chance.sample(able, count):
        word = words[at].lower()
        written = MISSPELLINGS[chance.choice(_BY_HAND)](word, chance)
        if written == word or written in known:
            return None
        words[at] = written
    return " ".join(words)


def misspelled(texts: Sequence[str], listed: Collection[str], known: Collection[str], seed: int) -> Suite:
    """Texts that hold listed words as they stand, and with all of these under each misspelling.

    Where a misspelling changes nothing, or makes another known word, the text is left out.
    """
    cases: list[Case] = []
    for number, text in enumerate(texts):
        if not listed_in(text, listed):
            continue
        cases.append(Case(text, True, str(number), {"misspelling": PLAIN}))
        for kind in MISSPELLINGS:
            written = _misspelled(text, kind, listed, known, Random(f"{seed}:{number}:{kind}"))
            if written is not None:
                cases.append(Case(written, True, str(number), {"misspelling": kind}))
    return Suite("harmful texts misspelled", tuple(cases))


def listed_in(text: str, listed: Collection[str]) -> bool:
    """Whether a word of the text is listed as it stands."""
    return any(word in listed for word in _words(text))


def _misspelled(
    text: str, kind: str, listed: Collection[str], known: Collection[str], chance: Random
) -> str | None:
    kept = True

    def written(match: re.Match[str]) -> str:
        nonlocal kept
        word = match.group().lower()
        if word not in listed:
            return match.group()
        other = MISSPELLINGS[kind](word, chance)
        kept = kept and other != word and other not in known
        return other

    changed = _WORD.sub(written, text)
    return changed if kept else None


def _words(text: str) -> Iterator[str]:
    return (match.group().lower() for match in _WORD.finditer(text))
