"""The deep encoder: kept as it was pre-trained, with a regression for each head on two of its layers.

Fine-tuning bends an encoder towards the sources it is shown. Of what comes from elsewhere, a larger
one left as it is understands more (docs/models/prompt-filter.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from onnx import ModelProto
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing

from services.prompt_filter.training import e5, frozen_heads, onnx_export, unsafe_head
from services.prompt_filter.training.corpus import Corpus
from services.prompt_filter.training.frozen_heads import FrozenHeads, FrozenSettings
from services.prompt_filter.training.onnx_session import session

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class DeepSettings:
    """`pooled` layers, counted from 1, are what the heads read."""

    pooled: tuple[int, ...] = (6, 12)
    tokens: int = 48
    heads: FrozenSettings = field(default_factory=FrozenSettings)


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
) -> FrozenHeads:
    """The heads on the token means of the pooled layers."""
    rows = frozen_heads.drawn(balanced, settings.heads)
    features = _features(folder, [train.texts[row] for row in rows], settings)
    return frozen_heads.fit(features, train.take(rows), balanced[rows], settings.heads, unsafe)


def graph(folder: Path, heads: FrozenHeads, settings: DeepSettings) -> ModelProto:
    """From token ids to the logit of each head."""
    head = heads.weights.astype(np.float32), heads.biases.astype(np.float32)
    return onnx_export.encoder_graph(e5.load(folder), settings.pooled, head)


def _features(folder: Path, texts: Sequence[str], settings: DeepSettings) -> Array:
    pooling = onnx_export.encoder_graph(e5.load(folder), settings.pooled, None)
    runtime = session(onnx_export.quantised(pooling))
    encode = tokenizer(folder, settings.tokens).encode
    return unsafe_head.pooled(runtime, [encode(text).ids for text in texts])
