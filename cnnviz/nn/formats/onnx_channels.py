"""The ONNX operators that pass some of the channels on, or all of them in another order."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.nn.formats import from_weights
from cnnviz.nn.formats.errors import ModelError, Unsupported
from cnnviz.nn.formats.graph import Value
from cnnviz.nn.formats.onnx_constants import cut
from cnnviz.nn.formats.onnx_node import Grouped, Node
from cnnviz.nn.layers.channels import SelectChannels

__all__ = ["channel_axis", "gathered", "grouped", "sliced", "split", "ungrouped"]

MAX_CHANNELS = 2**20  # that one operator passes on: a few bytes can repeat a channel often


def channel_axis(value: Value) -> int:
    """Return the axis of the channels in the file's order, counted from that of the pictures."""
    return len(value.shape) if value.last else 1


def split(node: Node) -> list[Value]:
    """Read a split of the channels into neighbouring parts."""
    value = node.value()
    channels = _along(node, value, node.whole("axis", 0))
    sizes = node.settings.get("split") if len(node.inputs) < 2 else node.given(1)
    if sizes is None:
        size = -(-len(channels) // node.whole("num_outputs", node.outputs))
        sizes = [len(channels[start : start + size]) for start in range(0, len(channels), size)]
    *bounds, end = np.cumsum(sizes).tolist()
    if end != len(channels) or min(sizes) < 1 or len(sizes) != node.outputs:
        raise ModelError(
            f"The shapes in this file do not fit together: {len(channels)} channels are split into "
            f"parts of {', '.join(map(str, sizes[:9]))}."
        )
    return [_passed_on(node, value, part) for part in np.split(channels, bounds)]


def sliced(node: Node) -> Value:
    """Read a slice of the channels; all other axes must stay as they are."""
    value = node.value()
    sizes = 1, *value.filed
    parts = cut([node.given(i) for i in range(1, len(node.inputs))], node.settings, len(sizes))
    for axis, (part, size) in enumerate(zip(parts, sizes, strict=True)):
        if axis != channel_axis(value) and range(size)[part] != range(size):
            raise Unsupported(f"{node.operator} along another axis")
    axis = channel_axis(value)
    return _passed_on(node, value, np.arange(sizes[axis])[parts[axis]])


def gathered(node: Node) -> Value:
    """Read a choice of channels by their numbers."""
    value, places = node.value(), node.array(1)
    if places.ndim != 1:
        raise Unsupported(f"{node.operator} that drops an axis")
    return _passed_on(node, value, _along(node, value, node.whole("axis", 0))[places])


def grouped(value: Value, wanted: tuple[int, ...]) -> Grouped | None:
    """Return maps whose channels are to lie in a table, or None if it is another reshape."""
    channels, *plane = value.shape
    if value.last or len(wanted) != 5 or wanted[1] * wanted[2] != channels:
        return None
    if wanted != (1, *wanted[1:3], *plane):
        return None
    return Grouped(value, np.arange(channels).reshape(wanted[1:3]))


def ungrouped(node: Node, table: Grouped, wanted: tuple[int, ...]) -> Value:
    """Return maps whose channels have lain in a table, in their new order."""
    if wanted != (1, *table.value.shape):
        raise Unsupported(f"{node.operator} to {wanted}")
    return _passed_on(node, table.value, table.channels.ravel())


def _along(node: Node, value: Value, axis: int) -> NDArray[np.int64]:
    """Return the numbers of the channels, along which an operator must work."""
    if axis % (len(value.shape) + 1) != channel_axis(value):
        raise Unsupported(f"{node.operator} along another axis")
    return np.arange(value.shape[0])


def _passed_on(node: Node, value: Value, channels: NDArray[Any]) -> Value:
    if value.flat:
        raise Unsupported(f"{node.operator} of numbers in another order")
    if channels.size > MAX_CHANNELS:
        raise ModelError(
            f"{node.operator} passes on {channels.size:,} channels; at most {MAX_CHANNELS:,} are "
            "read."
        )
    if np.array_equal(channels, np.arange(value.shape[0])):
        return value
    return node.graph.layer(value, from_weights.made(SelectChannels, channels.tolist()))
