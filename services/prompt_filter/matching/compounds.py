"""Listed words run together with others: `wordthat`, `mywordpics`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from services.prompt_filter.lexicon import Entry, Grade
from services.prompt_filter.matching.noisy_channel import NoisyChannel
from services.prompt_filter.matching.phrases import compiled

# What short words are run together with; of other words they are too often a piece.
_COMPANY: Final = frozenset(
    (
        "all and are big but can did dumb face for from get got had has have head her him his hole hot lol "
        "like man mouth not off our out she so some stupid such that the them they this those too very was "
        "what when who why wit with you your youre"
    ).split()
)
_BEFORE: Final = frozenset({"my", "xx", "hd"})
_LISTS_OF_SHORT: Final = 5
_MIN_COMPOUND: Final = 5
_MIN_PART: Final = _MIN_COMPOUND - 1
_SHORTEST, _LONGEST = 7, 24
_SHORTEST_AROUND: Final = 9


class Compounds:
    """Finds the listed word in an unknown one that ordinary words make up with it."""

    def __init__(
        self, words: Mapping[str, Entry], dictionary: Collection[str], channel: NoisyChannel
    ) -> None:
        self._words = words
        self._dictionary = dictionary
        self._channel = channel
        # Few words begin or end like a listed one: most need no search.
        parts = [word for word in words if len(word) >= _MIN_PART]
        self._beginnings = frozenset(word[:_MIN_PART] for word in parts)
        self._endings = frozenset(word[-_MIN_PART:] for word in parts)
        self._inner = [word for word in parts if word.isascii() and _runs_together(words[word], word)]
        self._within = compiled(self._inner)

    def of(self, word: str) -> Entry | None:
        """The listed part of a word, if it has one."""
        if not _SHORTEST <= len(word) <= _LONGEST:
            return None
        entry = None
        if word[:_MIN_PART] in self._beginnings or word[-_MIN_PART:] in self._endings:
            entry = self._at_an_end(word)
        return self._between(word) if entry is None and len(word) >= _SHORTEST_AROUND else entry

    def _at_an_end(self, word: str) -> Entry | None:
        for cut in range(3, len(word) - 2):
            head, tail = word[:cut], word[cut:]
            for listed, rest in ((head, tail), (tail, head)):
                entry = self._words.get(listed) if len(listed) >= _MIN_PART else None
                if entry is not None and self._in_company(entry, listed, rest):
                    return entry
        return None

    def _between(self, word: str) -> Entry | None:
        """Between two common words, or beside itself."""
        if self._within is None:
            return None
        for number, start, end in self._within.find_matches_as_indexes(word, overlapping=True):
            listed, before, behind = self._inner[number], word[:start], word[end:]
            doubled = before + behind == listed and "" in (before, behind)
            common = self._common(behind) and (before in _BEFORE or self._common(before))
            if doubled or common:
                return self._words[listed]
        return None

    def _common(self, word: str) -> bool:
        return word in self._dictionary and self._channel.frequency(word) > 0

    def _in_company(self, entry: Entry, word: str, rest: str) -> bool:
        """Whether it was run together with `rest`. Of short and little known words too many are made."""
        if not _runs_together(entry, word):
            return False
        stands_out = len(word) > _MIN_COMPOUND + 1 or entry.grade is Grade.EXPLICIT or entry.known_to_many
        return rest in _COMPANY or (stands_out and len(word) >= _MIN_COMPOUND and rest in self._dictionary)


def _runs_together(entry: Entry, word: str) -> bool:
    return entry.grade.hidden and (len(word) >= _MIN_COMPOUND or entry.known_to(_LISTS_OF_SHORT))
