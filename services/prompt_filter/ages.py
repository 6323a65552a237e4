"""Ages of people in a text: figures, words, and what they are said of.

"8-year-old oak tree" is no age of a person; neither are weights, scores or years, which
prompt syntax has taken out before (see text/syntax.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

ADULT = 18

_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen "
).split()
_NUMBER = r"(?P<{name}>\d{{1,3}}|" + "|".join(_NUMBERS[1:]) + r")"
_UNITS = (
    "años|ans|anni|anos|jahre|jährige[rn]?|jahrige[rn]?|lat|letni[aey]?|jaar|jarige?|лет(?:няя|ний)?|года?"
)
_NOT_AN_AGE = (
    r"(?!\s*(?:%|percent|feet|foot|ft|cm|inches|meters|m\b|kg|pounds|o'clock|times|of\b|:|st\b|th\b))"
)
_OF = {
    "years": _NUMBER.format(name="years")
    + r"[\s\-]*(?:years?|yrs?|yr|yo|y\.?/?o\.?)\b(?:[\s\-]*(?:of[\s\-]*age|olds?)\b)?",
    "months": _NUMBER.format(name="months") + r"[\s\-]*(?:months?|weeks?)[\s\-]*olds?\b",
    "aged": r"\b(?:aged?|age of|turning|turned|just turned)[\s:]*"
    + _NUMBER.format(name="aged")
    + r"\b"
    + _NOT_AN_AGE,
    "after": r"\b(?:she|he|they|girl|boy|who)(?:'s| is| are|s)\s+(?:only\s+|just\s+|about\s+)?"
    + _NUMBER.format(name="after")
    + r"\b"
    + _NOT_AN_AGE,
    "cjk": r"(?P<cjk>\d{1,2})\s?(?:歳|才|岁|歲|살|세(?!기))",
    "latin": rf"\b(?P<latin>\d{{1,2}})[\s\-]*(?:{_UNITS}|साल|سنوات|سنة|tuoi|taong)\b",
}
_EVERY_WAY = frozenset(_OF)
# Of each way of saying an age in ASCII what one of must stand there: to look for it costs a fraction of the
# pattern.
_NEEDED = tuple(
    (part, way)
    for way, parts in {
        "years": "y",
        "months": "old",
        "aged": "age turn",
        "after": "he girl boy who",
        "latin": "ans anni anos jahr lat letni jaar jarig tuoi taong",
    }.items()
    for part in parts.split()
)
_HINT = re.compile(
    r"\d|\b(?:years?|months?|age[ds]?|turn(?:ing|ed)|(?:he|she|they|who)(?:'s|\s(?:is|are)))\b"
)
_THINGS = frozenset(
    (
        "oak tree trees pine whisky whiskey wine scotch bourbon cheese building house castle church "
        "cathedral temple car truck ship boat bridge wall tower ruins ruin city town village tradition "
        "company brand book manuscript painting map coin vase statue sculpture fossil bone bones wood "
        "forest vine bonsai olive desk table chair piano violin guitar sword machine engine computer "
        "phone laptop camera clock watch dog cat horse puppy kitten tortoise turtle elephant parrot "
        "whale shark mummy artifact relic photograph film movie game recipe rug carpet house barn mill "
        "warranty lease mortgage contract loan bond plan war conflict anniversary "
    ).split()
)
_PEOPLE = frozenset(
    (
        "girl boy child kid toddler baby infant daughter son sister brother niece nephew student pupil "
        "person human female male woman man lady guy teen teenager schoolgirl schoolboy model actress "
        "kids girls boys children "
    ).split()
)
_WORD = re.compile(r"[a-z]+")
_LOOK_AHEAD = 4


@dataclass(frozen=True, slots=True)
class Age:
    """An age said of a person, and where."""

    years: float
    start: int
    end: int

    @property
    def minor(self) -> bool:
        return self.years < ADULT


def find_ages(text: str) -> Iterator[Age]:
    """Ages in a canonical text whose syntax is blanked; things' ages are left out."""
    if not _HINT.search(text):
        return
    ways = _possible_ways(text)
    for match in _ages_said(ways).finditer(text) if ways else ():
        kind = match.lastgroup or "years"
        number = _value(match.group(kind))
        if not _of_thing(text, match.end(), with_noun=kind == "years"):
            yield Age(0.0 if kind == "months" else number, match.start(), match.end())


def _possible_ways(text: str) -> frozenset[str]:
    """The ways of saying an age that this text can hold."""
    return frozenset([way for part, way in _NEEDED if part in text]) if text.isascii() else _EVERY_WAY


@lru_cache(maxsize=64)
def _ages_said(ways: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for way, pattern in _OF.items() if way in ways))


def _value(written: str) -> float:
    return float(_NUMBERS.index(written)) if written in _NUMBERS else float(written)


def _of_thing(text: str, end: int, *, with_noun: bool) -> bool:
    """Whether the words after the age name a thing before they name a person."""
    if not with_noun:
        return False
    for word in _WORD.findall(text[end : end + 60])[:_LOOK_AHEAD]:
        if word in _PEOPLE:
            return False
        if word in _THINGS:
            return True
    return re.match(r"\s*(?:ago|later|experience|long|plan|of experience)\b", text[end:]) is not None
