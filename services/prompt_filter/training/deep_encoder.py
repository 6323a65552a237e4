"""The deep encoder: kept as it was pre-trained, with a regression for each head on two of its layers.

Fine-tuning bends an encoder towards the sources it is shown. Of what comes from elsewhere, a larger
one left as it is understands more (docs/models/prompt-filter.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from onnx import ModelProto
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing

from services.prompt_filter.classifier.heads import HEADS, UNSAFE
from services.prompt_filter.training import e5, onnx_export, unsafe_head
from services.prompt_filter.training.corpus import Corpus
from services.prompt_filter.training.logistic import logistic
from services.prompt_filter.training.onnx_session import session
from services.prompt_filter.training.transformer import Array as Floats32

Array = npt.NDArray[np.float64]

_UNSAFE = HEADS.index(UNSAFE)


@dataclass(frozen=True)
class DeepSettings:
    """`pooled` layers, counted from 1, are what the heads read; `texts` are drawn to fit them."""

    pooled: tuple[int, ...] = (6, 12)
    tokens: int = 48
    texts: int = 24_000
    inverse_penalty: float = 1e-3
    seed: int = 7


@dataclass(frozen=True)
class DeepHeads:
    """Weights (features, heads) and biases (heads,) on the joined token means."""

    weights: Floats32
    biases: Floats32


def tokenizer(folder: Path, tokens: int) -> Tokenizer:
    """E5's tokenizer, which puts before every text the word that its training put there."""
    loaded = Tokenizer.from_file(str(folder / "tokenizer.json"))
    parts = {"[CLS]": ["[CLS]"], "[QUERY]": ["query", ":"], "[SEP]": ["[SEP]"]}
    loaded.post_processor = TemplateProcessing(
        single="[CLS] [QUERY] $A [SEP]",
        special_tokens=[
            {"id": name, "ids": [loaded.token_to_id(token) for token in tokens], "tokens": tokens}
            for name, tokens in parts.items()
        ],
    )
    loaded.no_padding()
    loaded.enable_truncation(tokens)
    return loaded


def fit(
    train: Corpus,
    balanced: Array,
    folder: Path,
    settings: DeepSettings,
    unsafe: unsafe_head.UnsafeHeadSettings,
) -> DeepHeads:
    """A head each from texts drawn by their total weight, and from all rated ones."""
    rows = _drawn(balanced, settings)
    features = _features(folder, [train.texts[row] for row in rows], settings)
    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled = (features - mean) / deviation
    found = []
    for column, head in enumerate(HEADS):
        target = train.head(head)[rows].astype(np.float64)
        share = _share(balanced[rows], column, unsafe.background) * ~np.isnan(target)
        known = share > 0
        weights, bias = logistic(scaled[known], target[known], share[known], settings.inverse_penalty)
        found.append((weights / deviation, bias - (mean / deviation) @ weights))
    return DeepHeads(
        np.array([weights for weights, _ in found], dtype=np.float32).T,
        np.array([bias for _, bias in found], dtype=np.float32),
    )


def graph(folder: Path, heads: DeepHeads, settings: DeepSettings) -> ModelProto:
    """From token ids to the logit of each head."""
    return onnx_export.encoder_graph(e5.load(folder), settings.pooled, (heads.weights, heads.biases))


def _drawn(balanced: Array, settings: DeepSettings) -> npt.NDArray[np.int64]:
    """Rows without repeats by their weight over all heads but `unsafe`, and every rated row."""
    mass = np.delete(balanced, _UNSAFE, axis=1).sum(axis=1)
    count = min(settings.texts, int((mass > 0).sum()))
    random = np.random.default_rng(settings.seed)
    drawn = random.choice(len(mass), size=count, replace=False, p=mass / mass.sum())
    return np.union1d(drawn, np.flatnonzero(balanced[:, _UNSAFE] == 1))


def _share(balanced: Array, column: int, background: float) -> Array:
    """Rows drawn by their weight count one each; beside rated ones the others weigh `background`."""
    if column != _UNSAFE:
        return np.ones(len(balanced))
    return unsafe_head.reweighed(balanced[:, column], background)


def _features(folder: Path, texts: Sequence[str], settings: DeepSettings) -> Array:
    pooling = onnx_export.encoder_graph(e5.load(folder), settings.pooled, None)
    runtime = session(onnx_export.quantised(pooling))
    encode = tokenizer(folder, settings.tokens).encode
    return unsafe_head.pooled(runtime, [encode(text).ids for text in texts])
