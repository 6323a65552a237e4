"""Rare words and names that the matcher would take for a listed word, and that are none.

Of half a million rare words a few thousand come near a listed one. Only those go into the
dictionary: it stays small, and nothing else would change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from services.prompt_filter.lexicon import Lexicon
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.tokens import Tokens

# Shorter names are what broken and censored words look like.
_SHORTEST = 4


def rare_words(paths: Iterable[Path]) -> Iterator[str]:
    """Words of word lists, first columns of census tables, names of a GeoNames JSON file."""
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            lines = [word for city in json.loads(text).values() for word in city["name"].split()]
        else:
            lines = [line.split()[0] for line in text.splitlines() if line.strip()]
        for line in lines:
            word = line.removesuffix("'s").lower()
            if word.isascii() and word.isalpha() and len(word) >= _SHORTEST:
                yield word


def mistaken(
    words: AbstractSet[str],
    lexicon: Lexicon,
    fold: CharacterFold,
) -> set[str]:
    """Those of the words that a matcher over the lexicon finds something in."""
    listed = {entry.term for entry in lexicon.entries}
    matcher = Matcher(lexicon, fold)
    return {word for word in words if word not in listed and matcher.find(Tokens(word))}
