"""The prompt model: a linear model settles most texts, an encoder looks at the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import ANY, HEADS, OUTPUTS, PROSE
from services.prompt_filter.classifier.linear import LinearModel
from services.prompt_filter.classifier.manifest import EncoderEntry, Manifest, read_manifest
from services.prompt_filter.classifier.reading import Reader, TextEncoder
from services.prompt_filter.classifier.text import canonical

Floats = npt.NDArray[np.float64]

_ANY: Final = OUTPUTS.index(ANY)
_PROSE: Final = HEADS.index(PROSE)


class PromptClassifier:
    """Calibrated probabilities of harm: per category, and of any.

    A pure function of the text and the model files. Safe to share between threads.
    """

    def __init__(self, manifest: Manifest, linear: LinearModel, encoder: TextEncoder | None = None) -> None:
        self._manifest = manifest
        self._linear = linear
        entry = manifest.encoder
        self._reader = Reader(encoder, entry.plan, self._suspicion) if encoder and entry else None

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
        """Probabilities in 0..1 for each of OUTPUTS, in the order of the texts."""
        return [dict(zip(OUTPUTS, row, strict=True)) for row in self.probabilities(texts).tolist()]

    def probabilities(self, texts: Sequence[str], settled: Collection[int] = ()) -> Floats:
        """The same as an array of shape (texts, outputs), to six digits.

        Of the `settled` texts, by number, the encoder reads prose only: of image prompts with
        listed terms it knows no better than the linear model.
        """
        prepared = [canonical(text) for text in texts]
        raw = self._linear.logits(prepared)
        scores = self._manifest.readout(raw)
        entry = self._manifest.encoder
        if entry is not None and self._reader is not None:
            unsettled = np.asarray((scores >= entry.gate).any(axis=1))
            for row in settled:
                unsettled[row] &= raw[row, _PROSE] > 0
            rows = np.flatnonzero(unsettled)
            if len(rows):
                read = np.stack([self._reader.read(prepared[row], scores[row, _ANY]) for row in rows])
                scores[rows] = entry.readout(np.hstack([raw[rows], read]))
        return np.asarray(scores.round(6))

    def _suspicion(self, texts: Sequence[str]) -> Floats:
        """The linear model's probability of any harm."""
        return np.asarray(self._manifest.readout(self._linear.logits(texts))[:, _ANY])


def _load_encoder(folder: Path, entry: EncoderEntry | None) -> TextEncoder | None:
    if entry is None:
        return None
    # Imported here because onnxruntime takes longer to import than the linear model to load.
    from services.prompt_filter.classifier.onnx_encoder import OnnxTextEncoder

    return OnnxTextEncoder.load(folder / entry.model, folder / entry.tokenizer, entry.plan.tokens)
