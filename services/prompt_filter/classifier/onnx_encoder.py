"""A later stage on onnxruntime: one passage a run, on one thread.

A passage is never batched with others: activations are quantised by their range over the whole
input, so a neighbour would change the answer, and at 8 bits batching gains no speed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

_INPUT: Final = "ids"


class OnnxTextEncoder:
    """A transformer with one logit per head."""

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer) -> None:
        self._session = session
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, model: Path, tokenizer: Path, tokens: int) -> Self:
        """Load an ONNX file and its tokenizer; of a passage the first `tokens` are read."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        loaded = Tokenizer.from_file(str(tokenizer))
        loaded.no_padding()
        loaded.enable_truncation(tokens)
        return cls(session, loaded)

    def logits(self, passage: str) -> npt.NDArray[np.float64]:
        """One logit per head, shape (heads,)."""
        ids = np.array([self._tokenizer.encode(passage).ids], dtype=np.int64)
        (output,) = self._session.run(None, {_INPUT: ids})
        return np.asarray(output[0], dtype=np.float64)
