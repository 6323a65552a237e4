"""Plain words that a chunk of canonical text can be read as."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from string import digits

from services.prompt_filter.matching.drawn_letters import undrawn, upright
from services.prompt_filter.matching.hits import View
from services.prompt_filter.matching.modified_letters import modified_letters

MAX_CHUNK = 48
_MAX_READINGS = 32
_NUMBERED_FROM = 4
_BETWEEN_FROM = 5

# Each sign and the letters it stands for, the commonest first.
_SIGNS = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "il", "|": "li", "+": "t", "(": "c", "€": "e", "£": "l", "¥": "y", "¡": "i",
    "#": "h", "%": "x", "¢": "c", "§": "s", "©": "c", "®": "r", "†": "t", "×": "x", "¶": "p",
}  # fmt: skip
# Letters of other scripts that resemble Latin ones less than UTS 39 asks for, yet are read as them.
_RESEMBLING = dict(
    pair.split("=")
    for pair in (
        "в=b г=r з=z и=u й=u к=k м=m н=h п=n т=t ц=u ч=y ш=w щ=w ь=b ы=b я=r ф=o б=b д=d л=n ж=x ю=o э=e α=a "
        "β=b γ=y δ=d ε=e ζ=z η=n θ=o ι=i κ=k λ=l μ=m ν=v ξ=x ο=o π=n ρ=p ς=s σ=o τ=t υ=u φ=o χ=x ψ=y ω=w հ=h "
        "ո=n ս=u օ=o ց=g ղ=n ռ=n ք=pf յ=j ɑ=a ɩ=i ʀ=r ɴ=n ʟ=l ʏ=y ѡ=w ƒ=f ɡ=g ł=l đ=d ø=o ß=b ı=i ħ=h ŧ=t "
        "ɐ=a ǝ=e "
        "ɔ=c ŋ=n ⲁ=a ⲃ=b ⲉ=e ⲏ=h ⲓ=i ⲕ=k ⲙ=m ⲛ=n ⲧ=t ⲩ=y ⲭ=x ɟ=f ɥ=h ᴉ=i ɾ=j ʞ=k ɯ=m ɹ=r ʇ=t ʌ=v ʍ=w ʎ=y "
    ).split()
)
_FOR = {**modified_letters(), **_SIGNS, **_RESEMBLING}
# Signs that stand for one letter are replaced at once; others have several readings.
_CERTAIN = str.maketrans({sign: letter for sign, letter in _FOR.items() if len(letter) == 1})
_SEVERAL = {sign: letters for sign, letters in _FOR.items() if len(letters) > 1}
_UNCERTAIN = re.compile("([" + re.escape("".join(_SEVERAL)) + "])")
_SIGN = re.compile("[" + re.escape("".join(_FOR)) + "]")
_LETTER = re.compile(r"[^\W\d_]")
_INNER = re.compile(r"(?<=\w)[^\w\s]+(?=\w)|_")
_EDGES = re.compile(r"^[^\w@$!|+(€£¥¡¢§]+|[^\w@$!|+(€£¥¡¢§*]+$")
_EDGES_AND_STARS = re.compile(_EDGES.pattern.replace("*]+$", "]+$"))
# The same for ASCII, which needs no pattern.
_ASCII_EDGES = "".join(sign for sign in map(chr, range(128)) if _EDGES.search(f"{sign}a"))
_ASCII_END = _ASCII_EDGES.replace("*", "")
_MASK = re.compile(r"(?<=[^\W\d_])[^\w\s.,:;/'’\-()\[\]{}<>]+(?=[^\W\d_])")
# Figures between letters, three times and more.
_BETWEEN = re.compile(r"[a-z](?:\d[a-z]){3}")
_NO_DIGITS = str.maketrans("", "", digits)
_MANY = re.compile(r"(.)\1{2,}")
_NUMBER = re.compile(r"[0-9]+(?:st|nd|rd|th|er|ere|eme)?")
_THRICE = re.compile(r"(.)\1\1")


def core(chunk: str) -> str:
    """The chunk without the punctuation around it."""
    if chunk[:1].isalnum() and chunk[-1:].isalnum():
        return chunk
    # A star at both ends is emphasis, one at the end a letter left out.
    emphasis = chunk.startswith("*")
    if chunk.isascii():
        return chunk.lstrip(_ASCII_EDGES).rstrip(_ASCII_EDGES if emphasis else _ASCII_END)
    return (_EDGES_AND_STARS if emphasis else _EDGES).sub("", chunk)


def plain(word: str) -> bool:
    """Whether a word has nothing to undo: Latin letters alone, none of them thrice in a row."""
    return word.isascii() and word.isalpha() and not _THRICE.search(word)


def figures(word: str) -> bool:
    """Whether a word is a number or an ordinal, no figure thrice in a row: no word is read in those."""
    return word[:1].isdigit() and _NUMBER.fullmatch(word) is not None and not _THRICE.search(word)


def masked(chunk: str) -> str:
    """The chunk with its one sign among letters as a star; empty where there are more or none."""
    starred, signs = _MASK.subn("*", chunk)
    return starred if signs == 1 and starred.replace("*", "").isalpha() else ""


def plainest(chunk: str) -> str:
    """The chunk with each sign as the letter it stands for most often; stars stay."""
    return "".join(_FOR.get(sign, sign)[0] for sign in chunk)


def readings(chunk: str) -> Iterator[tuple[str, View]]:
    """Words behind a chunk's core, with the view each needs; the plain letters come first.

    Bounded: some dozens at most, none longer than the chunk.
    """
    bare = chunk if chunk.isalnum() else _INNER.sub("", chunk)
    yield from _of_letters(chunk, bare)
    if turned := upright(chunk):
        yield turned, View.REVERSED
    undrawn_chunk = undrawn(chunk)
    if not (_LETTER.search(undrawn_chunk) and (undrawn_chunk != chunk or _SIGN.search(chunk))):
        return
    seen = {bare}
    for written in dict.fromkeys((chunk, bare, undrawn_chunk)):
        for letters in _unsigned(written):
            word = letters if letters.isalnum() else _INNER.sub("", letters)
            if word not in seen:
                seen.add(word)
                yield word, View.LEET


def _of_letters(chunk: str, bare: str) -> Iterator[tuple[str, View]]:
    """Readings of the letters that stand there, without what is around and between them."""
    if _LETTER.search(bare):
        yield bare, View.EXACT if bare == chunk else View.JOINED
    if (unnumbered := bare.strip(digits)) != bare and len(unnumbered) >= _NUMBERED_FROM:
        yield unnumbered, View.JOINED
    if _BETWEEN.search(bare) and len(unfigured := bare.translate(_NO_DIGITS)) >= _BETWEEN_FROM:
        yield unfigured, View.JOINED
    if _MANY.search(bare):
        yield _MANY.sub(_twice, bare), View.REPEATED


def _unsigned(written: str) -> Iterator[str]:
    """The text with its signs as letters, in at most 32 ways."""
    pieces = _UNCERTAIN.split(written.translate(_CERTAIN))
    if len(pieces) == 1:
        return iter(pieces)
    choices = [_SEVERAL.get(piece) or (piece,) for piece in pieces]
    return map("".join, islice(product(*choices), _MAX_READINGS))


def _twice(run: re.Match[str]) -> str:
    return run[1] * 2
