"""Names of the topics, once. See docs/architecture.md for who writes and who reads."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PROMPT_REQUESTS: Final = "prompt.requests"
PROMPT_DECISIONS: Final = "prompt.decisions"
IMAGE_REQUESTS: Final = "image.requests"
IMAGE_SIGNALS: Final = "image.signals"
JOINT_DECISIONS: Final = "joint.decisions"
MEDIA_UPLOADS: Final = "media.uploads"
MEDIA_SCANS: Final = "media.scans"
ENFORCEMENT_EVENTS: Final = "enforcement.events"

ALL: Final = (
    PROMPT_REQUESTS,
    PROMPT_DECISIONS,
    IMAGE_REQUESTS,
    IMAGE_SIGNALS,
    JOINT_DECISIONS,
    MEDIA_UPLOADS,
    MEDIA_SCANS,
    ENFORCEMENT_EVENTS,
)


def dead_letters(topic: str) -> str:
    """The topic that takes what could not be handled."""
    return f"{topic}.dlq"


def with_dead_letters(partitions: int) -> Mapping[str, int]:
    """Every topic with its dead letters, and how many partitions each has."""
    names = [*ALL, *(dead_letters(topic) for topic in ALL)]
    return MappingProxyType(dict.fromkeys(names, partitions))
