"""A model folder with random weights, small enough to make in a test."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from services.prompt_filter.classifier.heads import HEADS, READ
from services.prompt_filter.classifier.linear import SCORED, LinearModel, NgramWeights
from services.prompt_filter.classifier.ngrams import NgramShape
from services.prompt_filter.classifier.readout import Readout
from services.prompt_filter.classifier.word_pieces import UNKNOWN, PieceWeights
from services.prompt_filter.training.artifacts import write_linear, write_manifest

SHAPE = NgramShape(char_bits=10, word_bits=9)
VOCABULARY = (
    UNKNOWN,
    *"abcdrewy0123456789",
    *(f"##{piece}" for piece in "abcdrewy0123456789"),
    "word",
    "##ab",
)


def readout(scored: int = SCORED) -> Readout:
    """Every output rises with every raw score, and with none twice as fast as with its neighbour."""
    weights = np.linspace(1.0, 2.0, scored * len(HEADS) * len(READ))
    return Readout(weights.reshape(-1, len(READ)), np.zeros(len(READ)), trust=0.0)


def linear_model(seed: int = 3) -> LinearModel:
    """Weights drawn over the whole range of 8 bits."""
    random = np.random.default_rng(seed)
    columns = len(HEADS)
    ngrams = NgramWeights(
        SHAPE,
        random.integers(-127, 128, (1 << SHAPE.char_bits, columns)).astype(np.int8),
        random.integers(-127, 128, (1 << SHAPE.word_bits, columns)).astype(np.int8),
        np.full(columns, 1e-5),
        np.full(columns, 2e-5),
        np.linspace(-0.5, 0.5, columns),
    )
    weights = random.integers(-127, 128, (len(VOCABULARY), columns)).astype(np.int8)
    pieces = PieceWeights(VOCABULARY, weights, np.full(columns, 1e-5), np.linspace(0.5, -0.5, columns))
    return LinearModel(ngrams, pieces)


def write_folder(folder: Path) -> Path:
    """A complete folder without encoders."""
    write_linear(folder, linear_model())
    write_manifest(folder, readout(), [], {"licence": "none"})
    return folder
