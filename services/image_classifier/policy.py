"""What the image classifier decides by."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from services.chassis.policy import Policy

DEFAULT_POLICY = Path(__file__).parent / "data" / "policy.json"
STRICT_POLICY = Path(__file__).parent / "data" / "policy.strict.json"


class Uncovered(StrEnum):
    """What a category means that no configured model answers for.

    RECORD: it is stated as absent and does not bite; this deployment never promised to judge it.
    FAIL_MODE: the category's `when_absent` applies, as it always does when a configured model fails.
    """

    RECORD = "record"
    FAIL_MODE = "fail_mode"


class ImagePolicy(Policy):
    """Thresholds and fail modes of image verdicts."""

    uncovered: Uncovered = Uncovered.RECORD
