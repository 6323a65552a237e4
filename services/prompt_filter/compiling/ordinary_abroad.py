"""Words that the matcher takes for terms of another language, and that are ordinary in their own.

A term that the matcher finds exactly has to be ten times as common there as where it is listed:
languages lend each other words, and then they mean the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from services.prompt_filter.compiling.word_frequencies import Frequencies, written, zipf
from services.prompt_filter.lexicon import Entry, Grade, Lexicon
from services.prompt_filter.matching.hits import Hit, View
from services.prompt_filter.matching.matcher import Matcher
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.language import ENGLISH
from services.prompt_filter.text.tokens import Tokens

# Once in a million words; three times what is a term itself, ten times what holds one.
_ORDINARY = {View.EXACT: 3.5, View.JOINED: 4.0}
_ORDINARY_OTHERWISE = 3.0
_COMMONER = 1.0
_WEAK = (Grade.MILD, Grade.AMBIGUOUS)
# Told by hand: of English what is a child or blood elsewhere, and of languages without frequencies.
_BY_HAND = {
    "az": ("çox",),
    "en": ("bold", "kind", "naga", "sang"),
    "eu": ("dago", "nire"),
    "sq": ("kur", "nga", "numër"),
}


class MistakenAbroad:
    """Finds them by asking a matcher over the written lexicon about every common word."""

    def __init__(self, lexicon: Lexicon, fold: CharacterFold, frequencies: Frequencies) -> None:
        self._fold = fold
        self._frequencies = frequencies
        self._matcher = Matcher(lexicon, fold)
        self._listed: dict[str, set[str]] = {}
        for entry in lexicon.entries:
            if entry.grade not in _WEAK:
                self._listed.setdefault(entry.language, set()).add(canonicalise(entry.term, fold).text)

    def words(self, packages: Path) -> dict[str, Sequence[str]]:
        """By language, as they are written."""
        tables = {language: shares for language, shares in written(packages) if language != ENGLISH}
        found = {language: sorted(self._of(language, shares)) for language, shares in tables.items()}
        return {language: words for language, words in sorted((_BY_HAND | found).items()) if words}

    def _of(self, language: str, shares: Mapping[str, float]) -> Iterator[str]:
        listed = self._listed.get(language, set())
        for word, share in shares.items():
            ordinary = zipf(share)
            if ordinary < _ORDINARY_OTHERWISE or not word.isalpha():
                continue
            folded = canonicalise(word, self._fold).text
            # As in an English text: a text's language is a guess.
            hits = [] if folded in listed else self._matcher.find(Tokens(folded), ENGLISH)
            foreign = [
                hit for hit in hits if not (hit.entry.language == language and hit.entry.grade in _WEAK)
            ]
            speaking = [hit for hit in foreign if not hit.entry.silent]
            if speaking and all(self._mistaken(hit, folded, language, ordinary) for hit in speaking):
                yield word

    def _mistaken(self, hit: Hit, folded: str, language: str, ordinary: float) -> bool:
        if hit.entry.language == language:
            return False
        least = _ORDINARY.get(hit.view, _ORDINARY_OTHERWISE)
        if hit.view is View.EXACT:
            least = max(least, self._at_home(hit.entry, folded) + _COMMONER)
        return ordinary >= least

    def _at_home(self, entry: Entry, folded: str) -> float:
        return max(self._frequencies.zipf(folded, where) for where in (entry.language, ENGLISH))
