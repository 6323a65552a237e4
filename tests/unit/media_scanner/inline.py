"""Runs detectors without threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from services.chassis.signals import AbsentSignal, Signal
from services.media_scanner.detector import Detector
from services.media_scanner.item import MediaItem

T = TypeVar("T")


async def inline(work: Callable[[], T]) -> T:
    return work()


async def scan_with(detector: Detector, content: bytes) -> Signal | AbsentSignal:
    return await detector.scan(MediaItem.of("item", content, max_bytes=64 * 1024 * 1024))
