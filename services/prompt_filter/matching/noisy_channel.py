"""Which word a misspelling is likelier of: a listed one, or a common one that a slip made look like it.

A noisy channel (Kernighan, Church and Gale 1990, "A spelling correction program based on a noisy
channel model"): how common a word is, times how easily it is written so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from services.prompt_filter.matching.keys import KEYS_BESIDE, VOWELS
from services.prompt_filter.matching.sounds import sounded

# All in powers of ten. How common a listed word is at least, in Zipf values, however few texts hold
# it; how much more often than others it is misspelled, because that is done on purpose too, the more
# so the more lists have it; and how much less often a letter is written that nothing suggests.
_LISTED_AT_LEAST: Final = 3.0
_ON_PURPOSE: Final = 1.0
_A_LIST: Final = 0.1
_LISTS: Final = 5
_NO_SLIP: Final = 1.0
_MOST_EDITS: Final = 2


class NoisyChannel:
    """Common words, and what their misspellings look like.

    Args:
        frequencies: Zipf values of common words, listed ones among them.
        ordinary: words that nothing is listed under.
    """

    def __init__(self, frequencies: Mapping[str, float], ordinary: Collection[str]) -> None:
        self._frequencies = frequencies
        self._alike: dict[tuple[str, int], list[str]] = {}
        for word in frequencies:
            if word in ordinary:
                self._alike.setdefault((word[0], len(word)), []).append(word)

    def frequency(self, word: str) -> float:
        """Zipf value of a word, 0 where it is not common."""
        return self._frequencies.get(word, 0.0)

    def likelier(self, written: str, listed: str, lists: int) -> bool:
        """Whether a common word is likelier to be written so by a slip than one that so many lists have."""
        edits = OSA.distance(written, listed)
        least = max(self.frequency(listed), _LISTED_AT_LEAST) - _effort(written, listed, edits)
        least += _ON_PURPOSE + _A_LIST * min(lists - 1, _LISTS)
        return any(
            self._frequencies[word] - _effort(written, word, distance) > least
            for word, distance in self._within(written, min(edits, _MOST_EDITS))
        )

    def _within(self, written: str, edits: int) -> Iterator[tuple[str, int]]:
        """Common words that begin like it, at most so many edits away, and how far each is."""
        for length in range(len(written) - edits, len(written) + edits + 1):
            words = self._alike.get((written[0], length), ())
            close = extract(written, words, scorer=OSA.distance, score_cutoff=edits, limit=None)
            yield from ((word, distance) for word, distance, _ in close)


def slipped_from(written: str, words: Collection[str]) -> Iterator[str]:
    """The words of which one slip makes this."""
    close = extract(written, words, scorer=OSA.distance, score_cutoff=1, limit=None)
    return (word for word, edits, _ in close if edits and _effort(written, word, edits) < _NO_SLIP)


def _effort(written: str, word: str, edits: int) -> float:
    if edits == 1 and _slip(written, word):
        return 0.0
    return 0.0 if edits <= _MOST_EDITS and sounded(written) == sounded(word) else _NO_SLIP


def _slip(written: str, word: str) -> bool:
    """Whether the one edit between them is one that a hand or an ear suggests.

    A letter dropped, doubled or struck beside its key, two swapped, or one vowel for another.
    """
    if len(written) < len(word):
        return True
    if len(written) == len(word):
        (letter, meant), *swapped = [pair for pair in zip(written, word, strict=True) if pair[0] != pair[1]]
        return bool(swapped) or letter in KEYS_BESIDE.get(meant, "") or {letter, meant} <= VOWELS
    at = next((at for at, letter in enumerate(word) if letter != written[at]), len(word))
    around = written[at - 1 : at] + written[at + 1 : at + 2]
    return any(written[at] in letter + KEYS_BESIDE.get(letter, "") for letter in around)
