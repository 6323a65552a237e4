"""Common English words, with how common they are: what an ordinary slip of the pen is weighed by."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from services.prompt_filter.compiling.word_frequencies import folded, written
from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.language import ENGLISH

# One in a million words.
_RAREST = 3.0
_SHORTEST = 3


def common_words(packages: Path, fold: CharacterFold) -> dict[str, float]:
    """Words of letters alone, with their Zipf values to one decimal."""
    shares = next(shares for language, shares in written(packages) if language == ENGLISH)
    return {
        word: round(zipf, 1)
        for word, zipf in folded(shares, fold).items()
        if zipf >= _RAREST and len(word) >= _SHORTEST and word.isascii() and word.isalpha()
    }


def write(path: Path, words: Mapping[str, float]) -> None:
    """One row a word: the word, then its Zipf value."""
    path.write_text("".join(f"{word}\t{zipf}\n" for word, zipf in sorted(words.items())), encoding="utf-8")
