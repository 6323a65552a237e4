"""The trained classifier of the prompt filter: numpy, tokenizers and onnxruntime only."""

from services.prompt_filter.classifier.errors import (
    ManifestError,
    ModelError,
    ModelIntegrityError,
)
from services.prompt_filter.classifier.heads import CATEGORIES, HARM, HEADS, UNSAFE
from services.prompt_filter.classifier.model import PromptClassifier

__all__ = [
    "CATEGORIES",
    "HARM",
    "HEADS",
    "UNSAFE",
    "ManifestError",
    "ModelError",
    "ModelIntegrityError",
    "PromptClassifier",
]
