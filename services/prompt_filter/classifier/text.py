"""The light canonical form that the model reads, in training and in service alike.

The matching engine has views of its own; this one only makes the statistics of raw and of
already normalised text agree. It is idempotent.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from services.prompt_filter.text.tokens import words

# Cyrillic and Greek letters drawn like Latin ones, folded only in a token that also holds
# Latin letters, so that real Cyrillic and Greek words keep their own statistics.
_CYRILLIC: Final = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u043a\u043c\u0442\u0432\u043d"
)
_GREEK: Final = "\u03b1\u03bf\u03b5\u03c1\u03c4\u03c5\u03b9\u03ba\u03bd\u03c7"
_LOOKALIKES: Final = str.maketrans(_CYRILLIC + _GREEK, "aeopcyxijsdhkmtbh" + "aoeptuikvx")
_EMPHASIS: Final = re.compile(r":\d+(?:\.\d+)?(?=[)\]])|<(?:lora|lyco|hypernet):[^>]{0,80}>")
_MARKUP: Final = re.compile(r"</?[a-z][^<>]{0,80}>|&#?[a-z0-9]{1,8};")
_BREAKS: Final = re.compile("(?:[^\\w\u2600-\u27bf\U0001f300-\U0001faff]|_)+")
_LATIN: Final = re.compile(r"[a-z]")


def canonical(text: str) -> str:
    """Lower-cased letters and digits in single spaces, prompt weights and markup removed."""
    folded = text.lower() if text.isascii() else _fold(text)
    if "<" in folded or ":" in folded or "&" in folded:
        folded = _MARKUP.sub("", _EMPHASIS.sub("", folded))
    if folded.isascii():
        return " ".join(words(folded))
    return _BREAKS.sub(" ", folded).strip()


def _fold(text: str) -> str:
    """NFKC and lower case without accents, format characters or look-alike letters."""
    decomposed = unicodedata.normalize("NFKD", text).lower()
    dropped = [ord(c) for c in set(decomposed) if unicodedata.category(c) in ("Cf", "Mn", "Me")]
    kept = decomposed.translate(dict.fromkeys(dropped)) if dropped else decomposed
    return unicodedata.normalize("NFKC", " ".join(map(_latinised, kept.split())))


def _latinised(token: str) -> str:
    if token.isascii() or not _LATIN.search(token):
        return token
    return token.translate(_LOOKALIKES)
