"""The outputs of the prompt model, in the order of its weight columns."""

from __future__ import annotations

from typing import Final

CATEGORIES: Final = (
    "sexual",
    "sexual_minors",
    "nonconsensual",
    "violence",
    "graphic_violence",
)

UNSAFE: Final = "unsafe"
"""A text-to-image prompt that human raters would call unsafe, however it is worded."""

HARM: Final = "harm"
"""Prose that holds harm of any kind, hate, threats and self-harm included."""

HEADS: Final = (*CATEGORIES, UNSAFE, HARM)
