"""Any text classifier exported by Hugging Face tools (config, tokenizer, ONNX), behind the filter's port."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from services.contracts.vocabulary import Category
from services.prompt_filter.adapters.hugging_face_files import digest, fetch
from services.prompt_filter.adapters.hugging_face_labels import Labels, read_labels
from services.prompt_filter.adapters.hugging_face_settings import CONFIG, TOKENIZER, HuggingFaceSettings
from services.prompt_filter.classifier.errors import ModelError
from services.prompt_filter.classifier_port import Answer, Classifier

Floats = npt.NDArray[np.float64]

_IDS: Final = "input_ids"
_INPUTS: Final = frozenset({_IDS, "attention_mask", "token_type_ids", "position_ids"})
_DIGITS: Final = 6


class UnsupportedModelError(ModelError):
    """The ONNX file or the tokenizer is none that this adapter can run."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}")
        self.path = path
        self.reason = reason


class HuggingFaceClassifier:
    """Probabilities of our categories from another model's labels.

    Windows are run one by one: neighbours in a padded batch would change the answer's last digits.
    """

    def __init__(
        self,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
        labels: Labels,
        *,
        activation: Literal["sigmoid", "softmax"],
        version: str,
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._inputs = [each.name for each in session.get_inputs()]
        self._outputs = labels.outputs_of()
        self._activation = activation
        self._version = version

    @property
    def version(self) -> str:
        """Names files, label map and activation."""
        return self._version

    def score(self, texts: Sequence[str], settled: Collection[int] = ()) -> list[Answer]:  # noqa: ARG002
        """Per text the probability of each category that some label stands for."""
        return [Answer(self._score(text)) for text in texts]

    def _score(self, text: str) -> Mapping[Category, float]:
        windows = self._windows(text)
        if not windows:
            return dict.fromkeys(self._outputs, 0.0)
        read = np.stack([self._probabilities(window) for window in windows])
        return {
            category: round(float(self._combined(read[:, list(outputs)]).max()), _DIGITS)
            for category, outputs in self._outputs.items()
        }

    def _combined(self, probabilities: Floats) -> Floats:
        """Labels of one category: those that exclude each other add up, of others the highest holds."""
        if self._activation == "softmax":
            return np.asarray(np.minimum(probabilities.sum(axis=1), 1.0))
        return np.asarray(probabilities.max(axis=1))

    def _windows(self, text: str) -> list[list[int]]:
        encoded = self._tokenizer.encode(text)
        return [part.ids for part in (encoded, *encoded.overflowing) if part.ids]

    def _probabilities(self, ids: list[int]) -> Floats:
        logits = self._logits(ids)
        if self._activation == "sigmoid":
            return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -60, 60))))
        grown = np.exp(logits - logits.max())
        return np.asarray(grown / grown.sum())

    def _logits(self, ids: list[int]) -> Floats:
        row = np.array([ids], dtype=np.int64)
        given = {
            _IDS: row,
            "attention_mask": np.ones_like(row),
            "token_type_ids": np.zeros_like(row),
            "position_ids": np.arange(row.shape[1], dtype=np.int64)[None],
        }
        answers = self._session.run(None, {name: given[name] for name in self._inputs})
        return np.asarray(answers[0], dtype=np.float64).reshape(-1)

    def check_outputs(self, path: Path, labels: int) -> None:
        """UnsupportedModelError unless the model answers with one logit a label."""
        answered = self._logits((self._windows("a") or [[0]])[0])
        if answered.shape != (labels,) or not np.isfinite(answered).all():
            raise UnsupportedModelError(path, f"answers {answered.size} numbers for {labels} labels")


def load_hugging_face_classifier(settings: HuggingFaceSettings) -> Classifier:
    """Fetch, verify and load a model; every failure is a ModelError that names file or label."""
    files = fetch(settings)
    labels = read_labels(files[CONFIG], settings)
    model = files[settings.model]
    classifier = HuggingFaceClassifier(
        _session(model),
        _tokenizer(files[TOKENIZER], settings.max_tokens),
        labels,
        activation=settings.activation,
        version=_version(files, labels, settings),
    )
    classifier.check_outputs(model, len(labels.names))
    return classifier


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # boundary: the runtime's errors share no base class
        raise UnsupportedModelError(path, type(error).__name__) from error
    names = {each.name for each in session.get_inputs()}
    if _IDS not in names or names - _INPUTS:
        raise UnsupportedModelError(path, f"inputs are {', '.join(sorted(names))}")
    return session


def _tokenizer(path: Path, tokens: int) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # boundary: the library raises bare Exception
        raise UnsupportedModelError(path, "not a tokenizer") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(tokens, stride=tokens // 4)
    return tokenizer


def _version(files: Mapping[str, Path], labels: Labels, settings: HuggingFaceSettings) -> str:
    meaning = {
        "files": {name: digest(path) for name, path in sorted(files.items())},
        "labels": [
            [name, category.label if category else None]
            for name, category in zip(labels.names, labels.categories, strict=True)
        ],
        "activation": settings.activation,
        "max_tokens": settings.max_tokens,
    }
    return "hf-" + hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()[:16]
