"""Where the words of a run of letters begin, when whole sentences were written letter by letter."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

_LONGEST_WORD = 16
_OF_A_WORD = 1.0
_OF_SHORT_WORDS = {1: 1.2, 2: 1.5, 3: 1.3}
_OF_A_STRAY_LETTER = 2.5
# Of two ways the one with a listed word, if it is not dearer by more than a word. Shorter ones are
# too often pieces of others.
_OF_A_SOUGHT_WORD = 0.0
_SOUGHT_FROM = 4
_WORDS_OF_ONE_LETTER = ("a", "i")


class Broken(NamedTuple):
    """The cheapest way to break a run: its words, those that no word fits letter by letter."""

    cost: float
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words between spaces, stray letters in a row together."""
        text = ""
        before = False
        for word in self.words:
            stray = len(word) == 1 and word not in _WORDS_OF_ONE_LETTER
            text += word if stray and before else f" {word}"
            before = stray
        return text.strip()


def broken(letters: str, ordinary: AbstractSet[str], listed: AbstractSet[str] = frozenset()) -> Broken:
    """The likeliest words that make up the letters. Linear in their number."""
    best = [0.0]
    taken = [0]
    for end in range(1, len(letters) + 1):
        least, length = best[end - 1] + _OF_A_STRAY_LETTER, 1
        for size in range(1, min(end, _LONGEST_WORD) + 1):
            word = letters[end - size : end]
            if word in ordinary or word in listed:
                sought = size >= _SOUGHT_FROM and word in listed
                cost = best[end - size] + (_OF_A_SOUGHT_WORD if sought else _cost(word))
                if cost < least:
                    least, length = cost, size
        best.append(least)
        taken.append(length)
    return Broken(best[-1], tuple(_words(letters, taken)))


def _cost(word: str) -> float:
    """The fewer and the longer the words, the likelier."""
    if len(word) == 1 and word not in _WORDS_OF_ONE_LETTER:
        return _OF_A_STRAY_LETTER
    return _OF_SHORT_WORDS.get(len(word), _OF_A_WORD)


def _words(letters: str, taken: Sequence[int]) -> list[str]:
    """The words, from how many letters the last of them takes at each end."""
    words = []
    end = len(letters)
    while end:
        words.append(letters[end - taken[end] : end])
        end -= taken[end]
    return words[::-1]
