"""From the stages' raw scores to probabilities: a logistic regression for each output over all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import ANY, ANY_IN_PROSE, OUTPUTS, READ
from services.prompt_filter.classifier.style import is_prose

Floats = npt.NDArray[np.float64]

_ANY = OUTPUTS.index(ANY)
_ANY_IN_PROSE = READ.index(ANY_IN_PROSE)


@dataclass(frozen=True)
class Readout:
    """Log-odds of each output as a weighted sum of raw scores.

    A head says something about its neighbours too: hateful prose is seldom sexual, however coarse.
    `weights` has shape (raw scores, READ), `intercept` (READ,); ValueError otherwise.
    """

    weights: Floats
    intercept: Floats

    def __post_init__(self) -> None:
        if self.weights.shape[1:] != (len(READ),) or self.intercept.shape != (len(READ),):
            raise ValueError("a readout needs a weight for each raw score and output, and an intercept")

    def __call__(self, raw: Floats) -> Floats:
        """Probabilities in 0..1 of shape (texts, outputs) for raw scores of shape (texts, raw scores)."""
        # A stack of rows, each by itself: the product of many rows may round differently from that of one.
        log_odds = np.matmul(raw[:, None, :], self.weights)[:, 0] + self.intercept
        log_odds[:, _ANY] = np.where(is_prose(raw), log_odds[:, _ANY_IN_PROSE], log_odds[:, _ANY])
        return np.asarray(1 / (1 + np.exp(-np.clip(log_odds[:, : len(OUTPUTS)], -30, 30))))


def agreeing(probabilities: Floats) -> Floats:
    """The same, with no output likelier than any harm at all; shape (texts, outputs)."""
    return np.asarray(np.minimum(probabilities, probabilities[:, [_ANY]]))
