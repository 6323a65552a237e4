"""Weights of word pieces, from the vectors that pre-trained encoders give a piece by itself.

No training text needs to hold a word for its weight to be known, and at run time no encoder runs:
the vectors of a text's pieces add up, so a regression on their sum is a weight for each piece.
Vectors without context as in model2vec (Tulkens and van Dongen 2024), rare pieces weighing more as
in Arora et al. 2017, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from tokenizers import Tokenizer

from services.prompt_filter.classifier.word_pieces import PieceWeights, WordCutter
from services.prompt_filter.training import e5, frozen_heads, minilm, onnx_export, unsafe_head
from services.prompt_filter.training.corpus import Corpus
from services.prompt_filter.training.frozen_heads import FrozenSettings
from services.prompt_filter.training.linear_training import companded
from services.prompt_filter.training.onnx_session import session
from services.prompt_filter.training.transformer import Array as Floats32
from services.prompt_filter.training.transformer import Encoder, EncoderNotFoundError

Array = npt.NDArray[np.float64]

_BEFORE: Final = "[CLS]"
_AFTER: Final = "[SEP]"


@dataclass(frozen=True)
class StaticSettings:
    """Layers of either encoder, counted from 1, whose vectors are joined. A piece that a share
    `common` of the texts holds weighs half of what a rare one does.
    """

    minilm_layers: tuple[int, ...] = (1,)
    e5_layers: tuple[int, ...] = (1, 12)
    common: float = 1e-2
    heads: FrozenSettings = field(default_factory=FrozenSettings)


@dataclass(frozen=True)
class PieceVectors:
    """A vocabulary and a vector for each of its pieces, shape (pieces, features)."""

    vocabulary: tuple[str, ...]
    vectors: Floats32


def read(minilm_folder: Path, e5_folder: Path, settings: StaticSettings) -> PieceVectors:
    """What either encoder makes of each piece, side by side; they share a vocabulary.

    Raises EncoderNotFoundError where their vocabularies differ.
    """
    vocabulary = _vocabulary(minilm_folder)
    if _vocabulary(e5_folder) != vocabulary:
        raise EncoderNotFoundError(f"{e5_folder} has another vocabulary than {minilm_folder}")
    small = _vectors(minilm.load(minilm_folder), settings.minilm_layers, vocabulary)
    deep = _vectors(e5.load(e5_folder), settings.e5_layers, vocabulary)
    return PieceVectors(vocabulary, np.hstack([small, deep]))


def _vocabulary(folder: Path) -> tuple[str, ...]:
    numbers = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
    return tuple(sorted(numbers, key=numbers.__getitem__))


def _vectors(encoder: Encoder, layers: Sequence[int], vocabulary: Sequence[str]) -> Floats32:
    """Token means of each piece by itself, centred and scaled layer by layer."""
    runtime = session(onnx_export.encoder_graph(encoder, layers, None))
    before, after = vocabulary.index(_BEFORE), vocabulary.index(_AFTER)
    rows = [[before, piece, after] for piece in range(len(vocabulary))]
    pooled = unsafe_head.pooled(runtime, rows).astype(np.float32)
    blocks = np.split(pooled, len(layers), axis=1)
    return np.concatenate([_standard(block) for block in blocks], axis=1)


def fit(
    train: Corpus,
    balanced: Array,
    pieces: PieceVectors,
    settings: StaticSettings,
    unsafe: unsafe_head.UnsafeHeadSettings,
) -> PieceWeights:
    """What each piece weighs for each head."""
    vocabulary = pieces.vocabulary
    counted = bags(train.texts, vocabulary)
    share = np.bincount(counted.indices, minlength=len(vocabulary)) / max(1, len(train))
    smoothed = pieces.vectors * (settings.common / (settings.common + share))[:, None]
    smoothed[~_spelled(vocabulary)] = 0
    rows = frozen_heads.drawn(balanced, settings.heads)
    features = np.asarray(counted[rows] @ smoothed)
    heads = frozen_heads.fit(features, train.take(rows), balanced[rows], settings.heads, unsafe)
    weights, scale = companded((smoothed @ heads.weights).astype(np.float32))
    return PieceWeights(vocabulary, weights, scale, heads.biases)


def bags(texts: Sequence[str], vocabulary: Sequence[str]) -> csr_matrix:
    """Counts / sqrt(number of pieces) of canonical texts, shape (texts, pieces)."""
    cutter = WordCutter(vocabulary)
    rows = [cutter.cut(text.split())[0] for text in texts]
    counts = np.array(list(map(len, rows)))
    flat = np.concatenate(rows).astype(np.int32)
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    starts = np.concatenate([[0], np.cumsum(counts)])
    matrix = csr_matrix((values, flat, starts), shape=(len(texts), len(vocabulary)))
    matrix.sum_duplicates()
    return matrix


def _spelled(vocabulary: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which pieces are letters of a text, not signs of the encoders such as [UNK]."""
    return np.array([not (piece.startswith("[") and piece.endswith("]")) for piece in vocabulary])


def _standard(block: Floats32) -> Floats32:
    centred = block - block.mean(axis=0)
    return np.asarray(centred / centred.std())
