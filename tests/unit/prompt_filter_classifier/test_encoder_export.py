"""The exported graph against the JAX code that trained it; needs the `train` extra."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("jax")
pytest.importorskip("safetensors")

import jax
from onnx import save
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from services.prompt_filter.classifier.onnx_encoder import OnnxTextEncoder
from services.prompt_filter.training import encoder_training as training
from services.prompt_filter.training import onnx_export
from services.prompt_filter.training.onnx_session import session
from services.prompt_filter.training.transformer import Encoder, Layer

WIDTH, WORDS, HEADS = 24, 40, 3
IDS = [1, 7, 9, 30, 2]
SETTINGS = training.EncoderSettings(frozen=1, layers=2, tokens=16, batch=8, steps=3)


def _encoder(layers: int = 3) -> Encoder:
    random = np.random.default_rng(9)

    def draw(*shape: int) -> np.ndarray:
        return random.normal(0, 0.2, shape).astype(np.float32)

    def layer() -> Layer:
        wide = 2 * WIDTH
        return Layer(
            draw(WIDTH, 3 * WIDTH),
            draw(3 * WIDTH),
            draw(WIDTH, WIDTH),
            draw(WIDTH),
            1 + draw(WIDTH),
            draw(WIDTH),
            draw(WIDTH, wide),
            draw(wide),
            draw(wide, WIDTH),
            draw(WIDTH),
            1 + draw(WIDTH),
            draw(WIDTH),
        )

    stack = tuple(layer() for _ in range(layers))
    return Encoder(draw(WORDS, WIDTH), draw(32, WIDTH), 1 + draw(WIDTH), draw(WIDTH), stack)


def _data() -> training.TokenisedSet:
    ids = [[1, 3 + n % 5, 20 + n % 7, 2] for n in range(60)]
    targets = np.array([[n % 5 > 2] * HEADS for n in range(60)], dtype=float)
    return training.TokenisedSet(ids, targets, np.ones_like(targets))


def test_the_graph_computes_what_was_trained() -> None:
    trained = training.train(_encoder(), _data(), SETTINGS)
    encoder = trained.encoder
    graph = onnx_export.encoder_graph(encoder, [2], (trained.head, trained.bias))
    (found,) = session(graph).run(None, {"ids": np.array([IDS])})
    mask = np.ones((1, len(IDS)), dtype=np.float32)
    below = {
        "words": encoder.words,
        "positions": encoder.positions,
        "scale": encoder.scale,
        "shift": encoder.shift,
        "layers": [vars(encoder.layers[0])],
    }
    above = {"layers": [vars(encoder.layers[1])], "head": trained.head, "bias": trained.bias}
    hidden = training.lower(below, np.array([IDS]), mask)
    expected = training.upper(above, hidden, mask, 0.0, jax.random.key(0))
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_training_leaves_the_frozen_layer_alone_and_moves_the_other() -> None:
    before = _encoder()
    after = training.train(before, _data(), SETTINGS).encoder
    np.testing.assert_array_equal(after.layers[0].up, before.layers[0].up)
    assert np.abs(after.layers[1].up - before.layers[1].up).max() > 0
    assert len(after.layers) == SETTINGS.layers


def test_the_quantised_file_answers_nearly_alike(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    head = random.normal(0, 0.3, (WIDTH, HEADS)).astype(np.float32)
    graph = onnx_export.encoder_graph(_encoder(), [3], (head, np.zeros(HEADS, np.float32)))
    save(onnx_export.quantised(graph), tmp_path / "encoder.onnx")
    _tokenizer().save(str(tmp_path / "tokenizer.json"))
    served = OnnxTextEncoder.load(tmp_path / "encoder.onnx", tmp_path / "tokenizer.json", 16)
    (full,) = session(graph).run(None, {"ids": np.array([[1, 5, 6, 7, 2]])})
    np.testing.assert_allclose(served.logits("w5 w6 w7"), full[0], atol=0.15)
    assert (served.logits("w5 w6 w7") == served.logits("w5 w6 w7")).all()


def _tokenizer() -> Tokenizer:
    words = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, **{f"w{n}": n for n in range(3, WORDS)}}
    made = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    ends = [("[CLS]", 1), ("[SEP]", 2)]
    made.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=ends)
    return made
