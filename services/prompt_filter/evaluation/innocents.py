"""Ordinary words that hold a listed one inside, alone and in company."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from random import Random

from ahocorasick_rs import AhoCorasick

from services.prompt_filter.evaluation.cases import Case, Suite, sample
from services.prompt_filter.lexicon import Grade, Lexicon

_WORD = re.compile(r"[a-z]+")
_SHORTEST = 3


def holding_a_listed_word(words: Iterable[str], lexicon: Lexicon) -> list[str]:
    """Those of the words that contain a listed one without being listed."""
    listed = {
        entry.term
        for entry in lexicon.entries
        if entry.term.isascii() and entry.term.isalpha() and len(entry.term) >= _SHORTEST
        if entry.grade in (Grade.EXPLICIT, Grade.VULGAR, Grade.PROFANE)
    }
    automaton = AhoCorasick(sorted(listed))
    return [word for word in words if word not in listed and automaton.find_matches_as_indexes(word)]


def innocents(lexicon: Lexicon, count: int, seed: int) -> Suite:
    """Dictionary words that contain a listed one: by itself, capitalised, or beside another."""
    words = sample(holding_a_listed_word(lexicon.dictionary, lexicon), count, seed=seed)
    return innocent_words(words, "dictionary", seed)


def innocent_words(words: Sequence[str], source: str, seed: int) -> Suite:
    """Words by themselves, capitalised, two at a time and in a sentence, in turn."""
    return Suite("innocent words", tuple(_cases(words, source, seed)))


def strangers(texts: Iterable[str], lexicon: Lexicon, count: int, seed: int) -> Suite:
    """Words of harmless texts, known to no dictionary, that contain a listed one."""
    written = {word for text in texts for word in _WORD.findall(text.lower())}
    unknown = written - lexicon.dictionary - lexicon.allowed
    words = sample(holding_a_listed_word(unknown, lexicon), count, seed=seed)
    return innocent_words(words, "harmless texts", seed)


def _cases(words: Sequence[str], source: str, seed: int) -> Iterator[Case]:
    chance = Random(seed)
    forms = ("alone", "capitalised", "pair", "in a sentence")
    for number, word in enumerate(words):
        form = forms[number % len(forms)]
        yield Case(_formed(word, form, words, chance), False, word, {"source": source, "form": form})


def _formed(word: str, form: str, words: Sequence[str], chance: Random) -> str:
    if form == "capitalised":
        return word.capitalize()
    if form == "pair":
        return f"{word} {chance.choice(words)}"
    return f"a photo of the {word} in spring" if form == "in a sentence" else word


def withheld(lexicon: Lexicon, share: float, seed: int) -> tuple[Lexicon, Collection[str]]:
    """The lexicon without a share of its dictionary, and the words taken out.

    What is measured on those words is what may be expected of words no dictionary knows.
    """
    out = sample(lexicon.dictionary, int(len(lexicon.dictionary) * share), seed=seed)
    dictionary = lexicon.dictionary.difference(out)
    return replace(lexicon, dictionary=dictionary, version=f"{lexicon.version}-withheld"), out
