"""The manifest of a model folder: what the files are, and how their outputs are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.calibration import Calibration
from services.prompt_filter.classifier.errors import ManifestError, ModelIntegrityError
from services.prompt_filter.classifier.heads import HEADS

Floats = npt.NDArray[np.float64]

MANIFEST_NAME: Final = "manifest.json"
FORMAT: Final = 1


@dataclass(frozen=True)
class EncoderEntry:
    """The second stage: an ONNX encoder for texts that the linear model leaves open.

    A text is settled by the linear model alone when no head reaches `gate` there. Of a text
    longer than `characters` the encoder reads the `passages` that the linear model finds
    worst. The blended raw score of a head is linear * `linear_share` + encoder *
    `encoder_share`.
    """

    model: str
    tokenizer: str
    tokens: int
    characters: int
    passages: int
    gate: Floats
    linear_share: Floats
    encoder_share: Floats
    calibration: Calibration


@dataclass(frozen=True)
class Manifest:
    """Checked content of manifest.json; `version` names exactly these files and numbers."""

    version: str
    linear: str
    calibration: Calibration
    encoder: EncoderEntry | None


def read_manifest(folder: Path) -> Manifest:
    """Read manifest.json and compare every file it names with its SHA-256.

    Raises ManifestError or ModelIntegrityError.
    """
    path = folder / MANIFEST_NAME
    try:
        content = path.read_bytes()
        fields = json.loads(content)
        if fields["format"] != FORMAT or tuple(fields["heads"]) != HEADS:
            raise ManifestError(path, f"not a model of format {FORMAT} with heads {HEADS}")
        digests = dict(fields["files"])
        manifest = _parse(fields, "prompt-" + hashlib.sha256(content).hexdigest()[:16])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ManifestError(path, f"{type(error).__name__}: {error}") from error
    _verify(folder, digests, manifest)
    return manifest


def _parse(fields: Mapping[str, Any], version: str) -> Manifest:
    encoder = fields.get("encoder")
    return Manifest(
        version,
        fields["linear"]["model"],
        _calibration(fields["linear"]["calibration"]),
        _encoder(encoder) if encoder else None,
    )


def _encoder(fields: Mapping[str, Any]) -> EncoderEntry:
    return EncoderEntry(
        fields["model"],
        fields["tokenizer"],
        int(fields["tokens"]),
        int(fields["characters"]),
        int(fields["passages"]),
        _numbers(fields["gate"]),
        _numbers(fields["linear_share"]),
        _numbers(fields["encoder_share"]),
        _calibration(fields["calibration"]),
    )


def _numbers(fields: Mapping[str, Any]) -> Floats:
    return np.array([float(fields[head]) for head in HEADS])


def _calibration(fields: Mapping[str, Any]) -> Calibration:
    return Calibration(_numbers(fields["slope"]), _numbers(fields["intercept"]))


def _verify(folder: Path, digests: Mapping[str, str], manifest: Manifest) -> None:
    used = {manifest.linear}
    if manifest.encoder:
        used |= {manifest.encoder.model, manifest.encoder.tokenizer}
    unnamed = used - digests.keys()
    if unnamed:
        raise ManifestError(folder / MANIFEST_NAME, f"no sha256 for {sorted(unnamed)}")
    for name, expected in digests.items():
        path = folder / name
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "nothing"
        if found != expected:
            raise ModelIntegrityError(path, expected, found)
