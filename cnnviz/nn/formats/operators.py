"""The steps that all formats share: dense, flatten, scale and shift, pooling, in any layout."""

from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.checks import count_of
from cnnviz.nn.formats import from_weights
from cnnviz.nn.formats.errors import ModelError, Unsupported
from cnnviz.nn.formats.graph import Graph, Value
from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.layers.pointwise import Flatten
from cnnviz.nn.layers.pooling import AvgPool2d, GlobalAvgPool2d, GlobalMaxPool2d, MaxPool2d

__all__ = ["affined", "by_channel", "dense", "flattened", "ordered", "pooled"]

Array = NDArray[Any]


def flattened(graph: Graph, value: Value) -> Value:
    """Flatten maps to a vector, and record the file's order.

    A softmax or sigmoid of one cell comes after its Flatten here: a network that ends with one of
    these gives shares.
    """
    if len(value.shape) == 1:
        return value
    channels, height, width = value.shape
    step = graph.steps.get(value.name)
    if height * width == 1 and step and step.layer and step.layer.kind in ("softmax", "sigmoid"):
        before = flattened(graph, replace(value, name=step.inputs[0], log=False))
        return replace(graph.layer(before, step.layer), log=value.log)
    moved = value.last and channels > 1 and height * width > 1
    flat = (height, width, channels) if moved else None
    return graph.layer(value, Flatten(), last=False, flat=flat)


def ordered(value: Value, array: Array) -> Array:
    """Reorder numbers along the last axis from the file's order of a vector to ours.

    Examples
    --------
    Two cells of two channels: the file keeps the channels of a cell together, we the cells of a
    channel.

    >>> ordered(Value("", (4,), flat=(1, 2, 2)), np.array([10, 20, 11, 21])).tolist()
    [10, 11, 20, 21]
    """
    if value.flat is None:
        return array
    filed = array.reshape(*array.shape[:-1], *value.flat)
    return np.moveaxis(filed, -1, -3).reshape(array.shape)


def dense(graph: Graph, value: Value, weight: Array, bias: Array | None) -> Value:
    """Apply a dense layer (outputs, inputs) to a vector; to channels-last maps, a 1 × 1 kernel."""
    weight = from_weights.weights(weight, -1, -1)
    if len(value.shape) == 3:
        if value.last:
            return graph.layer(value, from_weights.conv(weight[:, :, None, None], bias))
        raise Unsupported("MatMul along the width of maps")
    if weight.shape[1] != value.shape[0]:
        raise ModelError(
            f"A dense layer in this file takes {count_of(weight.shape[1], 'number')}, and "
            f"{value.shape[0]} {'comes' if value.shape[0] == 1 else 'come'} in."
        )
    return graph.layer(value, from_weights.linear(ordered(value, weight), bias))


def affined(graph: Graph, value: Value, weight: Array, bias: Array) -> Value:
    """Multiply and add, with one number everywhere or one per channel."""
    parts = [by_channel(value, np.asarray(part)) for part in (weight, bias)]
    if all((part == plain).all() for part, plain in zip(parts, (1, 0), strict=True)):
        return value
    return graph.layer(value, from_weights.affine(*parts), flat=value.flat)


def by_channel(value: Value, array: Array) -> Array:
    """Return (1,) or (C,) from an array that is broadcast over (1, *filed)."""
    if array.size == 1:
        return array.reshape(1)
    rank = len(value.shape) + 1
    axis = 1 if rank == 4 and not value.last else rank - 1
    shape = (1,) * (rank - array.ndim) + array.shape
    if len(shape) != rank or shape[axis] != array.size or array.size != value.shape[0]:
        raise Unsupported("Arithmetic with a number for each cell")
    return ordered(value, array.reshape(-1))


def pooled(
    graph: Graph,
    value: Value,
    kind: type[MaxPool2d] | type[AvgPool2d],
    kernel: tuple[int, int],
    settings: dict[str, Any],
) -> Value:
    """Apply a pooling to maps; if its window is the whole map, make it a global one."""
    from_weights.check_windows(kernel, settings)
    if kernel == (1, 1) and settings["stride"] == (1, 1):
        return value
    whole = kernel == value.shape[1:] and not np.any(settings["padding"])
    layer: Layer
    if whole and prod(kernel) > 1:
        layer = GlobalMaxPool2d() if kind is MaxPool2d else GlobalAvgPool2d()
    else:
        layer = from_weights.made(kind, kernel, **settings)
    return graph.layer(value, layer)
