"""From the stages' raw scores to probabilities: a logistic regression for each output over all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import ANY, ANY_IN_PROSE, OUTPUTS, READ, UNSAFE
from services.prompt_filter.classifier.style import is_prose

Floats = npt.NDArray[np.float64]

_ANY = OUTPUTS.index(ANY)
_ANY_IN_PROSE = READ.index(ANY_IN_PROSE)
_UNSAFE = READ.index(UNSAFE)


@dataclass(frozen=True)
class Readout:
    """Log-odds of each output as a weighted sum of raw scores.

    A head says something about its neighbours too: hateful prose is seldom sexual, however coarse.
    In image prompts no category is likelier than what sources call harm. Any harm is that or, as far
    as raters are trusted, what they would call unsafe: a noisy or of two causes, since no sum of scores
    ranks both kinds well (docs/decisions/016-raters.md).

    Attributes:
        weights: shape (raw scores, READ).
        intercept: shape (READ,); ValueError where the shapes do not fit.
        trust: the share of `unsafe` that counts as harm, 0..1; ValueError elsewhere.
    """

    weights: Floats
    intercept: Floats
    trust: float

    def __post_init__(self) -> None:
        if self.weights.shape[1:] != (len(READ),) or self.intercept.shape != (len(READ),):
            raise ValueError("a readout needs a weight for each raw score and output, and an intercept")
        if not 0 <= self.trust <= 1:
            raise ValueError(f"trust is a share from 0 to 1, not {self.trust}")

    def __call__(self, raw: Floats) -> Floats:
        """Probabilities in 0..1 of shape (texts, outputs) for raw scores of shape (texts, raw scores)."""
        # A stack of rows, each by itself: the product of many rows may round differently from that of one.
        log_odds = np.matmul(raw[:, None, :], self.weights)[:, 0] + self.intercept
        likely = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
        prose = is_prose(raw)
        most = np.where(prose, 1.0, likely[:, _ANY])
        outputs = np.minimum(likely[:, : len(OUTPUTS)], most[:, None])
        harm = np.where(prose, likely[:, _ANY_IN_PROSE], likely[:, _ANY])
        outputs[:, _ANY] = harm + (1 - harm) * self.trust * likely[:, _UNSAFE]
        return np.asarray(outputs)
