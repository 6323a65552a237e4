"""What the joint scorer decides by."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from services.chassis.policy import Policy
from services.contracts.vocabulary import Category

DEFAULT_POLICY = Path(__file__).parent / "data" / "policy.json"

NEVER = 1.01


def _by_category(value: object) -> object:
    """Files write categories by their names."""
    if not isinstance(value, dict):
        return value
    return {
        Category.__members__.get(key.upper(), key) if isinstance(key, str) else key: line
        for key, line in value.items()
    }


def _supports(value: object) -> object:
    if not isinstance(value, dict):
        return value
    named = {key: _all_by_name(names) for key, names in value.items()}
    return _by_category(named)


def _all_by_name(names: object) -> object:
    if not isinstance(names, list):
        return names
    return tuple(
        Category.__members__.get(name.upper(), name) if isinstance(name, str) else name for name in names
    )


Lines = Annotated[Mapping[Category, float], BeforeValidator(_by_category)]
"""A line per category; a category that is not in it has none."""


class JointPolicy(Policy):
    """Thresholds on the joint score, and how the two channels make it.

    Attributes:
        interaction: how much of the prompt's score counts towards the joint one beside the
            image's, 0..1: joint = max(prompt, image, 1 - (1 - image)(1 - interaction·prompt)).
        supports: categories of the image that bear out one of the prompt. A picture seldom shows
            that a person is a minor, or real; the prompt says so, and the picture says the rest:
            joint is at least 1 - (1 - prompt)(1 - prompt·support).
        prompt_block: score at which the prompt alone blocks, whatever the picture; `image_block`
            likewise.
        corroboration: joint scores past `block` do so only where the weaker channel has at least
            this; where it has not, the channels disagree and a person decides (REVIEW).
        timeout_seconds: how long a half waits for the other before it is decided without it.
        retention_seconds: how long a decided generation is remembered, so that a late half or a
            repeated one is known as such.
    """

    interaction: float = Field(default=0.5, ge=0, le=1)
    supports: Annotated[Mapping[Category, tuple[Category, ...]], BeforeValidator(_supports)] = {}
    prompt_block: Lines
    image_block: Lines
    corroboration: float = Field(default=0.2, ge=0, le=1)
    timeout_seconds: float = Field(default=120.0, gt=0)
    retention_seconds: float = Field(default=86_400.0, gt=0)

    @model_validator(mode="after")
    def _lines_bite(self) -> Self:
        """A floor below the joint threshold would contradict it: the joint score is never lower."""
        for category, rule in self.categories.items():
            for name, lines in (("prompt_block", self.prompt_block), ("image_block", self.image_block)):
                if lines.get(category, NEVER) < rule.review:
                    raise ValueError(f"{name}.{category.label} must not be below the review threshold")
        return self
