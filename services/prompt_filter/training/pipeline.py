"""All stages in order: prepare, train both stages, export, blend, calibrate, report."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import ANY, HEADS, OUTPUTS, UNSAFE
from services.prompt_filter.classifier.linear import LinearModel
from services.prompt_filter.classifier.model import PromptClassifier
from services.prompt_filter.classifier.onnx_encoder import OnnxTextEncoder
from services.prompt_filter.classifier.reading import Reader, ReadingPlan
from services.prompt_filter.training import (
    artifacts,
    blending,
    encoder_training,
    linear_training,
    minilm,
    onnx_export,
    unsafe_head,
    weights,
)
from services.prompt_filter.training.corpus import Corpus, Split
from services.prompt_filter.training.evaluation import evaluate
from services.prompt_filter.training.onnx_session import session
from services.prompt_filter.training.preparation import prepare
from services.prompt_filter.training.provenance import describe
from services.prompt_filter.training.stage_cache import cached

Array = npt.NDArray[np.float64]

_HEADS = slice(len(HEADS))
_ANY = OUTPUTS.index(ANY)

ENCODER_NAME = "encoder.onnx"
TOKENIZER_NAME = "tokenizer.json"
HARMLESS_FOR_UNSAFE = 4000


@dataclass(frozen=True)
class Settings:
    """Every number that decides the result, beside the data."""

    seed: int = 7
    plan: ReadingPlan = field(
        default_factory=lambda: ReadingPlan(
            characters=130, tokens=32, passages=5, stride=10_000, urgent=0.8, urgent_stride=250
        )
    )
    linear: linear_training.LinearSettings = field(default_factory=linear_training.LinearSettings)
    encoder: encoder_training.EncoderSettings = field(default_factory=encoder_training.EncoderSettings)
    unsafe: unsafe_head.UnsafeHeadSettings = field(default_factory=unsafe_head.UnsafeHeadSettings)
    blend: blending.BlendSettings = field(default_factory=blending.BlendSettings)


@dataclass(frozen=True)
class Folders:
    """Where things lie: the data, the model to write, MiniLM if not installed, the cache."""

    data: Path
    out: Path
    minilm: Path | None
    cache: Path | None


def run(folders: Folders, settings: Settings) -> None:
    """Train on the data folder and write the model folder."""
    out = folders.out
    out.mkdir(parents=True, exist_ok=True)
    parts = prepare(folders.data, settings.seed)
    balanced = weights.source_balanced(parts.train)
    print(f"texts: {len(parts.train)} to train, {len(parts.calibration)}, {len(parts.sealed)}")
    linear = _linear(parts.train, balanced, settings, folders.cache)
    artifacts.write_linear(out, linear)
    _encoder(parts.train, balanced, folders, settings)
    _describe(parts, linear, folders, settings)
    scores = PromptClassifier.load(out).probabilities(parts.sealed.texts)
    report = json.dumps(evaluate(scores, parts.sealed, settings.seed), indent=1)
    (out / "metrics.json").write_text(report + "\n", encoding="utf-8")


def _linear(train: Corpus, balanced: Array, settings: Settings, cache: Path | None) -> LinearModel:
    def fit() -> LinearModel:
        matrix = linear_training.features(train.texts, settings.linear.shape)
        targets = train.targets[:, _HEADS].astype(np.float64)
        found, bias = linear_training.fit(matrix, targets, balanced[:, _HEADS], settings.linear)
        return linear_training.compand(found, bias, settings.linear.shape)

    return cached(cache, "linear", train, settings.linear, fit)


def _encoder(train: Corpus, balanced: Array, folders: Folders, settings: Settings) -> None:
    """Fine-tune on all tasks but `unsafe`, fit that one on the result, export the heads in 8 bits."""
    pretrained, out = minilm.locate(folders.minilm), folders.out
    tokenizer = minilm.tokenizer(pretrained, settings.encoder.tokens)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(list(train.texts))]
    column = HEADS.index(UNSAFE)

    def tune() -> encoder_training.TrainedEncoder:
        share = balanced.copy()
        share[:, column] = 0
        tokens = encoder_training.TokenisedSet(ids, train.targets.astype(np.float64), share)
        return encoder_training.train(minilm.load(pretrained), tokens, settings.encoder)

    trained = cached(folders.cache, "encoder", train, settings.encoder, tune)
    upper = [settings.encoder.layers - 1, settings.encoder.layers]
    features = session(onnx_export.encoder_graph(trained.encoder, upper, None))
    rows = unsafe_head.rows_to_read(balanced[:, column], HARMLESS_FOR_UNSAFE, settings.seed)
    weight, bias = unsafe_head.fit(
        unsafe_head.pooled(features, [ids[row] for row in rows]),
        train.targets[rows, column].astype(np.float64),
        _reweighed(balanced[rows, column], settings.unsafe.background),
        settings.unsafe,
    )
    head = _joined_head(trained, column, weight, bias)
    graph = onnx_export.encoder_graph(trained.encoder, upper, head)
    onnx_export.write_quantised(graph, out / ENCODER_NAME)
    shutil.copyfile(pretrained / TOKENIZER_NAME, out / TOKENIZER_NAME)


def _reweighed(weight: Array, background: float) -> Array:
    """The sampled harmless texts together carry `background` for each rated one."""
    rated = weight == 1
    scale = background * rated.sum() / max(weight[~rated].sum(), 1e-9)
    return np.where(rated, 1.0, weight * scale)


def _joined_head(
    trained: encoder_training.TrainedEncoder, column: int, weight: Array, bias: float
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """One matrix over the last two poolings: `unsafe` reads both, the rest only the last."""
    above = trained.head[:, _HEADS].copy()
    below = np.zeros_like(above)
    below[:, column], above[:, column] = np.split(weight, 2)
    biases = trained.bias[_HEADS].copy()
    biases[column] = bias
    return np.concatenate([below, above]), biases


def _describe(parts: Split, linear: LinearModel, folders: Folders, settings: Settings) -> None:
    """Readouts and gates from the calibration part, then the manifest."""
    corpus, out = parts.calibration, folders.out
    raw = linear.logits(corpus.texts)
    settled = blending.readout(raw, corpus, np.ones(len(corpus), dtype=bool), settings.blend)
    scores = settled(raw)
    gate = blending.gates(scores, corpus, settings.blend)
    passed = np.asarray((scores >= gate).any(axis=1))
    runtime = OnnxTextEncoder.load(out / ENCODER_NAME, out / TOKENIZER_NAME, settings.plan.tokens)
    reader = Reader(runtime, settings.plan, lambda texts: settled(linear.logits(texts))[:, _ANY])
    read = np.zeros_like(raw)
    for row in np.flatnonzero(passed):
        read[row] = reader.read(corpus.texts[row], scores[row, _ANY])
    entry = {
        "model": ENCODER_NAME,
        "tokenizer": TOKENIZER_NAME,
        "plan": asdict(settings.plan),
        "gate": dict(zip(OUTPUTS, gate.tolist(), strict=True)),
        "readout": artifacts.readout_fields(
            blending.readout(np.hstack([raw, read]), corpus, passed, settings.blend)
        ),
    }
    about = {**describe(folders.data), "settings": asdict(settings)}
    artifacts.write_manifest(out, settled, entry, about)
