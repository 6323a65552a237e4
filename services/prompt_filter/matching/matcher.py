"""All ways of finding listed terms, over one canonical text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.prompt_filter.lexicon import TENANT, Grade, Lexicon
from services.prompt_filter.matching.automaton import Automaton, unbounded
from services.prompt_filter.matching.chunks import HiddenWords
from services.prompt_filter.matching.hits import Hit, View
from services.prompt_filter.matching.spellings import Reading, Spellings
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.language import ENGLISH
from services.prompt_filter.text.tokens import Tokens

_SINGLES = re.compile(r"(?<!\S)\S(?:\s+\S){2,}(?!\S)")
_LONGEST_RUN = 64
_ORDINARY_FROM = 3
# Views in which ordinary words of another language look like listed English ones.
_GUESSES = (View.FUZZY, View.REPEATED, View.REVERSED)


class Matcher:
    """Finds the terms of one lexicon."""

    def __init__(self, lexicon: Lexicon, fold: CharacterFold) -> None:
        terms = [(canonicalise(entry.term, fold).text, entry) for entry in lexicon.entries]
        terms = [(term, entry) for term, entry in terms if term not in lexicon.allowed]
        self._automaton = Automaton(terms)
        gravest_last = sorted(terms, key=lambda pair: pair[1].grade.severity)
        words = {term: entry for term, entry in gravest_last if term.isalnum() and not unbounded(term)}
        self._listed = frozenset(words)
        self._dictionary = lexicon.dictionary | lexicon.allowed
        self._spellings = Spellings(words, self._dictionary)
        self._chunks = HiddenWords(self._spellings, self._dictionary)

    def find(self, tokens: Tokens, language: str = ENGLISH) -> list[Hit]:
        """Every hit; the same place under the same entry once, in the order of the text."""
        found = [*self._automaton.find(tokens), *self._chunks.find(tokens)]
        hits = [hit for hit in found if _plausible(hit, tokens, language)] if found else found
        hits.extend(self._across_words(tokens))
        if len(hits) < 2:
            return hits
        places = {(hit.entry.id, hit.start, hit.end): hit for hit in reversed(hits)}
        return sorted(places.values(), key=lambda hit: (hit.start, hit.end, hit.entry.id))

    def too_odd(self, tokens: Tokens) -> bool:
        """Whether the text has more odd chunks than are looked into; the rest was matched as it stands."""
        return self._chunks.too_many(tokens)

    def _across_words(self, tokens: Tokens) -> Iterator[Hit]:
        """Words whose letters stand apart, and words broken in two."""
        alone = list(map(len, tokens.chunks)).count(1)
        for run in _SINGLES.finditer(tokens.text) if alone >= 3 else ():
            letters = "".join(run.group().split())[:_LONGEST_RUN]
            if letters in self._dictionary:
                continue
            for entry, _ in self._chunks.hidden_in(letters) or self._listed_in(letters):
                yield Hit(entry, run.start(), run.end(), View.JOINED)
        words = tokens.words
        if self._dictionary.issuperset(words):
            return  # two ordinary words are no broken one
        strange = [index for index, word in enumerate(words) if word not in self._dictionary]
        for index in sorted({*strange, *(index - 1 for index in strange if index)}):
            joined = "".join(words[index : index + 2])
            if joined in self._listed and index + 1 < len(words):
                yield from self._broken(tokens, index, joined)

    def _broken(self, tokens: Tokens, index: int, joined: str) -> Iterator[Hit]:
        entry = self._spellings.exact(joined)
        parts = tokens.words[index : index + 2]
        if entry is None or min(map(len, parts)) < 2 or entry.grade not in (Grade.EXPLICIT, Grade.VULGAR):
            return
        ordinary = [part in self._dictionary for part in parts]
        if not all(ordinary):
            certain = not any(ordinary) or len(joined) >= 6
            yield Hit(entry, *tokens.words_span(index, index + 1), View.JOINED if certain else View.SPLIT)

    def _listed_in(self, letters: str) -> Iterator[Reading]:
        """Listed words of four or more letters anywhere in a run of letters that stood apart."""
        for start in range(len(letters) - 3):
            for end in range(start + 4, min(len(letters), start + 16) + 1):
                entry = self._spellings.exact(letters[start:end])
                if entry is not None:
                    yield entry, View.JOINED


def _plausible(hit: Hit, tokens: Tokens, language: str) -> bool:
    """Whether a hit says something in a text of this language.

    Misspellings and weak indicators are English; in another language ordinary words look like
    them. A homograph is an ordinary word everywhere but in its own language.
    """
    entry = hit.entry
    if entry.grade is Grade.HOMOGRAPH:
        return entry.language == language
    if language == ENGLISH or entry.language == TENANT:
        return True
    if entry.grade is Grade.AMBIGUOUS:
        return entry.language != ENGLISH
    if hit.view is View.LEET:
        return not tokens.text[hit.start : hit.end].isalpha()
    return hit.view not in _GUESSES
