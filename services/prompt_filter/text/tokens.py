"""Words of a canonical text; their places are worked out only where something was found."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

_WORD = re.compile(r"[^\W_]+")
_CHUNK = re.compile(r"\S+")
# In ASCII the same words come several times as fast by parting at everything else.
_ASCII_WORDS = bytes(point if chr(point).isalnum() else 0x20 for point in range(128)).ljust(256)


class Tokens:
    """Words (letters and digits) and chunks (what stands between white space) of a text."""

    __slots__ = ("__dict__", "chunks", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words(text)
        self.chunks = text.split()

    @cached_property
    def joined(self) -> str:
        """All words, each between single spaces: what bounded patterns are sought in."""
        return f" {' '.join(self.words)} "

    @cached_property
    def _word_places(self) -> list[tuple[int, int]]:
        return [match.span() for match in _WORD.finditer(self.text)]

    @cached_property
    def _chunk_places(self) -> list[tuple[int, int]]:
        return [match.span() for match in _CHUNK.finditer(self.text)]

    @cached_property
    def _joined_starts(self) -> list[int]:
        return list(accumulate((len(word) + 1 for word in self.words), initial=1))

    def word_at(self, joined_index: int) -> int:
        """Number of the word that stands at this index of `joined`."""
        return bisect_right(self._joined_starts, joined_index) - 1

    def words_span(self, first: int, last: int) -> tuple[int, int]:
        """Range of the text from word `first` to word `last`, both included."""
        return self._word_places[first][0], self._word_places[last][1]

    def chunk_span(self, index: int) -> tuple[int, int]:
        return self._chunk_places[index]


def words(text: str) -> list[str]:
    """Runs of letters and digits."""
    if text.isascii():
        return text.encode().translate(_ASCII_WORDS).decode().split()
    return _WORD.findall(text)
