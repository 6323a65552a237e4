"""Markup taken out of a text: HTML and its entities, escapes of other notations, emphasis of Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import chain
from typing import Final

from services.prompt_filter.text.mapped import MappedText

# HTML's elements (WHATWG, "Index of elements") and those of before. What stands in brackets like a
# tag and is none is read: it may be a word.
_ELEMENTS: Final = frozenset(
    (
        "a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote "
        "body br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog "
        "dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 "
        "head header hgroup hr html i iframe img input ins kbd label legend li link main map mark marquee "
        "menu meta meter nav nobr noframes noscript object ol optgroup option output p param picture pre "
        "progress q rp rt ruby s samp script search section select slot small source span strike strong "
        "style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u "
        "ul var video wbr"
    ).split()
)
_SIGNS: Final = ("<", "&", "%", "\\", "**", "~~", "||", "__")
_MARKUP: Final = re.compile(
    r"""
      <!--(?P<comment>.{0,200}?)-->
    | </?(?P<element>[a-z][a-z0-9]*)
        (?P<attributes>(?:\s+[a-z][\w:-]{0,40}=(?:"[^"<>]{0,200}"|'[^'<>]{0,200}'|[^\s"'<>=]{1,200}))*)\s*/?>
    | <(?:lora|lyco|hypernet):(?P<network>[^:<>]{1,100})[^<>]{0,100}>
    | &(?:\#\d{1,7};?|\#x[0-9a-f]{1,6};?|\w{2,31};)
    | (?<!\d)(?:%[2-7][0-9a-f])+
    | \\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]{1,6}\})
    | (?P<sign>\*\*|~~|\|\||__)(?P<emphasised>[^\W\d_]{1,40})(?P=sign)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CLOSING: Final = re.compile(r"</([a-z][a-z0-9]*)", re.IGNORECASE)
Part = tuple[str, Iterable[int]]
"""A piece of the text, and from which place each of its characters comes."""

_CODE: Final = re.compile(r"%([0-9a-f]{2})|\\[xu]\{?([0-9a-f]+)\}?", re.IGNORECASE)


def has_markup(text: str) -> bool:
    """Whether any of it may be markup."""
    for sign in _SIGNS:  # noqa: SIM110 - half the time of any()
        if sign in text:
            return True
    return False


def without_markup(mapped: MappedText) -> tuple[MappedText, bool]:
    """Tags and signs of emphasis vanish, entities and escapes become their characters.

    A tag between words still parts them. What attributes and comments say is read: who makes
    pictures of the text reads it too. Also tells whether any of it stood inside a word.
    """
    source = mapped.text
    closed = {name.lower() for name in _CLOSING.findall(source)} if "</" in source else set()
    parts: list[Part] = []
    hidden: list[tuple[int, int]] = []
    in_word = False
    at = 0
    for match in _MARKUP.finditer(source):
        if match["element"] and not _is_tag(match, closed):
            continue
        parts += [(source[at : match.start()], range(at, match.start())), _read(source, match)]
        if _inside_word(source, match):
            in_word = True
            hidden.append(_said(match))
        at = match.end()
    if not at:
        return mapped, False
    parts.append((source[at:], range(at, len(source))))
    parts += [(f" {source[start:end]}", (start, *range(start, end))) for start, end in hidden if start < end]
    text = "".join(part for part, _ in parts)
    return mapped.replaced(text, list(chain.from_iterable(places for _, places in parts))), in_word


def _is_tag(match: re.Match[str], closed: set[str]) -> bool:
    """Whether it is an element's tag. A single letter may be a word's: such an element has to be closed."""
    name = match["element"].lower()
    return bool(match["attributes"]) or (name in _ELEMENTS and (len(name) > 1 or name in closed))


def _said(match: re.Match[str]) -> tuple[int, int]:
    """Where a comment or a tag says more than its name; an empty range where it does not."""
    return match.span("comment" if match["comment"] else "attributes")


def _read(source: str, match: re.Match[str]) -> Part:
    """What stands in the place of markup."""
    if match["emphasised"]:
        return match["emphasised"], range(*match.span("emphasised"))
    found = match.group()
    if found[0] in "%\\":
        text, places = _unescaped(found)
        return text, [match.start() + place for place in places]
    if found[0] == "&":
        text = html.unescape(found)
    elif match["network"]:
        text = f" {match['network']} "
    elif _inside_word(source, match):
        text = ""
    else:
        start, end = _said(match)
        return f" {source[start:end]} ", (match.start(), *range(start, end), match.end() - 1)
    return text, [match.start()] * len(text)


def _unescaped(found: str) -> tuple[str, list[int]]:
    """Escaped letters, digits and spaces, and the place of each; other escapes as they are."""
    text, places = "", []
    for code in _CODE.finditer(found):
        character = chr(min(int(code[1] or code[2], 16), 0x10FFFF))
        read = character if character.isalnum() or character == " " else code.group()
        text += read
        places += [code.start()] * len(read)
    return text, places


def _inside_word(source: str, match: re.Match[str]) -> bool:
    before = source[match.start() - 1 : match.start()]
    after = source[match.end() : match.end() + 1]
    return before.isalnum() and (after.isalnum() or after in "<&") and len(after) == 1
