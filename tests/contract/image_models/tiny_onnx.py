"""Tiny ONNX models that tell colours, with their contracts; made on the spot, known by heart."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 16
COLOURS = ("red", "green", "blue")
CATEGORIES = {"red": "graphic_violence", "green": None, "blue": ["sexual", "nonconsensual"]}


def colour_classifier(
    folder: Path, *, layout: str = "NCHW", activation: str = "softmax", **changes: Any
) -> Path:
    """A classifier whose logit of a colour is ten times the channel's mean; its contract's path.

    With activation `none` the graph ends in a softmax of its own.
    """
    axes = [2, 3] if layout == "NCHW" else [1, 2]
    shape = [1, 3, SIDE, SIDE] if layout == "NCHW" else [1, SIDE, SIDE, 3]
    nodes = [
        helper.make_node("ReduceMean", ["pixels"], ["mean"], axes=axes, keepdims=0),
        helper.make_node("Mul", ["mean", "gain"], ["logits"]),
        helper.make_node("Softmax" if activation == "none" else "Identity", ["logits"], ["scores"]),
    ]
    gain = numpy_helper.from_array(np.array(10, np.float32), "gain")
    content = _model(nodes, shape, [1, 3], [gain])
    return write_contract(folder, content, layout=layout, activation=activation, **changes)


def colour_detector(folder: Path, **changes: Any) -> Path:
    """A detector with two candidates, the left and the right half of the input; a colour's score in a
    half is its channel's mean there."""
    half = SIDE / 2
    boxes = np.array([[[half / 2, half * 1.5], [half] * 2, [half] * 2, [float(SIDE)] * 2]], np.float32)
    nodes = [
        helper.make_node("Split", ["pixels"], ["left", "right"], axis=3, num_outputs=2),
        helper.make_node("ReduceMean", ["left"], ["in_left"], axes=[2, 3], keepdims=0),
        helper.make_node("ReduceMean", ["right"], ["in_right"], axes=[2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["in_left", "last"], ["column_left"]),
        helper.make_node("Unsqueeze", ["in_right", "last"], ["column_right"]),
        helper.make_node("Concat", ["column_left", "column_right"], ["found"], axis=2),
        helper.make_node("Concat", ["boxes", "found"], ["scores"], axis=1),
    ]
    constants = [numpy_helper.from_array(boxes, "boxes"), numpy_helper.from_array(np.array([2]), "last")]
    content = _model(nodes, [1, 3, SIDE, SIDE], [1, 7, 2], constants, opset=18)
    return write_contract(folder, content, kind="detector", activation="none", resize="pad", **changes)


def write_contract(
    folder: Path,
    content: bytes,
    *,
    layout: str = "NCHW",
    activation: str = "softmax",
    resize: str = "stretch",
    kind: str = "classifier",
    **changes: Any,
) -> Path:
    """Model and contract in `folder`; `changes` replace whole fields of the contract."""
    (folder / "model.onnx").write_bytes(content)
    contract = {
        "name": "colours",
        "version": "1",
        "kind": kind,
        "file": "model.onnx",
        "sha256": hashlib.sha256(content).hexdigest(),
        "licence": "CC0-1.0",
        "training_data": "none: written by hand",
        "input": {"width": SIDE, "height": SIDE, "layout": layout, "resize": resize},
        "output": {"activation": activation, "labels": list(COLOURS)},
        "categories": CATEGORIES,
        **changes,
    }
    path = folder / "contract.json"
    path.write_text(json.dumps(contract), encoding="utf-8")
    return path


def _model(
    nodes: list[Any], shape: list[int], answer: list[int], constants: list[Any], *, opset: int = 17
) -> bytes:
    if opset >= 18:
        nodes = [_axes_as_input(node, constants) for node in nodes]
    graph = helper.make_graph(
        nodes,
        "colours",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, answer)],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content


def _axes_as_input(node: Any, constants: list[Any]) -> Any:
    """From opset 18 on ReduceMean takes its axes as an input."""
    if node.op_type != "ReduceMean":
        return node
    axes = next(list(each.ints) for each in node.attribute if each.name == "axes")
    name = f"axes_{node.output[0]}"
    constants.append(numpy_helper.from_array(np.array(axes), name))
    return helper.make_node("ReduceMean", [node.input[0], name], list(node.output), keepdims=0)
