"""How each of our layers is expressed in ONNX operators, opset 20."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import helper, numpy_helper

from cnnviz.functional.axis import Axis
from cnnviz.functional.padding import PADDING_MODES
from cnnviz.nn.layers.affine import Affine, PReLU
from cnnviz.nn.layers.branches import Parallel, Residual
from cnnviz.nn.layers.channels import SelectChannels
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.dropout import Dropout
from cnnviz.nn.layers.gated import Gated
from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.layers.normalisation import BatchNorm2d
from cnnviz.nn.layers.padding import Pad2d
from cnnviz.nn.layers.pointwise import Activation, Flatten, Linear, Softmax
from cnnviz.nn.layers.pooling import AvgPool2d, GlobalAvgPool2d, GlobalMaxPool2d, MaxPool2d
from cnnviz.nn.layers.transposed import ConvTranspose2d
from cnnviz.nn.layers.upsampling import Upsample
from cnnviz.nn.network import Sequential
from cnnviz.nn.summary import Row

__all__ = ["OPSET", "Nodes"]

OPSET = 20
PLACES = "coordinate_transformation_mode"
ACTIVATIONS: dict[str, tuple[str, dict[str, str]]] = {  # operator, and its settings → ours
    "none": ("Identity", {}), "relu": ("Relu", {}), "elu": ("Elu", {"alpha": "alpha"}),
    "leaky_relu": ("LeakyRelu", {"alpha": "negative_slope"}), "selu": ("Selu", {}),
    "sigmoid": ("Sigmoid", {}), "tanh": ("Tanh", {}), "gelu": ("Gelu", {}),
    "softplus": ("Softplus", {}), "hardswish": ("HardSwish", {}),
}  # fmt: skip


class Nodes:
    """The nodes and weights written so far."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._numbers = count()

    def node(self, operator: str, inputs: Sequence[str], output: str = "", **settings: Any) -> str:
        """Add an operator; return the name of its output."""
        output = output or f"v{next(self._numbers)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **settings))
        return output

    def weight(self, values: ArrayLike, kind: type[np.generic] = np.float32) -> str:
        """Add a weight; return its name."""
        name = f"w{next(self._numbers)}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, kind), name))
        return name

    def chain(self, network: Sequential, before: Row, x: str) -> str:
        """Add the layers that follow a row; return the name of their output."""
        for layer, row in zip(network, before.through(network), strict=True):
            x = WRITERS[type(layer)](self, layer, before, x)
            before = row
        return x


def _conv(to: Nodes, layer: Conv2d, before: Row, x: str) -> str:
    settings, pads = layer.settings, _pads(*layer.windows(before.output_shape[1:]).axes)
    if settings["padding_mode"] != "zeros":
        x, pads = _padded(to, x, pads, settings["padding_mode"]), [0, 0, 0, 0]
    options = {"dilations": settings["dilation"], "group": settings["groups"], **_window(layer)}
    return to.node("Conv", [x, *_weights(to, layer)], pads=pads, **options)


def _transposed(to: Nodes, layer: ConvTranspose2d, before: Row, x: str) -> str:
    (rows, columns), settings = layer._sides(), layer.settings
    pads = [rows[0], columns[0], rows[1], columns[1]]
    return to.node(
        "ConvTranspose", [x, *_weights(to, layer)], pads=pads,
        output_padding=settings["output_padding"], dilations=settings["dilation"],
        group=settings["groups"], **_window(layer),
    )  # fmt: skip


def _pool(to: Nodes, layer: MaxPool2d | AvgPool2d, before: Row, x: str) -> str:
    rows, columns = layer.windows(before.output_shape[1:]).axes
    # Rounding up, ONNX counts a last window wholly in the padding, too, which PyTorch drops; where
    # it is the only one, ours has as many windows as rounding down gives.
    ceil = any(replace(axis, ceil_mode=False).output < axis.output for axis in (rows, columns))
    if ceil and any(_rounded_up(axis) > axis.output for axis in (rows, columns)):
        raise ValueError(
            f"ONNX has no {type(layer).__name__} that rounds up along one side of maps of "
            f"{rows.size} × {columns.size} only; leave ceil_mode out."
        )
    options: dict[str, Any] = {"ceil_mode": int(ceil), "pads": _pads(rows, columns)}
    if isinstance(layer, MaxPool2d):
        options["dilations"] = layer.settings["dilation"]
        return to.node("MaxPool", [x], **options, **_window(layer))
    options["count_include_pad"] = int(layer.settings["count_include_pad"])
    return to.node("AveragePool", [x], **options, **_window(layer))


