"""All ways of finding listed terms, over one canonical text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from services.prompt_filter.lexicon import Entry, Grade, Lexicon
from services.prompt_filter.matching.automaton import Automaton, unbounded
from services.prompt_filter.matching.disguise import MAX_CHUNK, collapsed, readings
from services.prompt_filter.matching.fuzzy import FuzzyIndex
from services.prompt_filter.matching.hits import Hit, View
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.tokens import Tokens

_SPACED_LETTERS = re.compile(r"(?<= )(?:\S ){3,}")
_PIECES = re.compile(r"[^,;:/\\.\-–—]{1,48}")
_CACHE_LIMIT = 200_000

Reading = tuple[Entry, View]


class Matcher:
    """Finds the terms of one lexicon. What a chunk of text hides is worked out once and cached."""

    def __init__(self, lexicon: Lexicon, fold: CharacterFold) -> None:
        terms = [(canonicalise(entry.term, fold).text, entry) for entry in lexicon.entries]
        terms = [(term, entry) for term, entry in terms if term not in lexicon.allowed]
        self._automaton = Automaton(terms)
        self._words = {
            term: entry for term, entry in reversed(terms) if term.isalnum() and not unbounded(term)
        }
        self._dictionary = lexicon.dictionary | lexicon.allowed
        listed = [word for word, entry in self._words.items() if _fuzzy(entry) and word.isascii()]
        self._fuzzy = FuzzyIndex(listed, self._dictionary)
        self._cache: dict[str, tuple[Reading, ...]] = {}

    def find(self, tokens: Tokens) -> list[Hit]:
        """Every hit, exact ones first; the same place under the same entry once."""
        hits = list(self._automaton.find(tokens))
        hits.extend(self._plausible(self._in_chunks(tokens), tokens))
        hits.extend(self._across_words(tokens))
        if len(hits) < 2:
            return hits
        places = {(hit.entry.id, hit.start, hit.end): hit for hit in reversed(hits)}
        return sorted(places.values(), key=lambda hit: (hit.start, hit.end, hit.entry.id))

    def _plausible(self, hits: Iterable[Hit], tokens: Tokens) -> Iterator[Hit]:
        """Misspellings are sought in the language of the dictionary: elsewhere ordinary words look like them."""
        foreign: bool | None = None
        for hit in hits:
            if hit.view in (View.FUZZY, View.REPEATED):
                if foreign is None:
                    foreign = self._mostly_unknown(tokens.words)
                if foreign:
                    continue
            yield hit

    def _mostly_unknown(self, words: list[str]) -> bool:
        letters = [word for word in words if word.isalpha() and len(word) > 1]
        unknown = sum(word not in self._dictionary and word not in self._words for word in letters)
        return len(letters) >= 4 and unknown * 5 >= len(letters) * 2

    def _in_chunks(self, tokens: Tokens) -> Iterator[Hit]:
        cache = self._cache
        for index, chunk in enumerate(tokens.chunks):
            found = cache.get(chunk)
            if found is None:
                found = self._remember(chunk)
            for entry, view in found:
                yield Hit(entry, *tokens.chunk_span(index), view)

    def _remember(self, chunk: str) -> tuple[Reading, ...]:
        if len(self._cache) >= _CACHE_LIMIT:
            self._cache.clear()
        pieces = [chunk] if len(chunk) <= MAX_CHUNK else _PIECES.findall(chunk)
        found = {reading[0].id: reading for piece in pieces for reading in self._hidden_in(piece)}
        result = tuple(found.values())
        if len(chunk) <= MAX_CHUNK:
            self._cache[chunk] = result
        return result

    def _hidden_in(self, chunk: str) -> Iterator[Reading]:
        """Listed words a chunk can be read as, beyond those that stand in it plainly."""
        parts = Tokens(chunk).words
        if all(part in self._dictionary for part in parts):
            yield from self._from_ordinary_parts(parts)
            return
        for word, view in readings(chunk):
            entry = self._words.get(word)
            if entry is not None and view is not View.EXACT and _credible(word, chunk, view):
                yield entry, view
            elif entry is None and word.isalpha():
                yield from self._near(word, view)

    def _from_ordinary_parts(self, parts: list[str]) -> Iterator[Reading]:
        """Parts that are all ordinary words make a listed one only by joining: needs context."""
        entry = self._words.get("".join(parts)) if len(parts) > 1 else None
        if entry is not None:
            yield entry, View.SPLIT

    def _near(self, word: str, view: View) -> Iterator[Reading]:
        if word in self._dictionary:
            return
        nearest = self._fuzzy.find(word)
        if nearest is not None:
            yield self._words[nearest], View.FUZZY if view is View.EXACT else view
            return
        backwards = self._words.get(word[::-1]) if len(word) >= 5 else None
        if backwards is not None:
            yield backwards, View.REVERSED
        inner = self._compound(word)
        if inner is not None:
            yield inner, View.JOINED

    def _compound(self, word: str) -> Entry | None:
        """A listed word written together with an ordinary one."""
        for cut in range(3, len(word) - 2) if 8 <= len(word) <= 24 else ():
            head, tail = word[:cut], word[cut:]
            for listed, rest in ((head, tail), (tail, head)):
                entry = self._words.get(listed) if len(listed) >= 5 else None
                if entry is not None and entry.grade is Grade.EXPLICIT and rest in self._dictionary:
                    return entry
        return None

    def _across_words(self, tokens: Tokens) -> Iterator[Hit]:
        yield from self._spaced_out(tokens)
        words = tokens.words
        for index in range(len(words) - 1):
            entry = self._words.get(words[index] + words[index + 1])
            if entry is not None:
                yield from self._split_word(tokens, index, entry)

    def _split_word(self, tokens: Tokens, index: int, entry: Entry) -> Iterator[Hit]:
        ordinary = [word in self._dictionary for word in tokens.words[index : index + 2]]
        if not all(ordinary) and entry.grade in (Grade.EXPLICIT, Grade.VULGAR):
            view = View.SPLIT if any(ordinary) else View.JOINED
            yield Hit(entry, *tokens.words_span(index, index + 1), view)

    def _spaced_out(self, tokens: Tokens) -> Iterator[Hit]:
        """Letters written apart: every listed word in a run of single characters."""
        for run in _SPACED_LETTERS.finditer(tokens.joined):
            first = tokens.word_at(run.start())
            letters = run.group().replace(" ", "")
            for start in range(len(letters) - 2):
                for end in range(start + 3, min(len(letters), start + 16) + 1):
                    for word in (letters[start:end], *collapsed(letters[start:end])):
                        entry = self._words.get(word)
                        if entry is not None and (end - start == len(letters) or len(word) >= 4):
                            yield Hit(entry, *tokens.words_span(first + start, first + end - 1), View.JOINED)


def _fuzzy(entry: Entry) -> bool:
    """Listed words whose misspellings are sought: those of the dictionary's language, and a tenant's."""
    return entry.language in ("en", "tenant") and entry.grade in (Grade.EXPLICIT, Grade.VULGAR)


def _credible(word: str, chunk: str, view: View) -> bool:
    """Short words appear by chance among figures and signs: most of them must be letters as written."""
    if view is not View.LEET:
        return len(word) >= 3
    letters = sum(character.isalpha() for character in chunk)
    return len(word) >= 3 and letters * 2 >= len(word)
