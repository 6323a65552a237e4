"""All stages in order: prepare, train each stage, export, blend, calibrate, report."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, save

from services.prompt_filter.classifier.heads import ANY, HEADS, OUTPUTS, UNSAFE
from services.prompt_filter.classifier.linear import LinearModel, NgramWeights
from services.prompt_filter.classifier.model import PromptClassifier
from services.prompt_filter.classifier.onnx_encoder import OnnxTextEncoder
from services.prompt_filter.classifier.reading import Reader, ReadingPlan
from services.prompt_filter.classifier.suspicion import Suspicion
from services.prompt_filter.classifier.word_pieces import PieceWeights
from services.prompt_filter.training import (
    artifacts,
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
from services.prompt_filter.training.corpus import Corpus, Split
from services.prompt_filter.training.evaluation import evaluate
from services.prompt_filter.training.frozen_heads import FrozenHeads
from services.prompt_filter.training.onnx_session import session
from services.prompt_filter.training.preparation import ORDINARY_PROSE, Archives, prepare
from services.prompt_filter.training.provenance import describe
from services.prompt_filter.training.stage_cache import cached

Array = npt.NDArray[np.float64]

_HEADS = slice(len(HEADS))
_UNSAFE = HEADS.index(UNSAFE)
# What the fine-tuned encoder has learnt of violence holds least elsewhere.
_ALONE = {**dict.fromkeys(OUTPUTS, 0.25), "violence": 0.5, "graphic_violence": 0.5, ANY: 0.5}
# What n-grams have learnt holds less elsewhere than what pre-trained encoders know of words.
_LINEAR = blending.StageSettings(alone=dict.fromkeys(("sexual", "violence", "graphic_violence", ANY), 0.35))
_ANY = OUTPUTS.index(ANY)

HARMLESS_FOR_UNSAFE = 4000


@dataclass(frozen=True)
class EncoderStage:
    """An encoder's files in the model folder, what it reads of a text, and of which texts."""

    model: str
    tokenizer: str
    plan: ReadingPlan
    joined: blending.StageSettings


@dataclass(frozen=True)
class Settings:
    """Every number that decides the result, beside the data."""

    seed: int = 7
    linear: linear_training.LinearSettings = field(default_factory=linear_training.LinearSettings)
    pieces: static_embeddings.StaticSettings = field(default_factory=static_embeddings.StaticSettings)
    linear_joined: blending.StageSettings = _LINEAR
    encoder: encoder_training.EncoderSettings = field(default_factory=encoder_training.EncoderSettings)
    deep: deep_encoder.DeepSettings = field(default_factory=deep_encoder.DeepSettings)
    unsafe: unsafe_head.UnsafeHeadSettings = field(default_factory=unsafe_head.UnsafeHeadSettings)
    blend: blending.BlendSettings = field(default_factory=blending.BlendSettings)
    stages: tuple[EncoderStage, ...] = (
        EncoderStage(
            "encoder.onnx",
            "tokenizer.json",
            ReadingPlan(130, 32, passages=3, stride=10_000, urgent=0.8, urgent_stride=250),
            blending.StageSettings(passed=0.1, floors={"sexual_minors": 0.004, "nonconsensual": 0.01}),
        ),
        EncoderStage(
            "deep_encoder.onnx",
            "deep_tokenizer.json",
            ReadingPlan(200, 48, passages=1, stride=10_000, urgent=0.5, urgent_stride=10_000),
            # Where the shipped policy reviews: who would be taken for a minor is looked at twice.
            blending.StageSettings(least={"sexual_minors": 0.02}, prose_passed=0.03, alone=_ALONE),
        ),
    )


@dataclass(frozen=True)
class Folders:
    """Where things lie: the data, the model to write, the archives of prose and of E5, MiniLM if not
    installed, the cache.
    """

    data: Path
    out: Path
    prose: Archives
    e5: Path
    minilm: Path | None
    cache: Path | None


