"""Words that a word may be a misspelling of: by spellings that are known, by edits, by ear.

What a common word is likelier of to be written so by a slip is found in doubt only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from services.prompt_filter.lexicon import TENANT, Entry
from services.prompt_filter.matching.fuzzy import FuzzyIndex
from services.prompt_filter.matching.hits import Reading, View
from services.prompt_filter.matching.keys import KEYS_BESIDE, VOWELS
from services.prompt_filter.matching.noisy_channel import NoisyChannel, slipped_from
from services.prompt_filter.matching.sounds import sounded

_LISTS_OF_SHORT: Final = 5
_HEARD_FROM: Final = 5
_SHORT: Final = 4


class Misspellings:
    """The words of a lexicon that are sought misspelled.

    Args:
        listed: these words.
        words: every word of the lexicon, which as it stands is no misspelling.
        dictionary: ordinary words, which are none either.
        channel: how likely common words are.
    """

    def __init__(
        self,
        listed: Mapping[str, Entry],
        words: AbstractSet[str],
        dictionary: AbstractSet[str],
        channel: NoisyChannel,
    ) -> None:
        self._listed = listed
        self._channel = channel
        self._slips = {
            form: entry
            for word, entry in listed.items()
            for form in _slips(word, common=entry.known_to(_LISTS_OF_SHORT))
            if form not in words and form not in dictionary
        }
        sought = [word for word in listed if word.isascii()]
        self._fuzzy = FuzzyIndex(sought, dictionary)
        self._heard = {
            sounded(word): listed[word]
            for word in sought
            if len(word) >= _HEARD_FROM or listed[word].known_to(_LISTS_OF_SHORT)
        }
        self._short: dict[str, list[str]] = {}
        for word in sought:
            if len(word) == _SHORT and listed[word].known_to_many:
                self._short.setdefault(word[0], []).append(word)

    def of(self, word: str) -> Reading | None:
        """The listed word that this is a misspelling of, perhaps."""
        if entry := self._misspelled(word):
            return entry, View.DOUBTFUL if self._doubtful(word, entry) else View.FUZZY
        entry = self._perhaps(word)
        return (entry, View.DOUBTFUL) if entry else None

    def _misspelled(self, word: str) -> Entry | None:
        slip = self._slips.get(word)
        if slip is not None:
            return slip
        nearest = self._fuzzy.find(word)
        if nearest:
            return self._listed[nearest]
        return self._heard.get(sounded(word)) if len(word) >= _HEARD_FROM - 1 else None

    def _perhaps(self, word: str) -> Entry | None:
        """A short word that many know and one slip makes this of: too much is near for more than a doubt."""
        # Three letters are an abbreviation.
        if not (_SHORT <= len(word) <= _SHORT + 1 and word.isascii()):
            return None
        for listed in slipped_from(word, self._short.get(word[0], ())):
            if not self._doubtful(word, self._listed[listed]):
                return self._listed[listed]
        return None

    def _doubtful(self, word: str, entry: Entry) -> bool:
        """Whether it may well be a slip in a common word. What tenants list, they mean."""
        return entry.language != TENANT and self._channel.likelier(word, entry.term, entry.lists)


def _often_a_word(letters: str) -> bool:
    """Whether three letters are likely to be a word somewhere, or an abbreviation in the plural."""
    return letters.endswith("s") or not VOWELS.isdisjoint(letters)


def _slips(word: str, *, common: bool) -> Iterator[str]:
    """Spellings of short words that are too near to others for fuzzy matching at large."""
    if not 4 <= len(word) <= 5 or (word.endswith("s") and not common):
        return
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        left = word[:at] + word[at + 1 :]
        if word[at] in VOWELS and (len(word) > 4 or (common and not _often_a_word(left))):
            yield left
    if common:
        for at in range(1, len(word)):
            yield from (word[:at] + key + word[at + 1 :] for key in KEYS_BESIDE[word[at]])
    if word.endswith("ck"):
        yield word[:-2] + "k"
        yield word[:-2] + "q"