def _rounded_up(axis: Axis) -> int:
    """Return how many windows ONNX counts with ceil_mode."""
    return -(-(axis.padded - axis.extent) // axis.stride) + 1


def _window(layer: Layer) -> dict[str, Any]:
    return {"kernel_shape": layer.settings["kernel_size"], "strides": layer.settings["stride"]}


def _weights(to: Nodes, layer: Layer) -> list[str]:
    return [to.weight(parameter.value) for parameter in layer.parameters().values()]


def _padded(to: Nodes, x: str, pads: Sequence[int], mode: str) -> str:
    top, left, bottom, right = pads
    amounts = to.weight([0, 0, top, left, 0, 0, bottom, right], np.int64)
    return to.node("Pad", [x, amounts], mode=PADDING_MODES[mode])  # ONNX has NumPy's names


def _border(to: Nodes, layer: Pad2d, before: Row, x: str) -> str:
    pads = _pads(*layer.windows(before.output_shape[1:]).axes)
    return _padded(to, x, pads, layer.settings["padding_mode"])


def _pads(rows: Axis, columns: Axis) -> list[int]:
    """Return the padding as ONNX wants it: before both axes, then after them."""
    return [rows.padding[0], columns.padding[0], rows.padding[1], columns.padding[1]]


def _upsample(to: Nodes, layer: Upsample, before: Row, x: str) -> str:
    scales = to.weight([1, 1, *layer.settings["scale_factor"]])
    if layer.settings["mode"] == "nearest":
        how = {"mode": "nearest", "nearest_mode": "floor", PLACES: "asymmetric"}
    else:
        corners = layer.settings["align_corners"]
        how = {"mode": "linear", PLACES: "align_corners" if corners else "half_pixel"}
    return to.node("Resize", [x, "", scales], **how)


def _select(to: Nodes, layer: SelectChannels, before: Row, x: str) -> str:
    return to.node("Gather", [x, to.weight(layer.settings["channels"], np.int64)], axis=1)


def _activation(to: Nodes, layer: Activation, before: Row, x: str) -> str:
    if layer.weight is not None:
        return to.node("PRelu", [x, to.weight(layer.weight.value)])
    if layer.kind == "silu":
        return to.node("Mul", [x, to.node("Sigmoid", [x])])
    if layer.kind == "relu6":
        return to.node("Clip", [x, to.weight(0.0), to.weight(6.0)])
    if layer.kind == "hardsigmoid":
        return to.node("HardSigmoid", [x], alpha=1 / 6, beta=0.5)
    operator, names = ACTIVATIONS[layer.kind]
    return to.node(
        operator, [x], **{theirs: layer.settings[ours] for theirs, ours in names.items()}
    )


def _norm(to: Nodes, layer: BatchNorm2d, before: Row, x: str) -> str:
    statistics = [to.weight(array) for array in layer.buffers().values()]
    return to.node("BatchNormalization", [x, *_weights(to, layer), *statistics],
                   epsilon=layer.settings["eps"])  # fmt: skip


def _by_channel(to: Nodes, values: ArrayLike, before: Row) -> str:
    """Add one number per channel, in a shape that broadcasts with (N, C, …)."""
    return to.weight(np.reshape(values, (-1, *[1] * (len(before.output_shape) - 1))))


def _affine(to: Nodes, layer: Affine, before: Row, x: str) -> str:
    x = to.node("Mul", [x, _by_channel(to, layer.weight.value, before)])
    return to.node("Add", [x, _by_channel(to, layer.bias.value, before)])


def _prelu(to: Nodes, layer: PReLU, before: Row, x: str) -> str:
    return to.node("PRelu", [x, _by_channel(to, layer.weight.value, before)])


def _linear(to: Nodes, layer: Linear, before: Row, x: str) -> str:
    return to.node("Gemm", [x, *_weights(to, layer)], transB=1)


def _dropout(to: Nodes, layer: Dropout, before: Row, x: str) -> str:
    return to.node("Dropout", [x, to.weight(layer.settings["p"])])


def _branches(to: Nodes, layer: Parallel | Residual | Gated, before: Row, x: str) -> str:
    ends = [to.chain(branch, before, x) for branch in layer.branches]
    if isinstance(layer, Parallel):
        return to.node("Concat", ends, axis=1)
    return to.node("Mul" if isinstance(layer, Gated) else "Add", ends)


def _plain(operator: str, **settings: int) -> Callable[..., str]:
    return lambda to, layer, before, x: to.node(operator, [x], **settings)


WRITERS: dict[type[Layer], Callable[..., str]] = {
    Activation: _activation,
    Affine: _affine,
    AvgPool2d: _pool,
    BatchNorm2d: _norm,
    Conv2d: _conv,
    ConvTranspose2d: _transposed,
    Dropout: _dropout,
    Flatten: _plain("Flatten", axis=1),
    Gated: _branches,
    GlobalAvgPool2d: _plain("GlobalAveragePool"),
    GlobalMaxPool2d: _plain("GlobalMaxPool"),
    Linear: _linear,
    MaxPool2d: _pool,
    PReLU: _prelu,
    Pad2d: _border,
    Parallel: _branches,
    Residual: _branches,
    Softmax: _plain("Softmax", axis=1),
    Upsample: _upsample,
    SelectChannels: _select,
}
