"""How each ONNX operator is expressed in our layers.

A function gets a node with its inputs: a `Value` that comes from the picture, a constant array, or
None. It returns the output value, or a list of them, or raises `Unsupported`.
"""

from collections.abc import Callable
from math import prod

import numpy as np
from onnx import TensorProto

from cnnviz.nn.formats.errors import Unsupported
from cnnviz.nn.formats.graph import Value
from cnnviz.nn.formats.onnx_activations import ACTIVATIONS
from cnnviz.nn.formats.onnx_channels import (
    channel_axis,
    gathered,
    grouped,
    sliced,
    split,
    ungrouped,
)
from cnnviz.nn.formats.onnx_node import Above, Grouped, Node
from cnnviz.nn.formats.onnx_quantised import quantised
from cnnviz.nn.formats.onnx_resizing import resized
from cnnviz.nn.formats.onnx_windows import WINDOWS
from cnnviz.nn.formats.operators import dense, flattened

__all__ = ["OPERATORS"]

FIRST_TO_LAST, LAST_TO_FIRST = (0, 2, 3, 1), (0, 3, 1, 2)
TURNED = 0, 2, 1, 3, 4
FRACTIONS = TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BFLOAT16


def _gemm(node: Node) -> Value:
    weight, bias = node.array(1), node.given(2)
    if node.whole("transA", 0) or weight.ndim != 2:
        raise Unsupported("Gemm of a turned input")
    weight = weight if node.whole("transB", 0) else weight.T
    weight = weight * np.float32(node.settings.get("alpha", 1.0))
    if bias is not None:
        bias = np.broadcast_to(np.ravel(bias), (len(weight),)) * np.float32(
            node.settings.get("beta", 1.0)
        )
    return dense(node.graph, node.value(), weight, bias)


def _matmul(node: Node) -> Value:
    weight = node.array(1)
    if weight.ndim != 2:
        raise Unsupported("MatMul of more than a matrix")
    return dense(node.graph, node.value(), weight.T, None)


def _flatten(node: Node) -> Value:
    if node.whole("axis", 1) not in (1, 1 - 1 - len(node.value().shape)):
        raise Unsupported("Flatten along another axis")
    return flattened(node.graph, node.value())


def _reshape(node: Node) -> Value | Grouped:
    """Read a reshape: no change at all, a flattening, or one to the channels in a table or back."""
    before, wanted = _first(node), [int(size) for size in node.array(1)]
    filed = (1, *before.filed)
    if 0 in wanted and not node.whole("allowzero", 0):
        wanted = [
            filed[i] if size == 0 and i < len(filed) else size for i, size in enumerate(wanted)
        ]
    if wanted[:1] == [node.batch] or (wanted[:1] == [-1] and -1 not in wanted[1:]):
        wanted[0] = 1  # the batch
    if wanted.count(-1) == 1:
        rest = -prod(wanted)
        wanted[wanted.index(-1)] = prod(filed) // rest if rest else 0
    if isinstance(before, Grouped):
        return ungrouped(node, before, tuple(wanted))
    return grouped(before, tuple(wanted)) or _shaped(node, tuple(wanted))


def _first(node: Node) -> Value | Grouped:
    first = node.inputs[0]
    return first if isinstance(first, Grouped) else node.value()


def _squeeze(node: Node) -> Value:
    filed = (1, *node.value().filed)
    axes = node.settings.get("axes") if len(node.inputs) < 2 else node.array(1)
    if axes is None:
        axes = [axis for axis in range(1, len(filed)) if filed[axis] == 1]
    dropped = {int(axis) % len(filed) for axis in np.ravel(axes)}
    return _shaped(node, tuple(size for axis, size in enumerate(filed) if axis not in dropped))


def _shaped(node: Node, wanted: tuple[int, ...]) -> Value:
    value = node.value()
    if wanted == (1, *value.filed):
        return value
    if wanted == (1, prod(value.shape)):
        return flattened(node.graph, value)
    raise Unsupported(f"{node.operator} to {wanted}")


def _transpose(node: Node) -> Value | Grouped:
    """Read a transpose of the channels in a table, or between channels first and last.

    The latter changes nothing in our order.
    """
    value, order = _first(node), tuple(node.settings.get("perm", ()))
    if isinstance(value, Grouped):
        if order == TURNED:
            return Grouped(value.value, value.channels.T)
    elif len(value.shape) == 3:
        if order == (0, 1, 2, 3):
            return value
        if (order, value.last) in ((FIRST_TO_LAST, False), (LAST_TO_FIRST, True)):
            return Value(value.name, value.shape, not value.last)
    raise Unsupported(f"Transpose by {order}")


def _concat(node: Node) -> Value:
    values = [node.value(number) for number in range(len(node.inputs))]
    if node.whole("axis", 1) % (len(values[0].shape) + 1) != channel_axis(values[0]):
        raise Unsupported("Concat along another axis")
    return values[0] if len(values) == 1 else node.graph.joint("concat", values)


def _sum(node: Node) -> Value:
    values = [node.value(number) for number in range(len(node.inputs))]
    return values[0] if len(values) == 1 else node.graph.joint("add", values)


def _same(node: Node) -> Value:
    return node.value()


def _cast(node: Node) -> Value:
    if node.settings.get("to") not in FRACTIONS:
        raise Unsupported("Cast to whole numbers")
    return node.value()


OPERATORS: dict[str, Callable[[Node], Value | Above | Grouped | list[Value]]] = {
    **ACTIVATIONS,
    **WINDOWS,
    "Cast": _cast,
    "Concat": _concat,
    "DequantizeLinear": _same,
    "Flatten": _flatten,
    "Gather": gathered,
    "Gemm": _gemm,
    "Identity": _same,
    "MatMul": _matmul,
    "QuantizeLinear": quantised,
    "Reshape": _reshape,
    "Resize": resized,
    "Slice": sliced,
    "Split": split,
    "Squeeze": _squeeze,
    "Sum": _sum,
    "Transpose": _transpose,
    "Upsample": resized,
}
