"""What the stages of the prompt model score, and what is read out of their scores."""

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
"""A text that holds harm of any kind, hate, threats and self-harm included."""

PROSE: Final = "prose"
"""A sentence, story or request rather than an image prompt: scores mean other things in each."""

HEADS: Final = (*CATEGORIES, UNSAFE, HARM, PROSE)
"""What every stage scores, in the order of its weight columns; the linear one twice."""

ANY: Final = "any"
"""Harm of any kind: what raters of prompts call unsafe, and harm in prose."""

OUTPUTS: Final = (*CATEGORIES, ANY)
"""The probabilities read out of the raw scores of all stages so far."""

ANY_IN_PROSE: Final = "any_in_prose"
"""What `any` is in prose: ordinary prose is of everything, harmless image prompts are alike."""

READ: Final = (*OUTPUTS, ANY_IN_PROSE, UNSAFE)
"""What the raw scores are weighed for; `any` is made of the last two and its own."""
