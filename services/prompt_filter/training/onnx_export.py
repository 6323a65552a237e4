"""Writes an encoder as ONNX straight from its weights, then quantises it to 8 bits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, load, numpy_helper, save
from onnxruntime.quantization import QuantType, quantize_dynamic

from services.prompt_filter.training.transformer import (
    ATTENTION_HEADS,
    NORM_EPSILON,
    Array,
    Encoder,
    Layer,
)

OPSET: Final = 17
# Fused operators of onnxruntime: seven nodes a layer where plain ONNX needs some thirty.
FUSED: Final = "com.microsoft"


class GraphWriter:
    """Collects nodes and initialisers under names that do not collide."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.initialisers: list[TensorProto] = []

    def constant(self, value: npt.NDArray[np.generic]) -> str:
        """The name of a stored tensor."""
        name = f"c{len(self.initialisers)}"
        self.initialisers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def apply(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """The name of the first output of a new node."""
        name = f"n{len(self.nodes)}"
        node = helper.make_node(operator, list(inputs), [name], domain=domain, **attributes)
        self.nodes.append(node)
        return name


def encoder_graph(encoder: Encoder, pooled: Sequence[int], head: tuple[Array, Array] | None) -> ModelProto:
    """A graph from `ids` (1, tokens) to `output`.

    The output joins the token means after each layer named in `pooled` (counted from 1); with
    a head (weights, bias), its logits instead.
    """
    graph = GraphWriter()
    hidden = _embed(graph, encoder)
    means = []
    for number, layer in enumerate(encoder.layers, start=1):
        hidden = _layer(graph, layer, hidden)
        if number in pooled:
            means.append(graph.apply("ReduceMean", hidden, axes=[1], keepdims=0))
    output = graph.apply("Concat", *means, axis=1)
    width = encoder.words.shape[1] * len(means)
    if head is not None:
        output = graph.apply("Gemm", output, graph.constant(head[0]), graph.constant(head[1]))
        width = head[0].shape[1]
    graph.nodes.append(helper.make_node("Identity", [output], ["output"]))
    return _model(graph, width)


def _model(graph: GraphWriter, width: int) -> ModelProto:
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, width])
    body = helper.make_graph(graph.nodes, "encoder", [ids], [output], graph.initialisers)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
    model = helper.make_model(body, opset_imports=opsets, producer_name="palisade")
    model.ir_version = 9
    checker.check_model(model)
    return model


def _embed(graph: GraphWriter, encoder: Encoder) -> str:
    words = graph.apply("Gather", graph.constant(encoder.words), "ids")
    zero, one = graph.constant(np.array([0])), graph.constant(np.array([1]))
    length = graph.apply("Slice", graph.apply("Shape", "ids"), one, graph.constant(np.array([2])))
    places = graph.apply("Slice", graph.constant(encoder.positions), zero, length, zero)
    summed = graph.apply("Add", words, places)
    scale, shift = graph.constant(encoder.scale), graph.constant(encoder.shift)
    return graph.apply("LayerNormalization", summed, scale, shift, epsilon=NORM_EPSILON)


def _layer(graph: GraphWriter, layer: Layer, hidden: str) -> str:
    attended = graph.apply(
        "Attention",
        hidden,
        graph.constant(layer.qkv),
        graph.constant(layer.qkv_bias),
        domain=FUSED,
        num_heads=ATTENTION_HEADS,
    )
    mixed = graph.apply("MatMul", attended, graph.constant(layer.attended))
    norm = (layer.attended_scale, layer.attended_shift, layer.attended_bias)
    hidden = _normalise(graph, mixed, hidden, *norm)
    raised = graph.apply("MatMul", hidden, graph.constant(layer.up))
    active = graph.apply("BiasGelu", raised, graph.constant(layer.up_bias), domain=FUSED)
    lowered = graph.apply("MatMul", active, graph.constant(layer.down))
    return _normalise(graph, lowered, hidden, layer.output_scale, layer.output_shift, layer.down_bias)


def _normalise(graph: GraphWriter, added: str, skip: str, *constants_of: Array) -> str:
    """Layer norm of added + skip; the constants are scale, shift and a bias to add first."""
    constants = [graph.constant(value) for value in constants_of]
    return graph.apply("SkipLayerNormalization", added, skip, *constants, domain=FUSED, epsilon=NORM_EPSILON)


def quantised(model: ModelProto) -> ModelProto:
    """With weights in 8 bits per output channel; activations are quantised at run time.

    Of the 8 bits 7 are used: processors without VNNI add products in 16 bits, which full range
    overflows (onnxruntime, "Quantize ONNX models", on reduce_range).
    """
    # Shape inference does not see through the fused operators.
    options = {"DefaultTensorType": TensorProto.FLOAT}
    with TemporaryDirectory() as folder:
        full, small = Path(folder) / "full.onnx", Path(folder) / "small.onnx"
        save(model, full)
        quantize_dynamic(
            full,
            small,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options=options,
        )
        return load(small)
