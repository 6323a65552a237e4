"""Any ONNX classifier or detector, by its contract, on onnxruntime."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import structlog

from services.image_classifier.answers import Finding, Floats, ModelAnswer, from_boxes, from_scores, strongest
from services.image_classifier.contract import ContractError, Kind, ModelContract
from services.image_classifier.ports import ModelError
from services.image_classifier.preprocess import Prepared, prepare
from services.imaging.decode import Background, View

_log = structlog.get_logger(__name__)

CPU = "CPUExecutionProvider"


class OnnxModel:
    """One session, single-threaded: as many pictures run side by side as threads call it."""

    def __init__(self, contract: ModelContract, session: ort.InferenceSession) -> None:
        self.contract = contract
        self._session = session
        self._input = contract.input.name or session.get_inputs()[0].name
        self._output = contract.output.name or session.get_outputs()[0].name

    @classmethod
    def load(cls, contract: ModelContract, *, provider: str = CPU) -> OnnxModel:
        """Check the file's SHA-256, load it, and see it answer a grey picture in the contract's shape.

        ContractError where any of that fails, or where another provider than the wished one runs it.
        """
        content = _checked(contract)
        try:
            session = ort.InferenceSession(content, _options(), providers=[provider])
            model = cls(contract, session)
        except Exception as error:  # boundary: onnxruntime's exceptions share no base class
            raise ContractError(f"model {contract.name} cannot be loaded: {type(error).__name__}") from error
        running = session.get_providers()[0]
        if running != provider:
            raise ContractError(f"model {contract.name}: {provider} was asked for, {running} would run it")
        model._warm_up()
        _log.info("model_loaded", model=contract.id, provider=running)
        return model

    def answer(self, views: Sequence[View]) -> ModelAnswer:
        """See ImageModel.answer."""
        try:
            return strongest(self.contract, [self._findings(view) for view in views])
        except Exception as error:  # boundary: onnxruntime's exceptions share no base class
            raise ModelError(type(error).__name__) from error

    def _findings(self, view: View) -> list[Finding]:
        prepared = prepare(view.rgb, self.contract.input)
        return self._read(self._run(prepared), prepared)

    def _run(self, prepared: Prepared) -> Floats:
        outputs: list[Any] = self._session.run([self._output], {self._input: prepared.tensor})
        return np.asarray(outputs[0], np.float32)

    def _read(self, raw: Floats, prepared: Prepared) -> list[Finding]:
        labels = len(self.contract.output.labels)
        if self.contract.kind is Kind.DETECTOR:
            if raw.ndim != 3 or raw.shape[:2] != (1, 4 + labels):
                raise ValueError(f"output {raw.shape} is not [1, {4 + labels}, candidates]")
            return from_boxes(raw, self.contract, prepared.placement)
        if raw.shape != (1, labels):
            raise ValueError(f"output {raw.shape} is not [1, {labels}]")
        return from_scores(raw, self.contract)

    def _warm_up(self) -> None:
        spec = self.contract.input
        grey = np.full((spec.height, spec.width, 3), 128, np.uint8)
        try:
            self._findings(View(0, Background.NONE, grey))
        except Exception as error:  # boundary: onnxruntime's exceptions share no base class
            raise ContractError(f"model {self.contract.name} does not keep its contract: {error}") from error


def _checked(contract: ModelContract) -> bytes:
    """The very bytes that were hashed are loaded; the file may change meanwhile."""
    path = Path(contract.file)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContractError(f"model {contract.name}: {path} cannot be read") from error
    found = hashlib.sha256(content).hexdigest()
    if found != contract.sha256:
        raise ContractError(
            f"model {contract.name}: {path} has sha256 {found}, its contract says {contract.sha256}"
        )
    return content


def _options() -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    # Threads that spin between requests would take the core from the next picture's decode.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return options
