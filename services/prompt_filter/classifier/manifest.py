"""The manifest of a model folder: what the files are, and how their outputs are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from services.prompt_filter.classifier.errors import ManifestError, ModelIntegrityError
from services.prompt_filter.classifier.gate import Floats, Gate
from services.prompt_filter.classifier.heads import HEADS, OUTPUTS, READ
from services.prompt_filter.classifier.linear import SCORED
from services.prompt_filter.classifier.reading import ReadingPlan
from services.prompt_filter.classifier.readout import Readout

MANIFEST_NAME: Final = "manifest.json"
FORMAT: Final = 6


@dataclass(frozen=True)
class EncoderEntry:
    """A later stage: an ONNX encoder for texts that the stages before leave open.

    A text is settled by the stages before unless they open the `gate`. `readout` reads their raw
    scores, the linear model's first, and then the encoder's.
    """

    model: str
    tokenizer: str
    plan: ReadingPlan
    gate: Gate
    readout: Readout


@dataclass(frozen=True)
class Manifest:
    """Checked content of manifest.json; `version` names exactly these files and numbers."""

    version: str
    linear: str
    readout: Readout
    encoders: tuple[EncoderEntry, ...]


def read_manifest(folder: Path) -> Manifest:
    """Read manifest.json and compare every file it names with its SHA-256.

    Raises ManifestError or ModelIntegrityError.
    """
    path = folder / MANIFEST_NAME
    try:
        content = path.read_bytes()
        fields = json.loads(content)
        if fields["format"] != FORMAT or tuple(fields["heads"]) != HEADS:
            expected = f"not a model of format {FORMAT} with heads {HEADS}"
            raise ManifestError(path, f"{expected}: take the folder of this version or train it again")
        digests = dict(fields["files"])
        manifest = _parse(fields, "prompt-" + hashlib.sha256(content).hexdigest()[:16])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ManifestError(path, f"{type(error).__name__}: {error}") from error
    _verify(folder, digests, manifest)
    return manifest


def _parse(fields: Mapping[str, Any], version: str) -> Manifest:
    return Manifest(
        version,
        fields["linear"]["model"],
        _readout(fields["linear"]["readout"], SCORED),
        tuple(_encoder(entry, scored) for scored, entry in enumerate(fields["encoders"], start=SCORED + 1)),
    )


def _encoder(fields: Mapping[str, Any], scored: int) -> EncoderEntry:
    of_prose = fields["gate_of_prose"]
    return EncoderEntry(
        fields["model"],
        fields["tokenizer"],
        _plan(fields["plan"]),
        Gate(_by_output(fields["gate"]), _by_output(of_prose) if of_prose else None),
        _readout(fields["readout"], scored),
    )


def _by_output(fields: Mapping[str, Any]) -> Floats:
    return np.array([float(fields[output]) for output in OUTPUTS])


def _plan(fields: Mapping[str, Any]) -> ReadingPlan:
    counts = ("characters", "tokens", "passages", "stride", "urgent_stride")
    return ReadingPlan(urgent=float(fields["urgent"]), **{name: int(fields[name]) for name in counts})


def _readout(fields: Mapping[str, Any], scored: int) -> Readout:
    columns = [fields[output] for output in READ]
    weights = np.array([column["weights"] for column in columns], dtype=np.float64).T
    if weights.shape[0] != scored * len(HEADS):
        raise ValueError(f"an output needs {scored * len(HEADS)} weights, not {weights.shape[0]}")
    intercept = np.array([float(column["intercept"]) for column in columns])
    return Readout(weights, intercept, float(fields["trust"]))


def _verify(folder: Path, digests: Mapping[str, str], manifest: Manifest) -> None:
    used = {manifest.linear}
    for entry in manifest.encoders:
        used |= {entry.model, entry.tokenizer}
    unnamed = used - digests.keys()
    if unnamed:
        raise ManifestError(folder / MANIFEST_NAME, f"no sha256 for {sorted(unnamed)}")
    for name, expected in digests.items():
        path = folder / name
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "nothing"
        if found != expected:
            raise ModelIntegrityError(path, expected, found)
