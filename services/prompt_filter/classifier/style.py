"""Which texts are prose: their scores mean other things than those of image prompts."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import HEADS, PROSE

_PROSE: Final = HEADS.index(PROSE)


def is_prose(raw: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """What the linear model takes for a sentence rather than an image prompt, by its raw scores."""
    return np.asarray(raw[:, _PROSE] > 0)
