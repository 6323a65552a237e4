"""What a hand or an ear takes one letter for: the keys beside it, the other vowels."""

from __future__ import annotations

from typing import Final

VOWELS: Final = frozenset("aeiou")
KEYS_BESIDE: Final = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol", "a": "qsz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum",
    "k": "jlim", "l": "kop", "z": "asx", "x": "zcsd", "c": "xvdf", "v": "cbfg", "b": "vnhg", "n": "bmhj",
    "m": "njk",
}  # fmt: skip
