"""A Hugging Face export of a model known by heart: each word has its logits, a text's are their sum."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

LABELS = ("calm", "storm", "flood")
# Logits of calm, storm and flood for each word.
WORDS = {
    "[UNK]": (0.0, 0.0, 0.0),
    "meadow": (3.0, -3.0, -3.0),
    "thunder": (-3.0, 3.0, -3.0),
    "wave": (-3.0, -3.0, 3.0),
}
FILES = ("config.json", "tokenizer.json", "model.onnx")


def write_export(
    folder: Path,
    *,
    inputs: tuple[str, ...] = ("input_ids", "attention_mask"),
    padding: int = 0,
    **config: Any,
) -> Path:
    """config.json, tokenizer.json and model.onnx in `folder`; `config` replaces whole fields.

    `padding` makes the model's file longer by so many bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = {"id2label": {str(at): label for at, label in enumerate(LABELS)}, **config}
    (folder / "config.json").write_text(json.dumps(content), encoding="utf-8")
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "model.onnx").write_bytes(_model(inputs, padding))
    return folder


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of an export."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}


def _model(inputs: tuple[str, ...], padding: int) -> bytes:
    weights = numpy_helper.from_array(np.array(list(WORDS.values()), dtype=np.float32), "weights")
    axes = numpy_helper.from_array(np.array([1], dtype=np.int64), "axes")
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["weights", inputs[0]], ["each"]),
            helper.make_node("ReduceSum", ["each", "axes"], ["logits"], keepdims=0),
        ],
        "weather",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(LABELS)])],
        [weights, axes],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9, doc_string=" " * padding
    )
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content
