"""What a model's labels mean here: each mapped on purpose, none guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.contracts.vocabulary import Category
from services.prompt_filter.adapters.hugging_face_settings import HuggingFaceSettings
from services.prompt_filter.classifier.errors import ModelError


class ModelConfigError(ModelError):
    """config.json cannot be read, or contradicts the settings."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}")
        self.path = path
        self.reason = reason


class UnmappedLabelError(ModelError):
    """The model has labels that no setting maps; a label nobody thought of must not count for nothing."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(f"labels without a category: {', '.join(labels)} (map harmless ones to null)")
        self.labels = tuple(labels)


class UnknownLabelError(ModelError):
    """The settings map labels that the model does not have."""

    def __init__(self, labels: Sequence[str], known: Sequence[str]) -> None:
        super().__init__(f"the model has no label {', '.join(labels)}; it has {', '.join(known)}")
        self.labels = tuple(labels)


@dataclass(frozen=True)
class Labels:
    """The category of each output of the model, in its order; None for a harmless one."""

    names: tuple[str, ...]
    categories: tuple[Category | None, ...]

    def outputs_of(self) -> Mapping[Category, tuple[int, ...]]:
        """The outputs that count for each category."""
        return {
            category: tuple(at for at, mine in enumerate(self.categories) if mine is category)
            for category in Category
            if category in self.categories
        }


def read_labels(path: Path, settings: HuggingFaceSettings) -> Labels:
    """Labels of config.json under the settings' map; every error is a ModelError that names what is wrong."""
    config = _read(path)
    names = _names(path, config)
    unmapped = [name for name in names if name not in settings.labels]
    if unmapped:
        raise UnmappedLabelError(unmapped)
    unknown = [name for name in settings.labels if name not in names]
    if unknown:
        raise UnknownLabelError(unknown, names)
    if config.get("problem_type") == "multi_label_classification" and settings.activation == "softmax":
        raise ModelConfigError(path, "labels that hold together need activation sigmoid, not softmax")
    positions = config.get("max_position_embeddings")
    if isinstance(positions, int) and settings.max_tokens > positions:
        raise ModelConfigError(
            path, f"max_tokens {settings.max_tokens} is more than its {positions} positions"
        )
    return Labels(names, tuple(settings.labels[name] for name in names))


def _read(path: Path) -> Mapping[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelConfigError(path, type(error).__name__) from error
    if not isinstance(config, dict):
        raise ModelConfigError(path, "not an object")
    return config


def _names(path: Path, config: Mapping[str, Any]) -> tuple[str, ...]:
    labels = config.get("id2label")
    if not isinstance(labels, dict) or not labels:
        raise ModelConfigError(path, "no id2label")
    try:
        by_number = {int(number): str(name) for number, name in labels.items()}
    except ValueError as error:
        raise ModelConfigError(path, "id2label is not numbered") from error
    if sorted(by_number) != list(range(len(by_number))) or len(set(by_number.values())) != len(by_number):
        raise ModelConfigError(path, "id2label has gaps or repeats")
    return tuple(by_number[number] for number in sorted(by_number))
