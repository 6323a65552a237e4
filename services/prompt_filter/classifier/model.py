"""The prompt model: a linear model settles most texts, ever deeper encoders look at the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from services.prompt_filter.classifier.heads import ANY, OUTPUTS
from services.prompt_filter.classifier.linear import LinearModel
from services.prompt_filter.classifier.manifest import EncoderEntry, Manifest, read_manifest
from services.prompt_filter.classifier.reading import Reader, TextEncoder
from services.prompt_filter.classifier.style import is_prose
from services.prompt_filter.classifier.suspicion import Suspicion
from services.prompt_filter.classifier.text import canonical

Floats = npt.NDArray[np.float64]

_ANY: Final = OUTPUTS.index(ANY)


class PromptClassifier:
    """Calibrated probabilities of harm: per category, and of any.

    A pure function of the text and the model files. Safe to share between threads.
    """

    def __init__(self, manifest: Manifest, linear: LinearModel, encoders: Sequence[TextEncoder] = ()) -> None:
        self._manifest = manifest
        self._linear = linear
        self._later = list(zip(manifest.encoders, encoders, strict=True))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Verify and load a model folder.

        Raises ModelIntegrityError when a file is not the one the manifest names, ManifestError
        when the manifest itself cannot be used.
        """
        manifest = read_manifest(folder)
        linear = LinearModel.load(folder / manifest.linear)
        return cls(manifest, linear, [_load_encoder(folder, entry) for entry in manifest.encoders])

    @property
    def version(self) -> str:
        """A hash over the weights, thresholds and calibration."""
        return self._manifest.version

    def score(self, texts: Sequence[str]) -> list[Mapping[str, float]]:
        """Probabilities in 0..1 for each of OUTPUTS, in the order of the texts."""
        return [dict(zip(OUTPUTS, row, strict=True)) for row in self.probabilities(texts).tolist()]

    def probabilities(self, texts: Sequence[str], settled: Collection[int] = ()) -> Floats:
        """The same as an array of shape (texts, outputs), to six digits.

        Of the `settled` texts, by number, encoders read prose only: of image prompts with listed
        terms they know no better than the linear model.
        """
        prepared = [canonical(text) for text in texts]
        read = self._linear.score(prepared)
        raw = read.logits
        scores = self._manifest.readout(raw)
        rows = np.arange(len(texts))
        if settled:
            left_open = np.ones(len(texts), dtype=bool)
            left_open[list(settled)] = is_prose(raw[list(settled)])
            rows, raw = rows[left_open], raw[left_open]

        @cache
        def suspicion(row: int) -> Suspicion:
            return Suspicion(self._linear, self._manifest.readout, prepared[row], read.words_of(row))

        for entry, encoder in self._later:
            left_open = entry.gate.opens(scores[rows], raw)
            rows, raw = rows[left_open], raw[left_open]
            more = [
                Reader(encoder, entry.plan, suspicion(row).worst).read(prepared[row], scores[row, _ANY])
                for row in rows
            ]
            legible = [logits is not None for logits in more]
            rows, raw = rows[legible], raw[legible]
            if not len(rows):
                break
            raw = np.hstack([raw, np.stack([logits for logits in more if logits is not None])])
            scores[rows] = entry.readout(raw)
        return np.asarray(scores.round(6))


def _load_encoder(folder: Path, entry: EncoderEntry) -> TextEncoder:
    # Imported here because onnxruntime takes longer to import than the linear model to load.
    from services.prompt_filter.classifier.onnx_encoder import OnnxTextEncoder

    return OnnxTextEncoder.load(folder / entry.model, folder / entry.tokenizer, entry.plan.tokens)
