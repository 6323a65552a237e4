"""What the classifier needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from services.chassis.errors import UnavailableError
from services.image_classifier.answers import ModelAnswer
from services.image_classifier.contract import ModelContract
from services.imaging.decode import View


class ModelError(UnavailableError):
    """A model did not answer, or not in the shape of its contract. The message is its class only."""

    code = "MODEL_FAILED"


class ImageModel(Protocol):
    """A model that keeps to a contract. Blocking; safe to call from many threads."""

    @property
    def contract(self) -> ModelContract: ...

    def answer(self, views: Sequence[View]) -> ModelAnswer:
        """The strongest finding of each category the contract covers; ModelError otherwise."""
