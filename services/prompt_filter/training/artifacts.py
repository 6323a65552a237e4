"""Writes the model folder: arrays, ONNX, and the manifest that pins them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from services.prompt_filter.classifier.gate import Floats, Gate
from services.prompt_filter.classifier.heads import HEADS, OUTPUTS, READ
from services.prompt_filter.classifier.linear import LinearModel
from services.prompt_filter.classifier.manifest import FORMAT, MANIFEST_NAME
from services.prompt_filter.classifier.reading import ReadingPlan
from services.prompt_filter.classifier.readout import Readout

LINEAR_NAME = "linear.npz"


def write_linear(folder: Path, model: LinearModel) -> None:
    """Store the arrays; numpy dates every member 1980, so equal arrays give equal bytes."""
    ngrams, pieces = model.ngrams, model.pieces
    shape = ngrams.shape
    np.savez_compressed(
        folder / LINEAR_NAME,
        shape=np.array([shape.char_min, shape.char_max, shape.char_bits, shape.word_bits]),
        char_weights=ngrams.char_weights,
        word_weights=ngrams.word_weights,
        char_scale=ngrams.char_scale,
        word_scale=ngrams.word_scale,
        bias=ngrams.bias,
        vocabulary=np.frombuffer("\n".join(pieces.vocabulary).encode(), dtype=np.uint8),
        piece_weights=pieces.weights,
        piece_scale=pieces.scale,
        piece_bias=pieces.bias,
    )


def write_manifest(
    folder: Path,
    readout: Readout,
    encoders: Sequence[Mapping[str, object]],
    about: Mapping[str, object],
) -> None:
    """Pin every model file by SHA-256 and describe how the model was made."""
    names = [LINEAR_NAME, *(str(entry[part]) for entry in encoders for part in ("model", "tokenizer"))]
    fields: dict[str, object] = {
        "format": FORMAT,
        "heads": list(HEADS),
        "files": {name: _sha256(folder / name) for name in names},
        "linear": {"model": LINEAR_NAME, "readout": readout_fields(readout)},
        "encoders": list(encoders),
        "about": about,
    }
    text = json.dumps(fields, indent=1, sort_keys=True)
    (folder / MANIFEST_NAME).write_text(text + "\n", encoding="utf-8")


def encoder_fields(
    model: str, tokenizer: str, plan: ReadingPlan, gate: Gate, readout: Readout
) -> dict[str, object]:
    """An encoder as the manifest stores it."""
    return {
        "model": model,
        "tokenizer": tokenizer,
        "plan": asdict(plan),
        "gate": _by_output(gate.least),
        "gate_of_prose": None if gate.of_prose is None else _by_output(gate.of_prose),
        "readout": readout_fields(readout),
    }


def _by_output(values: Floats) -> dict[str, float]:
    return dict(zip(OUTPUTS, values.tolist(), strict=True))


def readout_fields(readout: Readout) -> dict[str, object]:
    """A readout as the manifest stores it: an intercept and a weight for each raw score, by output."""
    columns = zip(READ, readout.weights.T.tolist(), readout.intercept.tolist(), strict=True)
    weighed = {output: {"weights": weights, "intercept": bias} for output, weights, bias in columns}
    return {**weighed, "trust": readout.trust}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
