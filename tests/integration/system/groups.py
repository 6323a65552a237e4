"""Who consumes what: consumer groups by the topic they read."""

from __future__ import annotations

from typing import Final

from services.chassis.streams import topics

BACKFILL: Final = "palisade.prompt_filter.backfill"
CLASSIFY: Final = "palisade.image_classifier.classify"
PROMPT_HALVES: Final = "palisade.joint_scorer.prompts"
IMAGE_HALVES: Final = "palisade.joint_scorer.images"
SCAN_UPLOADS: Final = "palisade.media_scanner.scan_uploads"
JOINT_DECISIONS: Final = "palisade.enforcement.joint_decisions"
MEDIA_SCANS: Final = "palisade.enforcement.media_scans"

CONSUMED: Final = (
    (topics.PROMPT_REQUESTS, BACKFILL),
    (topics.IMAGE_REQUESTS, CLASSIFY),
    (topics.PROMPT_DECISIONS, PROMPT_HALVES),
    (topics.IMAGE_SIGNALS, IMAGE_HALVES),
    (topics.MEDIA_UPLOADS, SCAN_UPLOADS),
    (topics.JOINT_DECISIONS, JOINT_DECISIONS),
    (topics.MEDIA_SCANS, MEDIA_SCANS),
)
