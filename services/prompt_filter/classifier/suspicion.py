"""How suspicious the passages of a text are, by which those to be read are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import ANY, OUTPUTS
from services.prompt_filter.classifier.linear import LinearModel, LookedUp
from services.prompt_filter.classifier.readout import Readout

Floats = npt.NDArray[np.float64]

_ANY: Final = OUTPUTS.index(ANY)


class Suspicion:
    """The linear model's probability of any harm in passages of one canonical text.

    Every stage cuts the text anew; its words are looked up once for all of them, or were before.
    """

    def __init__(
        self, linear: LinearModel, readout: Readout, text: str, words: LookedUp | None = None
    ) -> None:
        self._linear = linear
        self._readout = readout
        self._text = text
        self._known = words

    def __call__(self, passages: Sequence[str]) -> Floats:
        lengths = np.array([passage.count(" ") + 1 for passage in passages])
        # Where a passage was cut within a word there are more words than the text has.
        whole = lengths.sum() == len(self._words.rows)
        raw = self._linear.logits_of(self._words, lengths) if whole else self._linear.logits(passages)
        return np.asarray(self._readout(raw)[:, _ANY])

    @cached_property
    def _words(self) -> LookedUp:
        return self._known if self._known is not None else self._linear.look_up(self._text.split())
