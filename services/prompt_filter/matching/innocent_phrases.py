"""Phrases in which a listed word means something else: species, names, dishes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from services.prompt_filter.lexicon import TENANT, Role
from services.prompt_filter.matching.hits import Hit
from services.prompt_filter.matching.phrases import Phrases
from services.prompt_filter.text.tokens import Tokens

_WHO = (Role.MINOR, Role.PERSON)
# Prompts are lists: in "one word, another" or where syntax was blanked, neighbours are no phrase.
_PARTED = re.compile(r"[^\w '’\-]|  ")


class InnocentPhrases:
    """Allowed phrases of several words, each in its canonical form; single words are not its concern."""

    def __init__(self, allowed: Iterable[str]) -> None:
        split = (Tokens(phrase).words for phrase in sorted(allowed))
        self._phrases = Phrases([words for words in split if len(words) > 1])

    def any_in(self, joined: str) -> bool:
        """Whether one stands in words that are joined as those of tokens are."""
        return self._phrases.any_in(joined)

    def places(self, tokens: Tokens) -> list[tuple[int, int]]:
        """Ranges of the text that are such phrases, in their order; nothing but a space parts their words."""
        return sorted(
            (start, end)
            for _, start, end in self._phrases.places(tokens)
            if not _PARTED.search(tokens.text, start, end)
        )


def outside(hits: list[Hit], places: Sequence[tuple[int, int]]) -> list[Hit]:
    """The hits without those inside innocent phrases at these places.

    What says who is shown stands, and what a tenant lists.
    """
    if not (hits and places):
        return hits
    starts = [start for start, _ in places]
    furthest = list(accumulate((end for _, end in places), max))
    return [hit for hit in hits if _stands(hit) or not _within(hit, starts, furthest)]


def _stands(hit: Hit) -> bool:
    return hit.entry.role in _WHO or hit.entry.language == TENANT


def _within(hit: Hit, starts: Sequence[int], furthest: Sequence[int]) -> bool:
    """Whether a phrase that begins at or before the hit reaches to its end."""
    at = bisect_right(starts, hit.start) - 1
    return at >= 0 and hit.end <= furthest[at]
