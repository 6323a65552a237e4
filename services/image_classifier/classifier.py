"""Classifying a picture from its bytes: decode, ask the models, decide, count."""

from __future__ import annotations

from services.chassis.metrics import Metrics
from services.image_classifier.classify import ImageVerdict, classify, unreadable
from services.image_classifier.inference import Inference, split
from services.image_classifier.policy import ImagePolicy
from services.imaging.decoder import Decoder
from services.imaging.hashes import ImageHash

ITEM = "image"
"""Kind of item, in metrics."""


class ImageClassifier:
    """The service's one use case, whichever way the picture came."""

    def __init__(self, decoder: Decoder, inference: Inference, policy: ImagePolicy, metrics: Metrics) -> None:
        self._decoder = decoder
        self._inference = inference
        self._policy = policy
        self._metrics = metrics

    async def classify(self, content: bytes) -> ImageVerdict:
        """Judge a file. ImageError where it cannot be decoded, OverloadedError where too much waits."""
        decoded = await self._decoder.decode(content)
        answers, failures = split(await self._inference.ask_all(decoded.views))
        return self._counted(classify(answers, failures, self._policy))

    def unreadable(self, code: str) -> ImageVerdict:
        """The verdict on a file that was refused with `code`, for those who wait for one."""
        return self._counted(unreadable(code, self._policy))

    async def hash(self, content: bytes) -> ImageHash:
        """Hash a file without judging it; errors as `classify`."""
        return await self._decoder.hash(content)

    def _counted(self, verdict: ImageVerdict) -> ImageVerdict:
        self._metrics.record_outcome(ITEM, verdict.outcome)
        return verdict
