"""Which texts go on to the next stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.style import is_prose

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Gate:
    """Opens to a text that reaches `least` in any output, and to prose that reaches `of_prose` in any.

    Both are probabilities of shape (outputs,); without `of_prose` nothing is special about prose.
    """

    least: Floats
    of_prose: Floats | None = None

    def opens(self, scores: Floats, raw: Floats) -> Rows:
        """For texts with these probabilities and raw scores so far, the linear model's first."""
        suspicious = np.asarray((scores >= self.least).any(axis=1))
        if self.of_prose is None:
            return suspicious
        return suspicious | (is_prose(raw) & (scores >= self.of_prose).any(axis=1))
