"""An onnxruntime session on a model that lies in memory, on one thread."""

from __future__ import annotations

import onnxruntime
from onnx import ModelProto


def session(model: ModelProto) -> onnxruntime.InferenceSession:
    """Runs on the CPU alone."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    content = model.SerializeToString()
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
