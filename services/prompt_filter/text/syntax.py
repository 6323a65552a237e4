"""Prompt syntax: weights, tags, parameters and negative prompts, taken out before anything is judged.

Everything is blanked in place, so offsets stay what they were. Covers the A1111 family
(`(word:1.2)`, `[a|b]`, `BREAK`, `Negative prompt:`), booru and score tags, and Midjourney
parameters (`--ar 16:9`, `--no`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

# Each alternative names its first character and looks back from behind it: a search that begins
# with a set of characters skips all others at once, which no \b or look-behind in front allows.
_SIGNS = re.compile(r"[:()\[\]{}|\d]")
_TAG = r"""
    | (?<=s)(?<!\ws)(?:core|ource)_\w+ | (?<=r)(?<!\wr)ating_\w+     # score_9, source_anime, rating_safe
"""
_NOISE_IN = r"""
    [:\-\d(\[{{)\]}}{letters}] (?:
      (?<=:)\s*-?\d*\.?\d+(?=[\s)\]>,|]|$)                         # weights: (word:1.2), [a:b:0.5]
    | (?<=-)(?<!\S-)-(?!no\b)[a-z]+(?:\s+[\d.:]+)?                 # --ar 16:9, --v 6, not w--o--r--d
    | (?<=\d)(?<!\w\d)(?:(?<=1)9\d\d\b|(?<=2)0\d\d\b)               # years
    | (?<=\d)(?<!\w\d)\d*(?:\.\d+)?\s?(?:k|mp|mm|fps|px|bit)\b
    | (?<=[(\[{{])(?<![^\s()\[\]{{}},][(\[{{])[(\[{{]*                      # brackets that open
    | (?<=[)\]}}])(?<!\|[)\]}}])[)\]}}]*
    {tag})
"""
_NOISE = re.compile(_NOISE_IN.format(letters="", tag=""), re.VERBOSE)
_NOISE_OR_TAG = re.compile(_NOISE_IN.format(letters="sr", tag=_TAG), re.VERBOSE)
# Letters of a word in brackets, w(o)rd, are no syntax but a disguise.
_INSIDE_A_WORD = re.compile(
    r"""
    [(\[{] (?:
      (?<=[^\W\d_].)[^\W\d_]{0,8}[)\]}](?:[(\[{][^\W\d_]{0,8}[)\]}])*(?=[^\W\d_])
    | (?<=[^\s(\[{,]\()\)(?=[^\s)\]},])                                        # an o that is drawn
    )
    """,
    re.VERBOSE,
)
# Single letters between bars are a word in pieces.
_ALTERNATIVES = re.compile(r"(?<=[\s\w])(?<!\b\w)\|(?=\s|[^\W_])(?=[^\[\]|]{0,60}[\]|])|\s\|\s")
_NEGATIVE = re.compile(r"\bnegative[ _]?prompt\s*:|--no\b")
_NEGATIVE_END = re.compile(r"\n\s*steps\s*:|--(?!no\b)[a-z]")


class Parsed(NamedTuple):
    """Text of the same length without syntax, and the ranges that are asked to be left out."""

    text: str
    excluded: tuple[tuple[int, int], ...] = ()

    def excludes(self, position: int) -> bool:
        """Whether what stands at this index is in a negative prompt."""
        return any(start <= position < end for start, end in self.excluded)


def parse(text: str) -> Parsed:
    """Blank the syntax of a canonical text."""
    if not (_SIGNS.search(text) or "--" in text):
        return Parsed(text)
    excluded = tuple(_negative_ranges(text)) if "prompt" in text or "--no" in text else ()
    plain = _ALTERNATIVES.sub(_blank, text) if "|" in text else text
    noise = _NOISE_OR_TAG if "_" in plain else _NOISE
    inside = [match.span() for match in _INSIDE_A_WORD.finditer(plain)]
    return Parsed(_without(noise, plain, inside) if inside else noise.sub(_blank, plain), excluded)


def _without(noise: re.Pattern[str], text: str, kept: Sequence[tuple[int, int]]) -> str:
    """The text with its noise blanked, but for what begins in these places."""
    places = {place for start, end in kept for place in range(start, end)}
    return noise.sub(lambda match: match.group() if match.start() in places else _blank(match), text)


def _negative_ranges(text: str) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for match in _NEGATIVE.finditer(text):
        if ranges and match.start() < ranges[-1][1]:
            continue
        end = _NEGATIVE_END.search(text, match.end())
        ranges.append((match.start(), end.start() if end else len(text)))
    return ranges


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
