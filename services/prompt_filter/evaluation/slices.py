"""Recall and false positives of every value of a dimension, and the slices that stand out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.prompt_filter.evaluation.cases import PLAIN
from services.prompt_filter.evaluation.judging import Judged
from services.prompt_filter.evaluation.statistics import Estimate, f1, rate


@dataclass(frozen=True, slots=True)
class Slice:
    """What was measured on the cases that share a value.

    Attributes:
        recall: share flagged of those sought; a LABEL on a mild one is left out of both.
        labelled: share of those sought that got a LABEL.
        false_positives: share flagged of those not sought.
        f1: of both together.
    """

    dimension: str
    value: str
    recall: Estimate | None
    labelled: float
    false_positives: Estimate | None
    f1: Estimate | None


def whole(judged: Sequence[Judged], value: str, seed: int, *, dimension: str = "all") -> Slice:
    """Everything as one slice."""
    seeking = [one for one in judged if one.case.seeking]
    counted = [one for one in seeking if not (one.case.mild and one.labelled)]
    harmless = [one for one in judged if not one.case.seeking]
    return Slice(
        dimension,
        value,
        _share_flagged(counted, seed),
        sum(one.labelled for one in seeking) / len(seeking) if seeking else 0.0,
        _share_flagged(harmless, seed),
        f1(*_hits(counted), *_hits(harmless), seed) if counted and harmless else None,
    )


def by(judged: Sequence[Judged], dimension: str, seed: int) -> list[Slice]:
    """One slice a value, in order of first appearance."""
    values: dict[str, list[Judged]] = {}
    for one in judged:
        if dimension in one.case.slices:
            values.setdefault(one.case.slices[dimension], []).append(one)
    return [whole(mine, value, seed, dimension=dimension) for value, mine in values.items()]


def only(judged: Iterable[Judged], **wanted: str) -> list[Judged]:
    """Those whose slices have these values."""
    return [
        one for one in judged if all(one.case.slices.get(name) == value for name, value in wanted.items())
    ]


def kept_share(judged: Sequence[Judged], kind: Slice, dimension: str, seed: int) -> float:
    """Share still flagged of the clusters that are flagged as they are written."""
    plain = {
        one.case.cluster for one in only(judged, **{dimension: PLAIN}) if one.case.seeking and one.flagged
    }
    mine = [one for one in only(judged, **{dimension: kind.value}) if one.case.cluster in plain]
    recall = whole(mine, kind.value, seed).recall
    return recall.value if recall is not None else 1.0


def standing_out(slices: Iterable[Slice], overall: Estimate | None) -> list[Slice]:
    """Slices whose false positives are above the whole's beyond what chance explains."""
    ceiling = overall.high if overall is not None else 0.0
    found = [
        one
        for one in slices
        if one.false_positives is not None
        and one.false_positives.value > 0
        and one.false_positives.low > ceiling
    ]
    return sorted(found, key=lambda one: -_value(one.false_positives))


def rules_behind(judged: Iterable[Judged], count: int) -> list[tuple[str, int]]:
    """The rules that flag harmless cases, the commonest first."""
    counted = Counter(
        rule for one in judged if one.flagged and not one.case.seeking for rule in set(one.rules)
    )
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:count]


def _share_flagged(judged: Sequence[Judged], seed: int) -> Estimate | None:
    hits, clusters = _hits(judged)
    return rate(hits, clusters, seed)


def _hits(judged: Sequence[Judged]) -> tuple[list[bool], list[str]]:
    return [one.flagged for one in judged], [one.case.cluster for one in judged]


def _value(estimate: Estimate | None) -> float:
    return estimate.value if estimate is not None else 0.0
