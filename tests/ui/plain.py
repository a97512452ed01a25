"""The chain of the Lab again, written as plainly as possible: the oracle for its numbers."""

import math
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import erf, expit

from tests.ui.apptest import SETTINGS

MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}

ACTIVATIONS = {
    "none": lambda z, s: z,
    "relu": lambda z, s: np.maximum(z, 0),
    "leaky_relu": lambda z, s: np.where(z > 0, z, s["leaky_relu.negative_slope"] * z),
    "prelu": lambda z, s: np.where(z > 0, z, s["prelu.weight"] * z),
    "elu": lambda z, s: np.where(z > 0, z, s["elu.alpha"] * np.expm1(np.minimum(z, 0))),
    "selu": lambda z, s: (
        1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))
    ),
    "sigmoid": lambda z, s: expit(z),
    "tanh": lambda z, s: np.tanh(z),
    "gelu": lambda z, s: z * (1 + erf(z / math.sqrt(2))) / 2,
    "silu": lambda z, s: z * expit(z),
    "softplus": lambda z, s: np.logaddexp(z, 0),
    "relu6": lambda z, s: np.minimum(np.maximum(z, 0), 6),
    "hardsigmoid": lambda z, s: np.clip(z / 6 + 0.5, 0, 1),
    "hardswish": lambda z, s: z * np.clip(z / 6 + 0.5, 0, 1),
}


class Side(NamedTuple):
    """One axis of a step: number of output cells, span of the window, padding."""

    count: int
    stride: int
    dilation: int
    span: int
    before: int
    after: int


class Plain(NamedTuple):
    """The maps of one kernel, and the axes that made them."""

    features: np.ndarray
    activated: np.ndarray
    pooled: np.ndarray
    convolution: tuple[Side, Side]
    pooling: tuple[Side, Side] | None


def plain(x, matrix, settings):
    """Send x, (H, W) or (C, H, W), through the chain; `settings` by their names in links."""
    s = {name: setting.default for name, setting in SETTINGS.items()} | settings
    matrix = np.asarray(matrix, float)[:: -1 if s["flip"] else 1, :: -1 if s["flip"] else 1]
    sizes = zip(x.shape[-2:], matrix.shape, (0, 1), strict=True)
    sides = tuple(_convolution_side(size, kernel, axis, s) for size, kernel, axis in sizes)
    bias = s["bias"] if s["values"] == "255" else s["bias_1"]
    planes = [_correlate(plane, matrix, sides, s) for plane in x.reshape(-1, *x.shape[-2:])]
    features = sum(planes) + bias
    activated = ACTIVATIONS[s["activation"]](features, s)
    if s["pooling"] == "none":
        return Plain(features, activated, activated, sides, None)
    windows = tuple(_pooling_side(size, s) for size in activated.shape)
    return Plain(features, activated, _pool(activated, windows, s), sides, windows)


def _convolution_side(size, kernel, axis, s):
    across = "_across" if s["separate"] and axis == 1 else ""
    stride, dilation = s["stride" + across], s["dilation" + across]
    span = dilation * (kernel - 1) + 1
    total = max((math.ceil(size / stride) - 1) * stride + span - size, 0)
    before, after = {
        "valid": (0, 0),
        "same": (total // 2, total - total // 2),
        "full": (span - 1, span - 1),
        "number": (s["pad"], s["pad"]),
        "sides": [(s["pad_top"], s["pad_bottom"]), (s["pad_left"], s["pad_right"])][axis],
    }[s["padding"]]
    count = (size + before + after - span) // stride + 1
    return Side(count, stride, dilation, span, before, after)


def _correlate(plane, matrix, sides, s):
    down, across = sides
    margins = ((down.before, down.after), (across.before, across.after))
    padded = np.pad(plane.astype(float), margins, MODES[s["mode"]])
    windows = sliding_window_view(padded, (down.span, across.span))
    cells = windows[
        :: down.stride, :: across.stride, :: down.dilation, :: across.dilation
    ]  # (H', W', kH, kW)
    return np.einsum("ijuv,uv->ij", cells, matrix)


def _pooling_side(size, s):
    window, stride, pad = s["window"], s["pool_stride"], s["pool_padding"]
    count = (math.ceil if s["ceil"] else math.floor)((size + 2 * pad - window) / stride) + 1
    if (count - 1) * stride >= pad + size:
        count -= 1  # it would start in the padding after the last cell
    return Side(count, stride, 1, window, pad, pad)


def _pool(z, sides, s):
    pad = s["pool_padding"]
    padded = np.pad(z, pad, constant_values=np.nan)
    down, across = sides
    out = np.empty((down.count, across.count))
    for i, j in np.ndindex(out.shape):
        top, left = i * down.stride, j * across.stride
        window = padded[top : top + down.span, left : left + across.span]
        if s["pooling"] == "max":
            out[i, j] = np.nanmax(window)
        else:
            cells = window.size if s["include_pad"] else np.count_nonzero(~np.isnan(window))
            out[i, j] = np.nansum(window) / cells
    return out
