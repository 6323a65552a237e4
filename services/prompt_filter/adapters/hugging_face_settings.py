"""Settings of a classifier from elsewhere: where its files lie, and what its labels mean here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from services.chassis.policy import NamedCategory
from services.chassis.settings import Section

CONFIG, TOKENIZER = "config.json", "tokenizer.json"

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class HuggingFaceSettings(Section):
    """A Hugging Face export: config.json, tokenizer.json and an ONNX file, from one folder or the hub.

    A file that `sha256` names is compared with it, from wherever it comes; of the hub every file
    needs one, and the revision is a commit, never a branch.
    """

    path: Path | None = None
    repository: str = ""
    revision: str = Field(default="", pattern=r"^([0-9a-f]{40})?$")
    model: str = Field(default="model.onnx", pattern=r"^[\w.-]+(/[\w.-]+)*\.onnx$")
    sha256: Mapping[str, Digest] = {}
    # Every label of the model, with the category it stands for; null for a harmless one.
    labels: Mapping[str, NamedCategory | None] = Field(min_length=1)
    # From logits to probabilities: sigmoid where labels may hold together, softmax where one excludes
    # the rest.
    activation: Literal["sigmoid", "softmax"]
    # A longer text is read in overlapping windows of this many tokens, never cut.
    max_tokens: int = Field(default=256, ge=8, le=8192)
    # Address of the hub or of a mirror; empty: the library's own.
    endpoint: str = Field(default="", pattern=r"^(https?://.+)?$")
    cache: Path | None = None
    # Only what is in the cache; the hub is not asked.
    offline: bool = False

    @property
    def files(self) -> tuple[str, str, str]:
        """Names of the three files inside folder or repository."""
        return CONFIG, TOKENIZER, self.model

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.path is None) == (not self.repository):
            raise ValueError("name either path or repository")
        if self.repository:
            if not self.revision:
                raise ValueError("repository needs revision, the 40 digits of a commit")
            missing = [name for name in self.files if name not in self.sha256]
            if missing:
                raise ValueError(f"repository needs sha256 of {', '.join(missing)}")
        return self
