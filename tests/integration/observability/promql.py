"""Just enough of PromQL to ask what an expression is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
_RANGE = re.compile(r"\[[^]]*\]")
_SELECTOR = re.compile(r"(?<![\w:.$])([a-zA-Z_:][\w:]*)\s*(\{[^}]*\})?(?!\s*\(|[\w:])")
_LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_WORDS = {"and", "or", "unless", "bool", "offset"}
_COMPARISON = re.compile(r"(?<=\s)(==|!=|>=|<=|>|<)(?=\s)(?!\s+bool\b)")


@dataclass(frozen=True)
class Selector:
    """A metric's name and the names of the labels it is picked by."""

    metric: str
    labels: frozenset[str]


def selectors(expr: str) -> set[Selector]:
    """Every vector selector of an expression."""
    bare = _RANGE.sub("", _GROUPING.sub("", _STRING.sub('""', expr)))
    return set(_selectors(bare))


def _selectors(bare: str) -> Iterator[Selector]:
    for found in _SELECTOR.finditer(bare):
        name, labels = found.groups()
        if name not in _WORDS:
            yield Selector(name, frozenset(_LABEL.findall(labels or "")))


def unfiltered(expr: str) -> str:
    """The expression with comparisons that answer 0 or 1, so that an alert at rest has series too."""
    return _COMPARISON.sub(r"\1 bool", expr)
