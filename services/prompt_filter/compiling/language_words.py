"""Common words by which a text's language is guessed, with how common they are in each.

Words told by hand (`languages.tsv`) are among them; of languages without frequencies they count as if
they were as common as small words are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from heapq import nlargest
from pathlib import Path

from services.prompt_filter.compiling.word_frequencies import folded, written
from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.language import TOLD_BY_SCRIPT

_MOST_COMMON = 300
# What is rarer in a language than one in a million words says nothing for it.
_RAREST = 3.0
_LEAST_TENTHS = 3
_BY_HAND_TENTHS = 35
_LARGEST_TABLE = 30_000

Tenths = dict[str, dict[str, int]]
"""By word and language, tenths of powers of ten above one in a million."""


def language_words(packages: Path, fold: CharacterFold, by_hand: Path) -> Tenths:
    """The most common words of every language, each with its weight in all of them."""
    tables = {
        language: folded(dict(nlargest(_LARGEST_TABLE, shares.items(), key=lambda item: item[1])), fold)
        for language, shares in written(packages)
        if language not in TOLD_BY_SCRIPT
    }
    told = dict(_told(by_hand))
    chosen = {word for table in tables.values() for word in _commonest(table)}.union(*told.values())
    words: Tenths = {}
    for language, table in tables.items():
        for word in chosen & table.keys():
            weight = round((table[word] - _RAREST) * 10)
            if weight >= _LEAST_TENTHS:
                words.setdefault(word, {})[language] = weight
    for language in told.keys() - tables.keys():
        for word in told[language]:
            words.setdefault(word, {})[language] = _BY_HAND_TENTHS
    return words


def write(path: Path, words: Mapping[str, Mapping[str, int]]) -> None:
    """One row a word: the word, then its languages with their weights."""
    rows = (
        f"{word}\t" + " ".join(f"{language}={weight}" for language, weight in sorted(weights.items()))
        for word, weights in sorted(words.items())
    )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _commonest(table: Mapping[str, float]) -> list[str]:
    return nlargest(_MOST_COMMON, (word for word in table if word.isalpha()), key=table.__getitem__)


def _told(path: Path) -> Iterator[tuple[str, list[str]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        language, _, words = line.partition("\t")
        if words:
            yield language, words.split()
