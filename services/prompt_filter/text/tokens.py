"""Words of a canonical text; their places are worked out only where something was found."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

_WORD = re.compile(r"[^\W_]+")
# Beside single letters: quotes around them, punctuation behind.
_QUOTES = "\"'“”‘’"
_SINGLES = re.compile(
    r"(?<!\S){0}(?:\s+{0}){{2,}}(?=[.,;:!?]*(?:\s|$))".format(rf"(?:[{_QUOTES}]\w[{_QUOTES}]|\S)[,;./]?")
)
_BESIDE = f"{_QUOTES},;./"
_NOT_BESIDE = str.maketrans("", "", _BESIDE)
_FEWEST_APART = 3
# A letter in quotes, and a comma.
_LONGEST_SINGLE = 4
# In ASCII the same words come several times as fast by parting at everything else.
_ASCII_WORDS = bytes(point if chr(point).isalnum() else 0x20 for point in range(128)).ljust(256)


class Tokens:
    """Words (letters and digits) and chunks (what stands between white space) of a text.

    Attributes:
        joined: all words, each between single spaces: what bounded patterns are sought in.
        spelled: places of three single characters or more in a row, and those without what parts them.
    """

    __slots__ = ("_chunk_starts", "_word_starts", "chunks", "joined", "spelled", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words(text)
        self.chunks = text.split()
        self.joined = f" {' '.join(self.words)} "
        self.spelled = _spelled(text) if _apart(self.chunks) else []
        self._word_starts: list[int] = []
        self._chunk_starts: list[int] = []

    def words_span(self, first: int, last: int) -> tuple[int, int]:
        """Range of the text from word `first` to word `last`, both included."""
        if last >= len(self._word_starts):
            _locate(self.words, self.text, self._word_starts, last)
        return self._word_starts[first], self._word_starts[last] + len(self.words[last])

    def word_of(self, position: int) -> int:
        """Number of the word at or before this index of the text; -1 before the first."""
        if self.words and (not self._word_starts or self._word_starts[-1] < position):
            self.words_span(0, len(self.words) - 1)
        return bisect_right(self._word_starts, position) - 1

    def chunk_span(self, index: int) -> tuple[int, int]:
        """Range of the text of a chunk."""
        if index >= len(self._chunk_starts):
            _locate(self.chunks, self.text, self._chunk_starts, index)
        return self._chunk_starts[index], self._chunk_starts[index] + len(self.chunks[index])


def _apart(chunks: Sequence[str]) -> bool:
    """Whether three chunks or more are single characters, and two of them neighbours."""
    sizes = map(len, chunks)
    single = [
        size == 1 or (size <= _LONGEST_SINGLE and len(chunk.strip(_BESIDE)) == 1)
        for size, chunk in zip(sizes, chunks, strict=True)
    ]
    return single.count(True) >= _FEWEST_APART and (True, True) in pairwise(single)


def _spelled(text: str) -> list[tuple[int, int, str]]:
    return [(*run.span(), _letters(run.group())) for run in _SINGLES.finditer(text)]


def _letters(run: str) -> str:
    """Single characters that stand apart, together; what is beside all of them is none."""
    together = "".join(run.split())
    return together.translate(_NOT_BESIDE) or together


def trimmed_chunks(text: str) -> list[str]:
    """Chunks without a comma or full stop at their ends; where letters alone are left, the words."""
    return text.replace(", ", " ").replace(". ", " ").rstrip(".,").split()


def words(text: str) -> list[str]:
    """Runs of letters and digits."""
    if text.isascii():
        return text.encode().translate(_ASCII_WORDS).decode().split()
    return _WORD.findall(text)


def _locate(parts: Sequence[str], text: str, starts: list[int], last: int) -> None:
    """Extend `starts` to part `last`. What parts them is in none of them, so the next find is the place."""
    known = len(starts)
    at = starts[-1] + len(parts[known - 1]) if known else 0
    for part in parts[known : last + 1]:
        at = text.index(part, at)
        starts.append(at)
        at += len(part)
