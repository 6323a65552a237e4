"""How common words are in each language, from the package wordfreq, read from its wheel.

Only asked while the lexicon is compiled, to keep ordinary words out of it; what is shipped of the
data is `ordinary_abroad.tsv`, `language_words.tsv` and `common_words.tsv`. Code Apache-2.0, data
CC-BY-SA-4.0 (Robyn Speer). Words are folded as prompts are, and what folds to the same counts
together: in Vietnamese that joins most of the vocabulary.
"""

from __future__ import annotations

import gzip
import math
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.fold import CharacterFold

_FILE = re.compile(r"wordfreq/data/(large|small)_(\w+)\.msgpack\.gz$")
_CODES = {"fil": "tl", "nb": "no"}
_NEVER = 0.0
# Rarer words than one in ten millions are left out.
_RAREST = 700
_LONGEST_PART = 6


class Frequencies:
    """Zipf values (powers of ten per thousand million words) of folded words."""

    def __init__(self, tables: Mapping[str, Mapping[str, float]]) -> None:
        self._tables = tables
        self._parts: dict[str, dict[str, float]] = {}

    @classmethod
    def load(cls, folder: Path, fold: CharacterFold) -> Frequencies:
        """Read `wordfreq-*.whl`; of each language the larger table."""
        tables = {language: shares for language, shares in written(folder) if language in _SPOKEN}
        return cls({language: folded(shares, fold) for language, shares in tables.items()})

    def zipf(self, term: str, language: str) -> float:
        """How common the term is: of a phrase its rarest word, 0 where that is unknown."""
        table = self._tables.get(language, {})
        return min((table.get(word, _NEVER) for word in term.split()), default=_NEVER)

    def inside(self, term: str, language: str) -> float:
        """How common the commonest longer word is that holds this; for scripts without spaces."""
        if language not in self._parts:
            self._parts[language] = _parts(self._tables.get(language, {}))
        return self._parts[language].get(term, _NEVER)

    def elsewhere(self, term: str, language: str) -> float:
        """How common it is in the language, other than this, where it is commonest."""
        return max(
            (self.zipf(term, other) for other in self._tables if other != language and other in _SPOKEN),
            default=_NEVER,
        )


_SPOKEN = frozenset("en es fr de it pt nl pl tl vi id sv da no fi tr ru zh ja ar fa hi ko cs".split())


def _parts(table: Mapping[str, float]) -> dict[str, float]:
    commonest: dict[str, float] = {}
    for word, zipf in table.items():
        for start in range(len(word)):
            for end in range(start + 2, min(len(word), start + _LONGEST_PART) + 1):
                if end - start < len(word) and commonest.get(word[start:end], _NEVER) < zipf:
                    commonest[word[start:end]] = zipf
    return commonest


def written(folder: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Every language with the shares that its words, as they are written, have of all."""
    (path,) = folder.glob("wordfreq-*.whl")
    with zipfile.ZipFile(path) as wheel:
        for name in sorted(wheel.namelist(), reverse=True):
            if match := _FILE.search(name):
                language = _CODES.get(match.group(2), match.group(2))
                yield language, _shares(gzip.decompress(wheel.read(name)))


def zipf(share: float) -> float:
    """The share of a word among all, in powers of ten of a thousand millionth."""
    return math.log10(share) + 9


def _shares(content: bytes) -> dict[str, float]:
    """Lists of words by centibels below certainty, as wordfreq packs them."""
    return {
        word: 10 ** (-centibels / 100)
        for centibels, words in enumerate(_unpacked(content)[:_RAREST])
        if isinstance(words, list)
        for word in words
    }


def folded(shares: Mapping[str, float], fold: CharacterFold) -> dict[str, float]:
    """Zipf values of words as prompts are folded; what folds to the same counts together."""
    together: dict[str, float] = {}
    for word, share in shares.items():
        name = word if word.isascii() else canonicalise(word, fold).text
        together[name] = together.get(name, 0.0) + share
    return {word: zipf(share) for word, share in together.items()}


def _unpacked(content: bytes) -> list[Any]:
    """The part of MessagePack that these files use: maps, lists and strings, small numbers."""
    value, end = _value(content, 0)
    if end != len(content) or not isinstance(value, list):
        raise ValueError("not a packed list")
    return value


def _value(data: bytes, at: int) -> tuple[Any, int]:
    kind = data[at]
    if kind <= 0x7F:
        return kind, at + 1
    for mask, fixed, sized in (
        (0x0F, 0x80, (0xDE, 0xDF)),
        (0x0F, 0x90, (0xDC, 0xDD)),
        (0x1F, 0xA0, (0xD9, 0xDA)),
    ):
        if kind & ~mask & 0xFF == fixed:
            return _filled(data, fixed, kind & mask, at + 1)
        if kind in sized:
            first = 1 if fixed == 0xA0 else 2
            width = first << sized.index(kind)
            return _filled(data, fixed, int.from_bytes(data[at + 1 : at + 1 + width]), at + 1 + width)
    raise ValueError(f"kind {kind:#x} is not read")


def _filled(data: bytes, fixed: int, length: int, at: int) -> tuple[Any, int]:
    if fixed == 0xA0:
        return data[at : at + length].decode(), at + length
    items = []
    for _ in range(length * (2 if fixed == 0x80 else 1)):
        item, at = _value(data, at)
        items.append(item)
    return (dict(zip(items[::2], items[1::2], strict=True)) if fixed == 0x80 else items), at
