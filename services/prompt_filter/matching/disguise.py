"""Readings of one chunk that would undo a disguise: leet, repeats, punctuation inside, reversal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

from services.prompt_filter.matching.hits import View

MAX_CHUNK = 48
_MAX_READINGS = 24

# Each sign and the letters it stands for, the commonest first.
_LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "il", "+": "t", "(": "c", "€": "e", "£": "l", "¥": "y", "¡": "i",
    "#": "h", "%": "x", "*": "uaeio",
}  # fmt: skip
_SIGNS = re.compile(r"[0-9@$!|+(€£¥¡#%*]")
_LETTER = re.compile(r"[^\W\d_]")
_INNER = re.compile(r"(?<=\w)[^\w\s]+(?=\w)|_")
_EDGES = re.compile(r"^[^\w@$!|+(€£¥¡]+|[^\w@$!|+(€£¥¡*]+$")
_REPEAT_MANY = re.compile(r"(.)\1{2,}")
_REPEAT = re.compile(r"(.)\1+")


def readings(chunk: str) -> Iterator[tuple[str, View]]:
    """Every plausible plain word behind a chunk of canonical text, with the view it needs.

    Bounded: at most some dozens of readings, each no longer than the chunk.
    """
    core = _EDGES.sub("", chunk)
    if not core or len(core) > MAX_CHUNK:
        return
    plain = _INNER.sub("", core)
    if plain != core and _LETTER.search(plain):
        yield plain, View.JOINED
    for word, view in _without_signs(core, plain):
        yield word, view
        yield from ((shorter, View.REPEATED if view is View.EXACT else view) for shorter in collapsed(word))


def collapsed(word: str) -> Iterator[str]:
    """The word with runs cut to two and to one, where it has runs."""
    if _REPEAT_MANY.search(word):
        yield _REPEAT_MANY.sub(r"\1\1", word)
    single = _REPEAT.sub(r"\1", word)
    if single != word:
        yield single


def _without_signs(core: str, plain: str) -> Iterator[tuple[str, View]]:
    yield plain, View.EXACT if plain == core else View.JOINED
    for written in dict.fromkeys((core, plain)):
        if not (_SIGNS.search(written) and _LETTER.search(written)):
            continue
        choices = [_LEET.get(sign, sign) for sign in written]
        for letters in islice(product(*choices), _MAX_READINGS):
            word = _INNER.sub("", "".join(letters))
            if word != plain:
                yield word, View.LEET
