"""How a word sounds, roughly: spellings that people hear as one have one form.

Coarser than a dictionary would be and finer than Soundex: vowels stay where they are, since
listed words that differ by a vowel are told apart by it.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"(.)\1+")
_HEARD = {
    "cks": "ks", "ck": "k", "ph": "f", "qu": "kw", "q": "k", "x": "ks", "z": "s", "oo": "u", "ee": "i",
    "ea": "i",
    "ie": "i", "ey": "i", "y": "i", "wh": "w", "vv": "w", "kh": "k", "aw": "o", "ou": "ow", "ce": "se",
    "ci": "si",
    "ch": "ch", "sc": "sk", "c": "k", "er": "a", "ah": "a", "or": "a", "le": "el", "ing": "in", "v": "u",
    "j": "g",
}  # fmt: skip
# These sound so at the end of a word only.
_AT_THE_END = frozenset({"er", "ah", "or", "le", "ing"})
_SPELLED = re.compile(
    "|".join(
        re.escape(written) + ("(?=s?$)" if written in _AT_THE_END else "")
        for written in sorted(_HEARD, key=len, reverse=True)
    )
)


def sounded(word: str) -> str:
    """The form that all spellings of one sound share."""
    return "".join(_RUN.split(_SPELLED.sub(lambda match: _HEARD[match.group()], word)))
