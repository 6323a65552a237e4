"""The canonical text of a prompt, and the marks that disguise leaves behind."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from services.prompt_filter.text.fold import CharacterFold
from services.prompt_filter.text.mapped import MappedText, PartPlaces

_MARKUP = re.compile(
    r"<!--.{0,200}?-->|</?[a-zA-Z][^<>]{0,200}>|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{2,31});", re.S
)
_INVISIBLE_IN_WORD = re.compile(r"[^\W_][\u00ad\u200b-\u200f\u2060-\u2064\ufeff\U000e0000-\U000e007f]+[^\W_]")
# Letters of styled alphabets (mathematical, enclosed) and tag characters.
_STYLED = re.compile("[\u24b6-\u24e9\U0001d400-\U0001d7ff\U0001f130-\U0001f189\U000e0020-\U000e007f]")
_HIDDEN = re.compile("[\U000e0020-\U000e007e]")
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
    if text.isascii() and "<" not in text and "&" not in text:
        return Canonical(MappedText(text.lower(), len(text)))
    mapped, marked_up = _without_markup(MappedText(text, len(text)))
    if mapped.text.isascii():
        return Canonical(MappedText(mapped.text.lower(), len(text), mapped.origins), marked_up)
    disguised = marked_up or bool(_INVISIBLE_IN_WORD.search(mapped.text) or _MIXED.search(mapped.text))
    folded = _with_hidden_text(_folded(mapped, fold), mapped)
    return Canonical(folded, disguised or bool(_STYLED.search(mapped.text)))


def _folded(mapped: MappedText, fold: CharacterFold) -> MappedText:
    parts = list(map(fold.__getitem__, mapped.text))
    folded = "".join(parts)
    if len(folded) == len(parts) and all(parts):
        return MappedText(folded, mapped.original_length, mapped.origins)
    return mapped.replaced(folded, PartPlaces(parts))


def _without_markup(mapped: MappedText) -> tuple[MappedText, bool]:
    """Tags vanish, entities become their characters; a tag between words still parts them."""
    source = mapped.text
    if "<" not in source and "&" not in source:
        return mapped, False
    pieces: list[str] = []
    kept: list[int] = []
    in_word = False
    at = 0
    for match in _MARKUP.finditer(source):
        replacement = _replacement(source, match)
        pieces += [source[at : match.start()], replacement]
        kept += [*range(at, match.start()), *([match.start()] * len(replacement))]
        in_word = in_word or _inside_word(source, match)
        at = match.end()
    pieces.append(source[at:])
    kept.extend(range(at, len(source)))
    return mapped.replaced("".join(pieces), kept), in_word


def _replacement(source: str, match: re.Match[str]) -> str:
    found = match.group()
    if found[0] == "&":
        return html.unescape(found)
    network = re.match(r"<(?:lora|lyco|hypernet):([^:>]+)", found, re.I)
    if network:
        return f" {network.group(1)} "
    return "" if _inside_word(source, match) else " "


def _inside_word(source: str, match: re.Match[str]) -> bool:
    before = source[match.start() - 1 : match.start()]
    after = source[match.end() : match.end() + 1]
    return before.isalnum() and (after.isalnum() or after in "<&") and len(after) == 1


def _with_hidden_text(folded: MappedText, source: MappedText) -> MappedText:
    """Text smuggled in tag characters (U+E0020 to U+E007E) is read after the visible text."""
    hidden = [match.start() for match in _HIDDEN.finditer(source.text)]
    if not hidden:
        return folded
    letters = "".join(_HIDDEN.findall(source.text)).translate(_SHOWN).lower()
    origins = source.origins or range(len(source.text))
    visible = folded.origins or range(len(folded.text))
    joined = [
        *map(visible.__getitem__, range(len(visible))),
        origins[hidden[0]],
        *map(origins.__getitem__, hidden),
    ]
    return MappedText(f"{folded.text} {letters}", folded.original_length, joined)
