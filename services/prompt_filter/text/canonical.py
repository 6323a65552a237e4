"""The canonical text of a prompt, and the marks that disguise leaves behind."""

from __future__ import annotations

import re
from typing import NamedTuple

from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.mapped import MappedText, PartPlaces
from services.prompt_filter.text.markup import has_markup, without_markup

_INVISIBLE_IN_WORD = re.compile(r"[^\W_][\u00ad\u200b-\u200f\u2060-\u2064\ufeff\U000e0000-\U000e007f]+[^\W_]")
# Letters of styled alphabets (small capital, enclosed, mathematical) and tag characters.
_STYLED = re.compile(
    "[\u1d00-\u1d22\ua730\ua731\u24b6-\u24e9\U0001d400-\U0001d7ff\U0001f130-\U0001f189\U000e0020-\U000e007f]"
)
_NO_FLAG = re.compile("{0}{{3,}}|(?<!{0}){0}(?!{0})".format("[\U0001f1e6-\U0001f1ff]"))
_FLAG_LETTERS = {0x1F1E6 + number: chr(0x24D0 + number) for number in range(26)}
_HIDDEN = re.compile("[\U000e0020-\U000e007e]+")
_SHOWN = {0xE0000 + point: chr(point) for point in range(0x20, 0x7F)}
_MIXED = re.compile(r"[a-zA-Z][\u0370-\u052f\u0531-\u058f]|[\u0370-\u052f\u0531-\u058f][a-zA-Z]")


class Canonical(NamedTuple):
    """Folded text with its offsets, and whether it had been disguised."""

    mapped: MappedText
    disguised: bool = False

    @property
    def text(self) -> str:
        return self.mapped.text


def canonicalise(text: str, fold: CharacterFold) -> Canonical:
    """Fold `text`; plain ASCII without markup costs one lower()."""
    mapped, marked_up = MappedText(text, len(text)), False
    if has_markup(text):
        mapped, marked_up = without_markup(mapped)
    if mapped.text.isascii():
        return Canonical(MappedText(mapped.text.lower(), len(text), mapped.origins), marked_up)
    mapped = _without_flags(mapped)
    disguised = marked_up or bool(_INVISIBLE_IN_WORD.search(mapped.text) or _MIXED.search(mapped.text))
    folded = _with_hidden_text(_folded(mapped, fold), mapped)
    return Canonical(folded, disguised or bool(_STYLED.search(mapped.text)))


def _folded(mapped: MappedText, fold: CharacterFold) -> MappedText:
    parts = list(map(fold.__getitem__, mapped.text))
    folded = "".join(parts)
    if len(folded) == len(parts) and all(parts):
        return MappedText(folded, mapped.original_length, mapped.origins)
    return mapped.replaced(folded, PartPlaces(parts))


def _without_flags(mapped: MappedText) -> MappedText:
    """Letters that flags are made of, where they make none: alone, or three and more in a row."""
    text = _NO_FLAG.sub(lambda match: match.group().translate(_FLAG_LETTERS), mapped.text)
    return MappedText(text, mapped.original_length, mapped.origins)


def _with_hidden_text(folded: MappedText, source: MappedText) -> MappedText:
    """Text smuggled in tag characters (U+E0020 to U+E007E) is read after the visible text."""
    hidden = list(_HIDDEN.finditer(source.text))
    if not hidden:
        return folded
    origins = source.origins or range(len(source.text))
    visible = folded.origins or range(len(folded.text))
    places = [*map(visible.__getitem__, range(len(visible)))]
    letters = ""
    for run in hidden:
        letters += " " + run.group().translate(_SHOWN).lower()
        places += [origins[run.start()], *map(origins.__getitem__, range(*run.span()))]
    return MappedText(folded.text + letters, folded.original_length, places)
