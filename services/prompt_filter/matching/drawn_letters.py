"""Letters drawn with several signs, `|-|` for h, and words turned upside down."""

from __future__ import annotations

import re
from typing import Final

_DRAWN: Final = {
    "/\\/\\": "m", "|\\/|": "m", "\\/\\/": "w", "|\\|": "n", "/-\\": "a", "|-|": "h", "|_|": "u", "/\\": "a",
    "\\/": "v", "|=": "f", "|<": "k", "|{": "k", "|>": "p", "|*": "p", "|)": "d", "[)": "d", "|3": "b",
    "|2": "r", "|_": "l", "_|": "j", "()": "o", "[]": "o", "><": "x", "`/": "y", "^/": "n",
}  # fmt: skip
_DRAWING: Final = re.compile("|".join(map(re.escape, sorted(_DRAWN, key=len, reverse=True))))
# Letters that look like others upside down, and those that no upright word has. A turned m is folded to w.
_TURNED: Final = dict(zip("ɐqɔpǝɟƃɥᴉɾʞןɯuodbɹnʇʌʍʎ", "abcdefghijklmnopqrutvwy", strict=True)) | {
    "ı": "i",
    "w": "m",
}
_UPRIGHT: Final = str.maketrans(_TURNED)
_ONLY_TURNED: Final = re.compile("[ɐɔǝɟƃɥᴉɾʞןɯɹʇʌʍʎ]")


def undrawn(chunk: str) -> str:
    """The chunk with drawn letters as letters."""
    return _DRAWING.sub(lambda match: _DRAWN[match.group()], chunk)


def upright(chunk: str) -> str | None:
    """The chunk turned over; None where nothing in it says that it is upside down."""
    return chunk.translate(_UPRIGHT)[::-1] if _ONLY_TURNED.search(chunk) else None
