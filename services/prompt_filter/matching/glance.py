"""A first glance at a text: most hold nothing that needs a closer look, which costs several times as much."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from string import ascii_lowercase
from typing import NamedTuple

from services.prompt_filter.lexicon import Entry
from services.prompt_filter.matching.automaton import Automaton
from services.prompt_filter.matching.chunks import HiddenWords
from services.prompt_filter.matching.disguise import MAX_CHUNK
from services.prompt_filter.matching.innocent_phrases import InnocentPhrases
from services.prompt_filter.matching.pieces import Pieces
from services.prompt_filter.text.tokens import trimmed_chunks, words

# Of longer texts few need no closer look, and looking twice costs most.
_LONGEST = 2_000
_MOST_ODD = 20
# Letters by themselves may spell something.
_LETTERS = frozenset(ascii_lowercase) - {"a"}
_BESIDE_A_LETTER = "\"';/"
_ARTICLES = " a a "
# A full stop or comma by itself can stand in a row of letters.
_LONE = re.compile(r"[.,](?<!\S.)")
_ROW = re.compile(r"(?<!\S)\S(?:\s+\S){2}(?!\w)")


class Glance(NamedTuple):
    """What a first glance tells.

    Attributes:
        words: the words of the text where nothing in it needs a closer look; none where something does.
        silent: silent terms are among them.
    """

    words: Sequence[str]
    silent: bool = False


CLOSER_LOOK = Glance(())


class FirstGlance:
    """Tells texts in which a closer look would find nothing, or silent terms alone.

    Args:
        dictionary: ordinary words.
    """

    def __init__(
        self,
        automaton: Automaton,
        innocent: InnocentPhrases,
        chunks: HiddenWords,
        pieces: Pieces,
        *,
        dictionary: frozenset[str],
    ) -> None:
        self._automaton = automaton
        self._innocent = innocent
        self._chunks = chunks
        self._pieces = pieces
        self._dictionary = dictionary
        self._silent = frozenset(
            word for word in automaton.words if word.isalpha() and _silent(automaton.entries_of(word))
        )
        self._speaking = automaton.words - self._silent
        # Chunks that need a closer look: words of the dictionary that are more than letters among them.
        self._telling = self._speaking.union(_LETTERS, (word for word in dictionary if not word.isalpha()))

    def __call__(self, text: str) -> Glance:
        """Look at a canonical text without syntax."""
        found = self._ordinary(text) if len(text) <= _LONGEST and text.isascii() else ()
        if not found:
            return CLOSER_LOOK
        joined = f" {' '.join(found)} "
        phrase = self._automaton.has_phrase(joined)
        if (phrase and self._automaton.has_speaking_phrase(joined)) or self._innocent.any_in(joined):
            return CLOSER_LOOK
        if _ARTICLES in joined or (_LONE.search(text) and _ROW.search(text)):
            return CLOSER_LOOK
        return Glance(found, phrase or not self._silent.isdisjoint(found))

    def _ordinary(self, text: str) -> Sequence[str]:
        """The words of a text if they are of the dictionary or hide nothing, and none of them speaks."""
        chunks = trimmed_chunks(text)
        if not self._telling.isdisjoint(chunks):
            return ()
        if self._dictionary.issuperset(chunks):
            return chunks
        odd = set(chunks).difference(self._dictionary)
        if len(odd) > _MOST_ODD or not all(map(self._hides_nothing, odd)):
            return ()
        found = chunks if all(map(str.isalnum, odd)) else words(text)
        return found if self._speaking.isdisjoint(found) and not self._pieces.any_in(found) else ()

    def _hides_nothing(self, chunk: str) -> bool:
        return (
            len(chunk) <= MAX_CHUNK
            and len(chunk.strip(_BESIDE_A_LETTER)) > 1
            and not (self._chunks.hidden_in(chunk) or self._chunks.meaning(chunk))
        )


def _silent(entries: Iterable[Entry]) -> bool:
    return all(entry.silent for entry in entries)
