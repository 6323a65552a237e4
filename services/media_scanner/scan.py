"""Runs every detector on an item, side by side, each within its own time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from services.chassis.errors import OverloadedError
from services.chassis.signals import AbsentSignal, Outcome, Signal
from services.contracts.vocabulary import AbsenceCause
from services.media_scanner.detector import Detector
from services.media_scanner.item import MediaItem
from services.media_scanner.policy import ScannerPolicy
from services.media_scanner.verdict import AiGenerated, one_verdict

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MediaScan:
    """Everything found out about one item, and what follows from it."""

    id: str
    media_type: str | None
    ai_generated: AiGenerated
    signals: tuple[Signal, ...]
    outcome: Outcome


class Scanner:
    """All detectors of this process and the policy they are judged by.

    `timeout_seconds` bounds each detector on its own.
    """

    def __init__(
        self, detectors: Sequence[Detector], policy: ScannerPolicy, *, timeout_seconds: float
    ) -> None:
        names = [detector.name for detector in detectors]
        if len(set(names)) != len(names):
            raise ValueError("two detectors have the same name")
        self._detectors = tuple(detectors)
        self._policy = policy
        self._timeout_seconds = timeout_seconds

    @property
    def policy_version(self) -> str:
        return self._policy.version

    async def scan(self, item: MediaItem) -> MediaScan:
        """Ask every detector and join their answers into one verdict and one decision."""
        answers = await asyncio.gather(*(self._ask(detector, item) for detector in self._detectors))
        signals = tuple(answer for answer in answers if isinstance(answer, Signal))
        absent = tuple(answer for answer in answers if isinstance(answer, AbsentSignal))
        ai_generated = one_verdict(signals, family_wise_error=self._policy.family_wise_error)
        outcome = self._policy.decide(ai_generated, signals, absent)
        return MediaScan(item.id, item.media_type, ai_generated, signals, outcome)

    async def _ask(self, detector: Detector, item: MediaItem) -> Signal | AbsentSignal:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await detector.scan(item)
        except TimeoutError:
            detail = f"no answer within {self._timeout_seconds:g} s"
            return AbsentSignal(detector.name, AbsenceCause.TIMEOUT, detail)
        except OverloadedError as error:
            return AbsentSignal(detector.name, AbsenceCause.OVERLOADED, error.message)
        except Exception as error:  # noqa: BLE001 - boundary: one detector's failure is its absence, not the scan's
            # The type only: a parser's message may quote the file.
            _log.warning("detector_failed", detector=detector.name, error=type(error).__name__)
            return AbsentSignal(detector.name, AbsenceCause.FAILED, type(error).__name__)
