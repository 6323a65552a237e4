"""The classifier inside the caller's own process, for the command line."""

from __future__ import annotations

from collections.abc import Sequence

from services.image_classifier.classify import ImageVerdict, classify
from services.image_classifier.inference import ask, split
from services.image_classifier.models import load_models
from services.image_classifier.policy import DEFAULT_POLICY, ImagePolicy
from services.image_classifier.ports import ImageModel
from services.image_classifier.settings import ImageSettings
from services.imaging.decode import decode
from services.imaging.hashes import ImageHash
from services.imaging.limits import DecodeLimits


class LocalImageClassifier:
    """Blocking; same decode, models and policy as the service."""

    def __init__(self, models: Sequence[ImageModel], policy: ImagePolicy, limits: DecodeLimits) -> None:
        self._models = tuple(models)
        self._policy = policy
        self._limits = limits

    @classmethod
    def open(cls, settings: ImageSettings | None = None) -> LocalImageClassifier:
        """By the service's own settings; SettingsError or PolicyError where they cannot be started with."""
        settings = settings or ImageSettings()
        policy = ImagePolicy.load(settings.policy or DEFAULT_POLICY)
        return cls(load_models(settings), policy, settings.decode)

    def classify(self, content: bytes) -> ImageVerdict:
        """Judge a file; ImageError where it cannot be decoded."""
        views = decode(content, self._limits).views
        answers, failures = split([ask(model, views, _untimed) for model in self._models])
        return classify(answers, failures, self._policy)

    def hash(self, content: bytes) -> ImageHash:
        """Hash a file; ImageError where it cannot be decoded."""
        return decode(content, self._limits.model_copy(update={"max_frames": 1})).hash


def _untimed(model: str, seconds: float) -> None:
    del model, seconds
