"""Outcomes as the JSON objects that scripts read: the shapes are a contract."""

from __future__ import annotations

from collections.abc import Iterable

from services.chassis.signals import AbsentSignal, JsonValue, Reason, Scores
from services.contracts.vocabulary import Category

Json = dict[str, JsonValue]


def categories(scores: Scores) -> Json:
    """All five, always; null where nobody judged."""
    return {category.label: scores.get(category) for category in Category}


def reasons(grounds: Iterable[Reason]) -> list[JsonValue]:
    """`start` and `end` are code points of the original text, null where a reason has no place there."""
    return [_reason(reason) for reason in grounds]


def picture_reasons(grounds: Iterable[Reason]) -> list[JsonValue]:
    """As `reasons`, with `box`: left, top, right, bottom as fractions of the picture, or null."""
    return [{**_reason(reason), "box": _box(reason)} for reason in grounds]


def absent(signals: Iterable[AbsentSignal]) -> list[JsonValue]:
    return [
        {"detector": signal.detector, "cause": signal.cause.label, "detail": signal.detail}
        for signal in signals
    ]


def _reason(reason: Reason) -> Json:
    span = reason.span
    return {
        "category": reason.category.label,
        "severity": reason.severity.label,
        "rule": reason.rule,
        "start": span.start if span else None,
        "end": span.end if span else None,
    }


def _box(reason: Reason) -> JsonValue:
    box = reason.box
    return [box.left, box.top, box.right, box.bottom] if box else None
