"""Maps that an ONNX file rounds to whole numbers while it computes.

Quantisers leave out a ReLU before a rounding whose smallest number means 0, since the rounding
already cuts off everything below. Here nothing is rounded, so the ReLU is put back.
"""

import numpy as np
from onnx import TensorProto, helper

from cnnviz.nn.formats.graph import Graph, Value
from cnnviz.nn.formats.onnx_node import Node
from cnnviz.nn.layers.dropout import Dropout
from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.layers.pointwise import Activation, Flatten
from cnnviz.nn.layers.pooling import AvgPool2d, GlobalAvgPool2d, GlobalMaxPool2d, MaxPool2d

__all__ = ["quantised"]

PASSING: tuple[type[Layer], ...] = (
    AvgPool2d, Dropout, Flatten, GlobalAvgPool2d, GlobalMaxPool2d, MaxPool2d,
)  # fmt: skip
NEVER_NEGATIVE = {"relu", "relu6", "sigmoid", "hardsigmoid", "softmax", "softplus"}


def quantised(node: Node) -> Value:
    """Read a rounding as nothing, or as the ReLU or ReLU6 that it implies."""
    value, scale, zero = node.value(), node.array(1), node.given(2)
    if zero is None:
        kind = node.settings.get("output_dtype") or TensorProto.UINT8
        zero = np.zeros(1, helper.tensor_dtype_to_np_dtype(kind))
    limits = np.iinfo(zero.dtype)
    if (zero != limits.min).any() or not _may_be_negative(node.graph, value):
        return value
    top = (limits.max - float(limits.min)) * scale
    six = abs(top - 6).max() < 1e-3
    return node.graph.layer(value, Activation("relu6" if six else "relu"), flat=value.flat)


def _may_be_negative(graph: Graph, value: Value) -> bool:
    """Say whether a value can be negative: no activation after the last weights prevents it."""
    names, seen = [value.name], set()
    while names:
        step = graph.steps.get(names.pop())
        if step is None or step.output in seen:  # the picture, or a step already seen
            continue
        seen.add(step.output)
        if step.layer is None or isinstance(step.layer, PASSING):
            names.extend(step.inputs)
        elif step.layer.kind not in NEVER_NEGATIVE:
            return True
    return False
