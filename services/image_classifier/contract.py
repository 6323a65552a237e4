"""The model contract: what a model file is, what it takes, what it says, and what that means here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from services.chassis.errors import SettingsError
from services.contracts.vocabulary import Category


class ContractError(SettingsError):
    """A contract that cannot be started with, or a model that does not keep to it."""

    code = "MODEL_CONTRACT"


class Kind(StrEnum):
    """What the output is: a row of scores, or candidate boxes with scores (YOLO's layout)."""

    CLASSIFIER = "classifier"
    DETECTOR = "detector"


class Layout(StrEnum):
    """Order of the input's axes: batch, channels, height, width."""

    NCHW = "NCHW"
    NHWC = "NHWC"


class Channels(StrEnum):
    RGB = "RGB"
    BGR = "BGR"


class Resize(StrEnum):
    """How a picture of any shape becomes the input's shape."""

    STRETCH = "stretch"
    # Scaled until the input is covered, the middle cut out.
    CROP = "crop"
    # Scaled until it fits, at the top left, the rest black.
    PAD = "pad"


class Filter(StrEnum):
    NEAREST = "nearest"
    BOX = "box"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    LANCZOS = "lanczos"


class Activation(StrEnum):
    """What turns outputs into probabilities; `none` where the graph does so itself."""

    SOFTMAX = "softmax"
    SIGMOID = "sigmoid"
    NONE = "none"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class InputSpec(_Part):
    """A model's input tensor, float32 [1, ...].

    Attributes:
        name: empty takes the graph's only input.
        full_scale: what white is before normalisation: 1, or 255 for raw values.
        mean: per channel, in `channels` order; then divided by `std`.
        enlarge: with `crop`, the shorter side is first scaled to this times the input's side.
    """

    name: str = ""
    width: int = Field(ge=8, le=4096)
    height: int = Field(ge=8, le=4096)
    layout: Layout = Layout.NCHW
    channels: Channels = Channels.RGB
    full_scale: float = Field(default=1.0, gt=0)
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)
    resize: Resize = Resize.STRETCH
    filter: Filter = Filter.BILINEAR
    enlarge: float = Field(default=1.0, ge=1)

    @model_validator(mode="after")
    def _divisible(self) -> Self:
        if 0.0 in self.std:
            raise ValueError("std must not be 0")
        return self


class OutputSpec(_Part):
    """A model's output.

    Attributes:
        name: empty takes the graph's first output.
        labels: in the order of the output's columns.
        exclusive: labels exclude each other, so that those of one category add up;
            otherwise the highest counts. By default so unless the activation is sigmoid.
        temperature: divides logits before the activation; fitted on labelled pictures.
    """

    name: str = ""
    activation: Activation = Activation.NONE
    labels: tuple[str, ...] = Field(min_length=1)
    exclusive: bool | None = None
    temperature: float = Field(default=1.0, gt=0)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if len(set(self.labels)) != len(self.labels):
            raise ValueError("a label is listed twice")
        if self.activation is Activation.NONE and self.temperature != 1.0:
            raise ValueError("temperature needs logits: it has no meaning with activation none")
        return self

    @property
    def adds_up(self) -> bool:
        return self.activation is not Activation.SIGMOID if self.exclusive is None else self.exclusive


def _categories(value: object) -> object:
    """A name, a list of names, or null for a harmless label."""
    names = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple):
        return names
    return tuple(
        Category.__members__.get(name.upper(), name) if isinstance(name, str) else name for name in names
    )


Categories = Annotated[tuple[Category, ...], BeforeValidator(_categories)]


class ModelContract(_Part):
    """All that must be known of a model before it may judge.

    Attributes:
        name: id in reasons, metrics and absent signals.
        file: model file, relative to the contract's own folder.
        sha256: of the model file, lower-case hex; checked before it is loaded.
        licence: of the weights (SPDX where there is one).
        training_data: what the weights were trained on, as far as their makers say.
        categories: for every label the categories it speaks for; null for a harmless one.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")
    version: str = Field(min_length=1, max_length=100)
    kind: Kind = Kind.CLASSIFIER
    file: Path
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    licence: str = Field(min_length=1)
    training_data: str = Field(min_length=1)
    input: InputSpec
    output: OutputSpec
    categories: Mapping[str, Categories]

    @model_validator(mode="after")
    def _mapped(self) -> Self:
        labels = set(self.output.labels)
        unmapped, unknown = sorted(labels - set(self.categories)), sorted(set(self.categories) - labels)
        if unmapped:
            raise ValueError(f"labels without a category (write null for a harmless one): {unmapped}")
        if unknown:
            raise ValueError(f"categories for labels the model does not have: {unknown}")
        if not self.covers:
            raise ValueError("no label speaks for any category")
        return self

    @property
    def covers(self) -> frozenset[Category]:
        """Categories this model answers for."""
        return frozenset(category for mapped in self.categories.values() for category in mapped)

    @property
    def id(self) -> str:
        """Name and version, as verdicts state it."""
        return f"{self.name}@{self.version}"


def load_contract(path: Path) -> ModelContract:
    """Read a JSON contract; its `file` becomes absolute. ContractError names file and fault."""
    try:
        contract = ModelContract.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise ContractError(f"model contract {path}: {error}") from error
    return contract.model_copy(update={"file": path.parent / contract.file})
