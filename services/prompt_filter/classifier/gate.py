"""Which texts go on to the next stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import HEADS, PROSE

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.bool_]

_PROSE: Final = HEADS.index(PROSE)


def is_prose(raw: Floats) -> Rows:
    """What the linear model takes for a sentence rather than an image prompt, by its raw scores."""
    return np.asarray(raw[:, _PROSE] > 0)


@dataclass(frozen=True)
class Gate:
    """Opens to a text that reaches `least` in any output; with `all_prose`, to all prose besides.

    Attributes:
        least: probabilities, shape (outputs,).
    """

    least: Floats
    all_prose: bool = False

    def opens(self, scores: Floats, raw: Floats) -> Rows:
        """For texts with these probabilities and raw scores so far, the linear model's first."""
        suspicious = np.asarray((scores >= self.least).any(axis=1))
        return suspicious | is_prose(raw) if self.all_prose else suspicious
