"""The ONNX operators that slide a window: convolution, pooling, padding."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnviz.functional.padding import PADDING_MODES
from cnnviz.nn.formats import from_weights
from cnnviz.nn.formats.errors import Unsupported
from cnnviz.nn.formats.graph import Value
from cnnviz.nn.formats.onnx_node import Node
from cnnviz.nn.formats.operators import flattened, pooled
from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.layers.padding import Pad2d
from cnnviz.nn.layers.pooling import AvgPool2d, GlobalAvgPool2d, GlobalMaxPool2d, MaxPool2d

__all__ = ["WINDOWS"]

MODES = {theirs: ours for ours, theirs in PADDING_MODES.items()}  # ONNX has NumPy's names


def _conv(node: Node) -> Value:
    value, weight = node.maps(), node.array(1)
    if weight.ndim != 4:
        raise Unsupported(f"Conv in {weight.ndim - 2} dimensions")
    layer = from_weights.conv(
        weight, node.given(2), stride=node.pair("strides"), dilation=node.pair("dilations"),
        padding=node.padding(value, weight.shape[2:]), groups=node.settings.get("group", 1),
    )  # fmt: skip
    return node.graph.layer(value, layer)


def _conv_transposed(node: Node) -> Value:
    value, weight = node.maps(), node.array(1)
    if weight.ndim != 4:
        raise Unsupported(f"ConvTranspose in {weight.ndim - 2} dimensions")
    if node.settings.get("output_shape") or node.text("auto_pad", "") not in (
        "",
        "NOTSET",
        "VALID",
    ):
        raise Unsupported("ConvTranspose with a wanted output shape")
    layer = from_weights.conv_transposed(
        weight, node.given(2), stride=node.pair("strides"), dilation=node.pair("dilations"),
        padding=node.padding(value, weight.shape[2:]), groups=node.settings.get("group", 1),
        output_padding=node.pair("output_padding", (0, 0)),
    )  # fmt: skip
    return node.graph.layer(value, layer)


def _pool(kind: type[MaxPool2d] | type[AvgPool2d]) -> Callable[[Node], Value]:
    def read(node: Node) -> Value:
        value, kernel = node.maps(), node.pair("kernel_shape")
        settings: dict[str, Any] = {
            "stride": node.pair("strides"),
            "padding": node.padding(value, kernel),
            "ceil_mode": bool(node.whole("ceil_mode", 0)),
        }
        if kind is MaxPool2d:
            settings["dilation"] = node.pair("dilations")
        elif node.pair("dilations") != (1, 1):
            raise Unsupported("AveragePool with dilation")
        else:
            settings["count_include_pad"] = bool(node.whole("count_include_pad", 0))
        return pooled(node.graph, value, kind, kernel, settings)

    return read


def _global(kind: type[Layer]) -> Callable[[Node], Value]:
    return lambda node: node.graph.layer(node.maps(), kind())


def _reduced(kind: type[Layer]) -> Callable[[Node], Value]:
    """Return a reader of a mean or maximum over both axes of maps: a global pooling."""

    def read(node: Node) -> Value:
        axes = node.settings.get("axes") if len(node.inputs) < 2 else node.array(1)
        value = node.value()
        wanted = (1, 2) if value.last else (2, 3)
        if (
            axes is None
            or len(value.shape) != 3
            or {int(a) % 4 for a in np.ravel(axes)} != {*wanted}
        ):
            raise Unsupported(f"{node.operator} over other axes")
        made = node.graph.layer(value, kind())
        return made if node.whole("keepdims", 1) else flattened(node.graph, made)

    return read


def _pad(node: Node) -> Value:
    value = node.value()
    mode = node.text("mode", "constant")
    fill = node.settings.get("value", 0) if node.given(2) is None else node.array(2).item()
    rank = len(value.shape) + 1
    pads = _pads(node, rank)
    if not any(pads):
        return value
    fits = rank == 4 and len(pads) == 8 and min(pads) >= 0
    if not fits or mode not in MODES or (mode == "constant" and fill):
        raise Unsupported(f"Pad by {pads}, {mode}")
    rows, columns = (1, 2) if value.last else (2, 3)
    if sum(pads[axis] + pads[axis + 4] for axis in (rows, columns)) != sum(pads):
        raise Unsupported("Pad of the channels")
    sides = (pads[rows], pads[rows + 4]), (pads[columns], pads[columns + 4])
    from_weights.check_windows((1, 1), {"padding": sides})
    return node.graph.layer(value, Pad2d(sides, MODES[mode]))


def _pads(node: Node, rank: int) -> list[int]:
    """Return what a Pad adds before each axis, and then after each."""
    given = node.settings.get("pads", []) if node.given(1) is None else node.array(1)
    pads = [int(pad) for pad in np.ravel(given)]
    if len(node.inputs) <= 3 or node.given(3) is None:
        return pads
    full = [0] * (2 * rank)  # the pads are those of some axes only
    for at, axis in enumerate(np.ravel(node.array(3)).tolist()):
        full[axis % rank], full[rank + axis % rank] = pads[at], pads[at + len(pads) // 2]
    return full


WINDOWS: dict[str, Callable[[Node], Value]] = {
    "AveragePool": _pool(AvgPool2d),
    "Conv": _conv,
    "ConvTranspose": _conv_transposed,
    "GlobalAveragePool": _global(GlobalAvgPool2d),
    "GlobalMaxPool": _global(GlobalMaxPool2d),
    "MaxPool": _pool(MaxPool2d),
    "Pad": _pad,
    "ReduceMax": _reduced(GlobalMaxPool2d),
    "ReduceMean": _reduced(GlobalAvgPool2d),
}
