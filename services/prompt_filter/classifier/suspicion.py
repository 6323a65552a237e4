"""Which passages of a text are read: the most suspicious that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import ANY, OUTPUTS
from services.prompt_filter.classifier.linear import LinearModel, LookedUp
from services.prompt_filter.classifier.ngrams import Int64
from services.prompt_filter.classifier.readout import Readout

Floats = npt.NDArray[np.float64]

_ANY: Final = OUTPUTS.index(ANY)
# Letters a piece of the vocabulary: words have four, random ones never more than two.
_OF_NOISE: Final = 2


class Suspicion:
    """What the linear model suspects of the passages of one canonical text.

    Every stage cuts the text anew; its words are looked up once for all of them, or were before.
    """

    def __init__(
        self, linear: LinearModel, readout: Readout, text: str, words: LookedUp | None = None
    ) -> None:
        self._linear = linear
        self._readout = readout
        self._text = text
        self._known = words

    def worst(self, passages: Sequence[str], most: int) -> list[str]:
        """The most suspicious passages of all that the text is cut into, noise left out.

        Encoders know words, and who pads a text with noise is not to choose what they read.
        """
        words, lengths = self._words_of(passages)
        suspicion = self._readout(self._linear.logits_of(words, lengths))[:, _ANY]
        order = np.argsort(-suspicion, kind="stable")
        noise = _noise(passages, words.pieces(lengths))
        return [passages[index] for index in order[~noise[order]][:most]]

    def _words_of(self, passages: Sequence[str]) -> tuple[LookedUp, Int64]:
        """The words of all passages, and how many each has."""
        lengths = np.array([passage.count(" ") + 1 for passage in passages])
        if lengths.sum() == len(self._words.rows):
            return self._words, lengths
        # Where a passage was cut within a word there are more words than the text has.
        split = [passage.split() for passage in passages]
        return self._linear.look_up(list(chain.from_iterable(split))), np.array(list(map(len, split)))

    @cached_property
    def _words(self) -> LookedUp:
        return self._known if self._known is not None else self._linear.look_up(self._text.split())


def _noise(passages: Sequence[str], pieces: Int64) -> npt.NDArray[np.bool_]:
    """Which passages have no letters, or Latin ones that pieces of the vocabulary only spell out.

    Other scripts are spelled out too, and are no noise.
    """
    letters = np.array([len(passage) - passage.count(" ") for passage in passages])
    spelled_out = np.asarray(letters <= _OF_NOISE * pieces) & list(map(str.isascii, passages))
    return np.asarray(spelled_out | [not any(map(str.isalpha, passage)) for passage in passages])
