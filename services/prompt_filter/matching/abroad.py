"""Words of one language that look like listed terms of another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping

from services.prompt_filter.lexicon import TENANT
from services.prompt_filter.matching.hits import Hit, View
from services.prompt_filter.text.language import ENGLISH

Written = Callable[[int, int], str]
"""What stands in the original behind a range of the canonical text."""

_OTHERWISE_SPELT = (View.FUZZY, View.REVERSED)
# Letters of Latin alphabets that people write every day, not those that only look like Latin ones.
_ACCENTED = re.compile("[àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿāăąćĉčďđēĕėęěğģīįıķļľłńņňőœřśşšţťūůűųźżžșț]")
_EDGES = re.compile(r"^\W+|\W+$")


class OrdinaryAbroad:
    """Tells them by how they are written, and where that is plain ASCII by the language of the text.

    Who disguises a word with accents seldom hits upon a word of another language, and does not
    misspell it besides.
    """

    def __init__(self, words: Mapping[str, Collection[str]]) -> None:
        self._accented = frozenset(word for its in words.values() for word in its if not word.isascii())
        self._plain = {
            language: frozenset(word for word in its if word.isascii()) for language, its in words.items()
        }

    def __call__(self, hit: Hit, language: str, written: Written) -> bool:
        """Whether the hit, in a text of this language, is such a word and says nothing.

        English has no accents, and is what short texts of other languages are taken for.
        """
        listed_in = hit.entry.language
        at_home = listed_in == language
        if listed_in == TENANT or (at_home and language != ENGLISH):
            return False
        word = _EDGES.sub("", unicodedata.normalize("NFC", written(hit.start, hit.end))).lower()
        if word.isascii():
            return not at_home and word in self._plain.get(language, ())
        return word in self._accented or (hit.view in _OTHERWISE_SPELT and _ACCENTED.search(word) is not None)
