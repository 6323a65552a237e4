"""A pre-trained encoder as arrays: twelve attention heads a layer, as in BERT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

ATTENTION_HEADS: Final = 12
NORM_EPSILON: Final = 1e-12

Array = npt.NDArray[np.float32]


class EncoderNotFoundError(Exception):
    """A pre-trained encoder is neither at the given path nor installed, or is another one."""


@dataclass(frozen=True)
class Layer:
    """One transformer layer: weights act from the right, shape (inputs, outputs)."""

    qkv: Array
    qkv_bias: Array
    attended: Array
    attended_bias: Array
    attended_scale: Array
    attended_shift: Array
    up: Array
    up_bias: Array
    down: Array
    down_bias: Array
    output_scale: Array
    output_shift: Array


@dataclass(frozen=True)
class Encoder:
    """Embedding tables, their normalisation, and the layers from the bottom up."""

    words: Array
    positions: Array
    scale: Array
    shift: Array
    layers: tuple[Layer, ...]
