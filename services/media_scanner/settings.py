"""Settings of the scanner process."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import Field

from services.chassis.settings import ChassisSettings, Section

DATA: Final = Path(__file__).parent / "data"


class ScannerSettings(Section):
    """What detectors may cost, and what they trust."""

    policy: Path = DATA / "policy.json"
    # Folder with the official C2PA lists, and PEM files trusted beside them.
    trust_lists: Path = DATA / "c2pa"
    trust_anchors: tuple[Path, ...] = ()
    # File with the key of the tenant's own watermark; without it no watermark is looked for.
    watermark_key: Path | None = None
    max_bytes: int = Field(default=32 * 1024 * 1024, ge=1024)
    # For each detector on its own.
    timeout_seconds: float = Field(default=5.0, gt=0)
    threads: int = Field(default=2, ge=1)
    # Detector runs that may wait for a thread; beyond, they are absent as OVERLOADED.
    queued: int = Field(default=64, ge=0)


class MediaScannerSettings(ChassisSettings):
    """Chassis settings and the scanner's own."""

    scanner: ScannerSettings = ScannerSettings()
