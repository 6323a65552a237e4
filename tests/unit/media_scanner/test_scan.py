"""Detectors side by side: one that fails or hangs is absent, with its cause."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from services.chassis.errors import OverloadedError
from services.chassis.signals import AbsentSignal, Signal
from services.contracts.vocabulary import AbsenceCause, Decision, ProvenanceVerdict, PValueKind
from services.media_scanner.adapters.threads import BoundedThreads
from services.media_scanner.detector import Detector
from services.media_scanner.item import MediaItem
from services.media_scanner.policy import ScannerPolicy
from services.media_scanner.scan import Scanner
from services.media_scanner.settings import DATA
from tests.unit.media_scanner.writers import picture

ITEM = MediaItem.of("item", picture(), max_bytes=1_000_000)


@dataclass
class Fixed:
    """Answers, raises or waits as told."""

    name: str
    verdict: ProvenanceVerdict = ProvenanceVerdict.NO_EVIDENCE
    error: Exception | None = None
    gate: asyncio.Event | None = None
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    version: str = "1"

    async def scan(self, item: MediaItem) -> Signal | AbsentSignal:
        self.entered.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Signal(self.name, self.version, verdict=self.verdict, p_kind=PValueKind.DECLARED)


def scanner(*detectors: Detector, timeout_seconds: float = 30.0) -> Scanner:
    policy = ScannerPolicy.load(DATA / "policy.json")
    return Scanner(detectors, policy, timeout_seconds=timeout_seconds)


async def test_every_answer_is_joined() -> None:
    scan = await scanner(Fixed("a", ProvenanceVerdict.YES), Fixed("b")).scan(ITEM)
    assert [signal.detector for signal in scan.signals] == ["a", "b"]
    assert scan.ai_generated.by == ("a",)
    assert scan.outcome.decision is Decision.LABEL


async def test_a_failing_detector_is_absent_and_says_no_more_than_its_kind() -> None:
    scan = await scanner(Fixed("a", error=ValueError("a lighthouse at dawn")), Fixed("b")).scan(ITEM)
    assert scan.outcome.absent == (AbsentSignal("a", AbsenceCause.FAILED, "ValueError"),)
    assert scan.ai_generated.verdict is ProvenanceVerdict.NO_EVIDENCE


async def test_a_detector_without_a_free_slot_is_overloaded() -> None:
    scan = await scanner(Fixed("a", error=OverloadedError("4 scans are waiting"))).scan(ITEM)
    assert scan.outcome.absent == (AbsentSignal("a", AbsenceCause.OVERLOADED, "4 scans are waiting"),)


async def test_a_hanging_detector_is_absent_and_holds_nobody_up() -> None:
    slow = Fixed("slow", gate=asyncio.Event())
    scan = await scanner(slow, Fixed("b"), timeout_seconds=0.02).scan(ITEM)
    assert [(a.detector, a.cause) for a in scan.outcome.absent] == [("slow", AbsenceCause.TIMEOUT)]
    assert [signal.detector for signal in scan.signals] == ["b"]


async def test_all_absent_is_unknown() -> None:
    scan = await scanner(Fixed("a", error=RuntimeError())).scan(ITEM)
    assert scan.ai_generated.verdict is ProvenanceVerdict.UNKNOWN


async def test_detectors_run_side_by_side() -> None:
    gate = asyncio.Event()
    first, second = Fixed("a", gate=gate), Fixed("b", gate=gate)
    task = asyncio.create_task(scanner(first, second).scan(ITEM))
    await asyncio.wait_for(asyncio.gather(first.entered.wait(), second.entered.wait()), 10)
    gate.set()
    assert len((await task).signals) == 2


def test_two_detectors_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="same name"):
        scanner(Fixed("a"), Fixed("a"))


@contextmanager
def blocked() -> Iterator[threading.Event]:
    gate = threading.Event()
    try:
        yield gate
    finally:
        gate.set()


async def test_hanging_work_keeps_its_slot_until_it_returns() -> None:
    threads = BoundedThreads(1, queue=0)
    with blocked() as gate:
        hanging = asyncio.create_task(threads.run(gate.wait))
        await asyncio.sleep(0)
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
        with pytest.raises(OverloadedError):
            await threads.run(lambda: 1)
    await asyncio.wait_for(_free(threads), 10)
    await threads.stop()


async def _free(threads: BoundedThreads) -> None:
    while True:
        try:
            assert await threads.run(lambda: 1) == 1
        except OverloadedError:
            await asyncio.sleep(0)
        else:
            return
