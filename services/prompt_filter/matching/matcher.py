"""All ways of finding listed terms, over one canonical text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from services.prompt_filter.lexicon import TENANT, Entry, Grade, Lexicon
from services.prompt_filter.matching.abroad import OrdinaryAbroad, Written
from services.prompt_filter.matching.automaton import Automaton, unbounded
from services.prompt_filter.matching.chunks import HiddenWords
from services.prompt_filter.matching.disguise import plainest
from services.prompt_filter.matching.glance import FirstGlance, Glance
from services.prompt_filter.matching.hits import Hit, View
from services.prompt_filter.matching.innocent_phrases import InnocentPhrases, outside
from services.prompt_filter.matching.letters_apart import LettersApart
from services.prompt_filter.matching.look_alikes import LookAlikes
from services.prompt_filter.matching.pieces import Pieces
from services.prompt_filter.matching.spellings import Spellings
from services.prompt_filter.text.canonical import canonicalise
from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.language import ENGLISH, UNKNOWN
from services.prompt_filter.text.tokens import Tokens

_LISTS_OF_KNOWN = 2
_LONG_FOREIGN = 5
_LONG_DISGUISE = 6
_RANKS = {grade: -rank for rank, grade in enumerate(Grade)} | {Grade.HOMOGRAPH: -len(Grade)}
# What stands beside words; as a sign for a letter only English words are sought behind it.
_PUNCTUATION = ".,;:!?\"'()[]…"
# Views in which ordinary words of another language look like listed English ones.
_GUESSES = (View.FUZZY, View.DOUBTFUL, View.REPEATED, View.REVERSED)


class Matcher:
    """Finds the terms of one lexicon."""

    def __init__(self, lexicon: Lexicon, fold: CharacterFold) -> None:
        terms = [(canonicalise(entry.term, fold).text, entry) for entry in lexicon.entries]
        terms = [(term, entry) for term, entry in terms if term not in lexicon.allowed]
        self._automaton = Automaton(terms)
        gravest_last = sorted(terms, key=lambda pair: _weight(pair[1]))
        words = {
            term: entry
            for term, entry in gravest_last
            if term.isalnum() and not unbounded(term) and _worth_disguising(term, entry)
        }
        self._listed = frozenset(words)
        self._dictionary = lexicon.dictionary | lexicon.allowed
        self._innocent = InnocentPhrases(canonicalise(phrase, fold).text for phrase in lexicon.allowed)
        self._look_alikes = LookAlikes(lexicon.entries, self._dictionary)
        self._ordinary_abroad = OrdinaryAbroad(lexicon.abroad)
        self._spellings = Spellings(words, self._dictionary, lexicon.frequencies)
        self._chunks = HiddenWords(self._spellings, self._dictionary)
        self._letters_apart = LettersApart(self._chunks, words, self._dictionary)
        self._pieces = Pieces(self._spellings, words, self._dictionary)
        self._glance = FirstGlance(
            self._automaton, self._innocent, self._chunks, self._pieces, dictionary=self._dictionary
        )

    def glance(self, text: str) -> Glance:
        """Whether a closer look at this canonical text would find anything that can matter."""
        return self._glance(text)

    def find(self, tokens: Tokens, language: str = ENGLISH, written: Written | None = None) -> list[Hit]:
        """Every hit; the same place under the same entry once, in the order of the text.

        Args:
            written: the original behind the tokens' text, which may be of another language than English.
        """
        hidden = self._chunks.of(tokens)
        found = [*self._automaton.find(tokens), *hidden.hits]
        hits = [
            hit
            for hit in found
            if _plausible(hit, tokens, language) and not (language == ENGLISH and self._fragment(hit, tokens))
        ]
        if hits and (meant := sorted([*hidden.meant, *self._words_in_pieces(tokens, language)])):
            starts = [start for start, _, _ in meant]
            hits = [hit for hit in hits if not _inside(hit, meant, starts)]
        hits.extend(self._letters_apart.of(tokens).hits)
        if language in (ENGLISH, UNKNOWN):
            hits.extend(self._pieces.hits(tokens))
        hits = outside(hits, self._innocent.places(tokens) if hits else ())
        if written is not None:
            hits = [hit for hit in hits if not self._ordinary_abroad(hit, language, written)]
        if len(hits) < 2:
            return hits
        places: dict[tuple[str, int, int], Hit] = {}
        for hit in sorted(hits, key=lambda hit: _weight(hit.entry), reverse=True):
            places.setdefault((hit.entry.id, hit.start, hit.end), hit)
        return sorted(places.values(), key=lambda hit: (hit.start, hit.end, hit.entry.id))

    def whole_words(self, tokens: Tokens) -> Sequence[str]:
        """The words, without what may be pieces of a listed one: those are of no language."""
        pieces = {
            piece for broken in self._pieces.of(tokens) for piece in range(broken.first, broken.last + 1)
        }
        if not pieces:
            return tokens.words
        return [word for index, word in enumerate(tokens.words) if index not in pieces]

    def meant(self, tokens: Tokens, language: str = ENGLISH) -> list[tuple[int, int, str]]:
        """Places, and what is meant there: ordinary words behind odd writings, letters apart and in pieces.

        Innocent phrases mean nothing that matters.
        """
        return [
            *((start, end, "") for start, end in self._innocent.places(tokens)),
            *self._chunks.of(tokens).meant,
            *self._letters_apart.of(tokens).meant,
            *self._words_in_pieces(tokens, language),
        ]

    def _words_in_pieces(self, tokens: Tokens, language: str) -> Sequence[tuple[int, int, str]]:
        return self._pieces.meant(tokens) if language in (ENGLISH, UNKNOWN) else ()

    def looks_worse(self, text: str) -> bool:
        """Whether a word of this canonical text is ordinary, and holds a listed one by its letters."""
        return self._look_alikes.any_in(text)

    def _fragment(self, hit: Hit, tokens: Tokens) -> bool:
        """Whether a listed word is but a piece of an ordinary one that was broken in two."""
        if hit.entry.language == TENANT:
            return False
        at = tokens.word_of(hit.start)
        if at < 0 or len(tokens.words[at]) != hit.end - hit.start:
            return False
        word = tokens.words[at]
        return any(
            joined in self._dictionary
            and other not in self._listed
            and (hit.view is not View.EXACT or other not in self._dictionary)
            for other, joined in (
                *((after, word + after) for after in tokens.words[at + 1 : at + 2]),
                *((before, before + word) for before in tokens.words[max(0, at - 1) : at]),
            )
        )

    def too_odd(self, tokens: Tokens) -> bool:
        """Whether more of the text is odd than is looked into; the rest was matched as it stands."""
        return self._chunks.of(tokens).unread or self._letters_apart.of(tokens).unread


def _inside(hit: Hit, ordinary: Sequence[tuple[int, int, str]], starts: Sequence[int]) -> bool:
    """Whether the hit is a piece of a chunk that as a whole stands for an ordinary word."""
    at = bisect_right(starts, hit.start) - 1
    if at < 0 or hit.view is not View.EXACT:
        return False
    start, end, _ = ordinary[at]
    return hit.end <= end and hit.end - hit.start < end - start


def _worth_disguising(term: str, entry: Entry) -> bool:
    """Whether disguises of it are sought: of other languages' words those that are long and well known.

    The lists of all languages together hold most short strings of letters.
    """
    if entry.language in (ENGLISH, TENANT):
        return True
    known = "ldnoobw" in entry.source or entry.source.count("+") >= _LISTS_OF_KNOWN
    return known and len(term) >= _LONG_FOREIGN and entry.grade is not Grade.HOMOGRAPH


def _weight(entry: Entry) -> tuple[int, bool]:
    """Of entries for one word the gravest stands for it in disguise; of equals the English one."""
    return _RANKS[entry.grade], entry.language == ENGLISH


def _plausible(hit: Hit, tokens: Tokens, language: str) -> bool:
    """Whether a hit says something in a text of this language.

    Misspellings and weak indicators are English; in another language ordinary words look like
    them. A homograph is an ordinary word everywhere but in its own language.
    """
    entry = hit.entry
    if entry.grade is Grade.HOMOGRAPH:
        return language in (entry.language, UNKNOWN)
    if language == ENGLISH or entry.language == TENANT:
        return True
    if entry.grade is Grade.AMBIGUOUS:
        return entry.language != ENGLISH
    if hit.view is View.LEET:
        written = tokens.text[hit.start : hit.end].strip(_PUNCTUATION)
        # A word of another script is no disguise, unless it is a long one to the letter.
        return not written.isalpha() or (len(written) >= _LONG_DISGUISE and plainest(written) == entry.term)
    return hit.view not in _GUESSES
