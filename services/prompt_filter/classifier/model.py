"""The prompt model: a linear model settles most texts, an encoder looks at the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import HEADS
from services.prompt_filter.classifier.linear import LinearModel
from services.prompt_filter.classifier.manifest import EncoderEntry, Manifest, read_manifest
from services.prompt_filter.classifier.passages import passages
from services.prompt_filter.classifier.text import canonical

Floats = npt.NDArray[np.float64]


class TextEncoder(Protocol):
    """The second stage: logits of one passage for every head, shape (heads,)."""

    def logits(self, passage: str) -> Floats:
        """Depends on this passage alone, never on what was scored before or beside it."""
        ...


class PromptClassifier:
    """Calibrated probabilities of harm, per category and for `unsafe`.

    A pure function of the text and the model files. Safe to share between threads.
    """

    def __init__(self, manifest: Manifest, linear: LinearModel, encoder: TextEncoder | None = None) -> None:
        self._manifest = manifest
        self._linear = linear
        self._encoder = encoder

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Verify and load a model folder.

        Raises ModelIntegrityError when a file is not the one the manifest names, ManifestError
        when the manifest itself cannot be used.
        """
        manifest = read_manifest(folder)
        linear = LinearModel.load(folder / manifest.linear)
        return cls(manifest, linear, _load_encoder(folder, manifest.encoder))

    @property
    def version(self) -> str:
        """A hash over the weights, thresholds and calibration."""
        return self._manifest.version

    def score(self, texts: Sequence[str]) -> list[Mapping[str, float]]:
        """Probabilities in 0..1 for each head of HEADS, in the order of the texts."""
        return [dict(zip(HEADS, row, strict=True)) for row in self.probabilities(texts).tolist()]

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """The same as an array of shape (texts, heads), to six digits."""
        prepared = [canonical(text) for text in texts]
        raw = self._linear.logits(prepared)
        scores = self._manifest.calibration(raw)
        entry = self._manifest.encoder
        if entry is not None and self._encoder is not None:
            for row in np.flatnonzero((scores >= entry.gate).any(axis=1)):
                read = self._read(prepared[row], entry, self._encoder)
                blended = raw[row] * entry.linear_share + read * entry.encoder_share
                scores[row] = entry.calibration(blended)
        return np.asarray(scores.round(6))

    def _read(self, text: str, entry: EncoderEntry, encoder: TextEncoder) -> Floats:
        """The encoder's highest logit of each head over the worst passages of a text."""
        parts = passages(text, entry.characters)
        if len(parts) > entry.passages:
            worst = self._manifest.calibration(self._linear.logits(parts)).max(axis=1)
            chosen = np.argsort(-worst, kind="stable")[: entry.passages]
            parts = [parts[index] for index in chosen]
        return np.asarray(np.stack([encoder.logits(part) for part in parts]).max(axis=0))


def _load_encoder(folder: Path, entry: EncoderEntry | None) -> TextEncoder | None:
    if entry is None:
        return None
    # Imported here because onnxruntime takes longer to import than the linear model to load.
    from services.prompt_filter.classifier.onnx_encoder import OnnxTextEncoder

    return OnnxTextEncoder.load(folder / entry.model, folder / entry.tokenizer, entry.tokens)
