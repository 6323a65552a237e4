"""Settings of the image classifier."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field

from services.chassis.settings import ChassisSettings, Section
from services.imaging.limits import DecodeLimits


class ImageSettings(Section):
    """Which models judge, by which policy, within which limits."""

    # Contract files (docs/images.md). None and no plug-in: every verdict says that nothing is configured.
    contracts: tuple[Path, ...] = ()
    # AGPL-3.0: see services/image_classifier/adapters/nudenet.py before turning it on.
    plugins: tuple[Literal["nudenet"], ...] = ()
    # Empty: the policy that ships; `policy.strict.json` beside it fails closed where no model is configured.
    policy: Path | None = None
    provider: Literal["CPUExecutionProvider", "CUDAExecutionProvider", "TensorrtExecutionProvider"] = (
        "CPUExecutionProvider"
    )
    decode: DecodeLimits = DecodeLimits()
    # One picture a thread; sessions are single-threaded.
    threads: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    # Jobs running and waiting, decodes and inferences apart; past it calls get RESOURCE_EXHAUSTED.
    max_pending: int = Field(default=64, ge=1)
    model_timeout_seconds: float = Field(default=10.0, gt=0)


class ImageClassifierSettings(ChassisSettings):
    """PALISADE_IMAGE__… beside what every service has."""

    image: ImageSettings = ImageSettings()
