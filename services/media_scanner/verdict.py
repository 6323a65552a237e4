"""One verdict from many signals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.chassis.signals import Signal
from services.contracts.vocabulary import ProvenanceVerdict, PValueKind

# A raw score of a third party shows a direction; alone it decides nothing.
_CANNOT_DECIDE = {PValueKind.UNCALIBRATED}
_MEASURED = {PValueKind.CERTIFIED, PValueKind.CALIBRATED}


@dataclass(frozen=True, slots=True)
class AiGenerated:
    """Whether the item was made or edited by AI, as far as it says or shows.

    Attributes:
        p_value: smallest family-wise p-value (Holm) of the detectors that measure; None where
            none of them answered. A declaration by the file itself has no p-value.
        by: detectors the verdict rests on; empty for `no_evidence` and `unknown`.
    """

    verdict: ProvenanceVerdict
    p_value: float | None
    by: tuple[str, ...]


def one_verdict(signals: Sequence[Signal], *, family_wise_error: float) -> AiGenerated:
    """Join signals: the strongest statement that stands on its own wins.

    YES before EDITED before NO_EVIDENCE. A measuring detector counts only where its p-value
    holds against all measuring detectors together; UNKNOWN is what remains when none answered.
    """
    adjusted = holm({signal.detector: signal.p_value for signal in signals if _measures(signal)})
    p_value = min(adjusted.values(), default=None)
    answers = {
        signal.detector: _standing(signal, adjusted.get(signal.detector), family_wise_error)
        for signal in signals
    }
    for verdict in (ProvenanceVerdict.YES, ProvenanceVerdict.EDITED):
        by = tuple(name for name, answer in answers.items() if answer is verdict)
        if by:
            return AiGenerated(verdict, p_value, by)
    answered = ProvenanceVerdict.NO_EVIDENCE in answers.values()
    verdict = ProvenanceVerdict.NO_EVIDENCE if answered else ProvenanceVerdict.UNKNOWN
    return AiGenerated(verdict, p_value, ())


def holm(p_values: Mapping[str, float | None]) -> dict[str, float]:
    """Holm's step-down adjustment: valid under any dependence of the tests (Holm 1979)."""
    known = sorted((value, name) for name, value in p_values.items() if value is not None)
    adjusted: dict[str, float] = {}
    running = 0.0
    for rank, (value, name) in enumerate(known):
        running = max(running, min(1.0, value * (len(known) - rank)))
        adjusted[name] = running
    return adjusted


def _measures(signal: Signal) -> bool:
    return signal.p_value is not None and signal.p_kind in _MEASURED


def _standing(signal: Signal, adjusted: float | None, family_wise_error: float) -> ProvenanceVerdict:
    verdict = signal.verdict or ProvenanceVerdict.UNKNOWN
    positive = verdict in {ProvenanceVerdict.YES, ProvenanceVerdict.EDITED}
    if positive and signal.p_kind in _CANNOT_DECIDE:
        return ProvenanceVerdict.UNKNOWN
    if positive and adjusted is not None and adjusted > family_wise_error:
        return ProvenanceVerdict.NO_EVIDENCE
    return verdict