def run(folders: Folders, settings: Settings) -> None:
    """Train on the data folder and write the model folder."""
    out = folders.out
    out.mkdir(parents=True, exist_ok=True)
    parts = prepare(folders.data, folders.prose, settings.seed)
    balanced = weights.source_balanced(parts.train)
    print(f"texts: {len(parts.train)} to train, {len(parts.calibration)}, {len(parts.sealed)}")
    ngrams = _ngrams(parts.train, balanced, settings, folders.cache)
    linear = LinearModel(ngrams, _pieces(parts.train, balanced, folders, settings))
    artifacts.write_linear(out, linear)
    fine_tuned, deep = settings.stages
    # Tuned to ordinary prose as well, it would rank adversarial image prompts far worse.
    _encoder(parts.train.without(*ORDINARY_PROSE), folders, settings, fine_tuned)
    _deep_encoder(parts.train, balanced, folders, settings, deep)
    _describe(parts, linear, folders, settings)
    scores = PromptClassifier.load(out).probabilities(parts.sealed.texts)
    report = json.dumps(evaluate(scores, parts.sealed, settings.seed), indent=1)
    (out / "metrics.json").write_text(report + "\n", encoding="utf-8")


def _ngrams(train: Corpus, balanced: Array, settings: Settings, cache: Path | None) -> NgramWeights:
    def fit() -> NgramWeights:
        matrix = linear_training.features(train.texts, settings.linear.shape)
        targets = train.targets[:, _HEADS].astype(np.float64)
        found, bias = linear_training.fit(matrix, targets, balanced[:, _HEADS], settings.linear)
        return linear_training.compand(found, bias, settings.linear.shape)

    return cached(cache, "ngrams", train, settings.linear, fit)


def _pieces(train: Corpus, balanced: Array, folders: Folders, settings: Settings) -> PieceWeights:
    """What MiniLM and E5 make of word pieces by themselves, as weights."""

    def fit() -> PieceWeights:
        with TemporaryDirectory() as temporary:
            given = minilm.locate(folders.minilm), e5.unpack(folders.e5, Path(temporary))
            vectors = static_embeddings.read(*given, settings.pieces)
        return static_embeddings.fit(train, balanced, vectors, settings.pieces, settings.unsafe)

    return cached(folders.cache, "pieces", train, (settings.pieces, settings.unsafe), fit)


def _encoder(train: Corpus, folders: Folders, settings: Settings, stage: EncoderStage) -> None:
    """Fine-tune, fit the head `unsafe` on the result, export all heads in 8 bits."""
    pretrained, out = minilm.locate(folders.minilm), folders.out
    trained = fine_tuned(train, pretrained, settings, folders.cache)
    graph = with_unsafe_head(trained, train, pretrained, settings)
    save(onnx_export.quantised(graph), out / stage.model)
    shutil.copyfile(pretrained / "tokenizer.json", out / stage.tokenizer)


def fine_tuned(
    train: Corpus, pretrained: Path, settings: Settings, cache: Path | None
) -> encoder_training.TrainedEncoder:
    """MiniLM fine-tuned on all tasks but `unsafe`."""

    def tune() -> encoder_training.TrainedEncoder:
        share = weights.source_balanced(train)
        share[:, _UNSAFE] = 0
        ids = minilm.token_ids(pretrained, settings.encoder.tokens, train.texts)
        tokens = encoder_training.TokenisedSet(ids, train.targets.astype(np.float64), share)
        return encoder_training.train(minilm.load(pretrained), tokens, settings.encoder)

    return cached(cache, "encoder", train, settings.encoder, tune)


