"""The trained classifier of the prompt filter: numpy, tokenizers and onnxruntime only."""

from services.prompt_filter.classifier.errors import (
    ManifestError,
    ModelError,
    ModelIntegrityError,
)
from services.prompt_filter.classifier.heads import ANY, CATEGORIES, OUTPUTS
from services.prompt_filter.classifier.model import PromptClassifier

__all__ = [
    "ANY",
    "CATEGORIES",
    "OUTPUTS",
    "ManifestError",
    "ModelError",
    "ModelIntegrityError",
    "PromptClassifier",
]
