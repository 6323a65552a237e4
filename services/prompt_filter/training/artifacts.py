"""Writes the model folder: arrays, ONNX, and the manifest that pins them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.calibration import Calibration
from services.prompt_filter.classifier.heads import HEADS
from services.prompt_filter.classifier.linear import LinearModel
from services.prompt_filter.classifier.manifest import FORMAT, MANIFEST_NAME

LINEAR_NAME = "linear.npz"


def write_linear(folder: Path, model: LinearModel) -> None:
    """Store the arrays; numpy dates every member 1980, so equal arrays give equal bytes."""
    shape = model.shape
    np.savez_compressed(
        folder / LINEAR_NAME,
        shape=np.array([shape.char_min, shape.char_max, shape.char_bits, shape.word_bits]),
        char_weights=model.char_weights,
        word_weights=model.word_weights,
        char_scale=model.char_scale,
        word_scale=model.word_scale,
        bias=model.bias,
    )


def write_manifest(
    folder: Path,
    calibration: Calibration,
    encoder: Mapping[str, object] | None,
    about: Mapping[str, object],
) -> None:
    """Pin every model file by SHA-256 and describe how the model was made."""
    names = [LINEAR_NAME]
    if encoder:
        names += [str(encoder["model"]), str(encoder["tokenizer"])]
    fields: dict[str, object] = {
        "format": FORMAT,
        "heads": list(HEADS),
        "files": {name: _sha256(folder / name) for name in names},
        "linear": {"model": LINEAR_NAME, "calibration": calibration_fields(calibration)},
        "encoder": encoder,
        "about": about,
    }
    text = json.dumps(fields, indent=1, sort_keys=True)
    (folder / MANIFEST_NAME).write_text(text + "\n", encoding="utf-8")


def calibration_fields(calibration: Calibration) -> dict[str, dict[str, float]]:
    """A calibration as the manifest stores it."""
    return {"slope": by_head(calibration.slope), "intercept": by_head(calibration.intercept)}


def by_head(values: npt.NDArray[np.float64]) -> dict[str, float]:
    """One number a head, under its name."""
    return dict(zip(HEADS, values.tolist(), strict=True))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