def with_unsafe_head(
    trained: encoder_training.TrainedEncoder, train: Corpus, pretrained: Path, settings: Settings
) -> ModelProto:
    """The fine-tuned encoder with all heads, that of `unsafe` fitted on the rated texts of `train`."""
    upper = [settings.encoder.layers - 1, settings.encoder.layers]
    features = session(onnx_export.encoder_graph(trained.encoder, upper, None))
    share = weights.source_balanced(train)[:, _UNSAFE]
    rows = unsafe_head.rows_to_read(share, HARMLESS_FOR_UNSAFE, settings.seed)
    ids = minilm.token_ids(pretrained, settings.encoder.tokens, [train.texts[row] for row in rows])
    weight, bias = unsafe_head.fit(
        unsafe_head.pooled(features, ids),
        train.targets[rows, _UNSAFE].astype(np.float64),
        unsafe_head.reweighed(share[rows], settings.unsafe.background),
        settings.unsafe,
    )
    head = _joined_head(trained, weight, bias)
    return onnx_export.encoder_graph(trained.encoder, upper, head)


def _deep_encoder(
    train: Corpus, balanced: Array, folders: Folders, settings: Settings, stage: EncoderStage
) -> None:
    """Fit the heads of E5 as it is, export them with it in 8 bits."""
    out = folders.out
    with TemporaryDirectory() as temporary:
        unpacked = e5.unpack(folders.e5, Path(temporary))

        def fit() -> FrozenHeads:
            return deep_encoder.fit(train, balanced, unpacked, settings.deep, settings.unsafe)

        heads = cached(folders.cache, "deep", train, (settings.deep, settings.unsafe), fit)
        graph = deep_encoder.graph(unpacked, heads, settings.deep)
        save(onnx_export.quantised(graph), out / stage.model)
        deep_encoder.tokenizer(unpacked, settings.deep.tokens).save(str(out / stage.tokenizer))


def _joined_head(
    trained: encoder_training.TrainedEncoder, weight: Array, bias: float
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """One matrix over the last two poolings: `unsafe` reads both, the rest only the last."""
    above = trained.head[:, _HEADS].copy()
    below = np.zeros_like(above)
    below[:, _UNSAFE], above[:, _UNSAFE] = np.split(weight, 2)
    biases = trained.bias[_HEADS].copy()
    biases[_UNSAFE] = bias
    return np.concatenate([below, above]), biases


def _describe(parts: Split, linear: LinearModel, folders: Folders, settings: Settings) -> None:
    """Readouts and gates from the calibration part, then the manifest."""
    corpus, blend = parts.calibration, settings.blend
    raw = linear.logits(corpus.texts)
    open_rows = np.ones(len(corpus), dtype=bool)
    settled = blending.staged_readout(raw, corpus, settings.linear_joined, blend)
    scores = settled(raw)

    suspicions = [Suspicion(linear, settled, text) for text in corpus.texts]
    entries: list[dict[str, object]] = []
    for stage in settings.stages:
        gate = blending.gate(scores, corpus, stage.joined)
        open_rows &= gate.opens(scores, raw)
        model, tokenizer = folders.out / stage.model, folders.out / stage.tokenizer
        runtime = OnnxTextEncoder.load(model, tokenizer, stage.plan.tokens)
        readers = [Reader(runtime, stage.plan, suspicion.worst) for suspicion in suspicions]
        raw = np.hstack([raw, _read(readers, corpus, scores[:, _ANY])])
        readout = blending.staged_readout(raw, corpus, stage.joined, blend)
        scores[open_rows] = readout(raw[open_rows])
        entries.append(artifacts.encoder_fields(stage.model, stage.tokenizer, stage.plan, gate, readout))
    about = {**describe(folders.data), "settings": asdict(settings)}
    artifacts.write_manifest(folders.out, settled, entries, about)


def _read(readers: Sequence[Reader], corpus: Corpus, suspicions: Array) -> Array:
    """Raw scores of shape (texts, heads); what is illegible throughout is read from its beginning."""
    read = []
    for reader, text, suspicion in zip(readers, corpus.texts, suspicions, strict=True):
        logits = reader.read(text, suspicion)
        read.append(reader.encoder.logits(text) if logits is None else logits)
    return np.stack(read)
