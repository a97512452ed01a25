"""The arithmetic of one cell of one layer, in double precision."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.padding import PADDING_MODES
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.normalisation import BatchNorm2d
from cnnviz.nn.layers.pointwise import Linear
from cnnviz.nn.layers.windows import Windowed

__all__ = [
    "ChannelPart",
    "ConvUnit",
    "DenseUnit",
    "NormUnit",
    "Window",
    "conv_unit",
    "counted_cells",
    "dense_unit",
    "norm_unit",
    "window",
]


class Window(NamedTuple):
    """The window of a cell in one channel: values (kH, kW), and which of them are padding."""

    values: NDArray[np.float64]
    padded: NDArray[np.bool_]
    top: int  # row of the input where the window begins
    left: int


@dataclass(frozen=True)
class ChannelPart:
    """What one input channel adds to a cell: the sum of window × kernel."""

    channel: int
    window: Window
    kernel: NDArray[np.float64]

    @property
    def total(self) -> float:
        """The partial sum."""
        return float((self.window.values * self.kernel).sum())


@dataclass(frozen=True)
class ConvUnit:
    """A cell of a convolution: one part for each channel of its group, and the bias."""

    parts: tuple[ChannelPart, ...]
    bias: float

    @property
    def total(self) -> float:
        """The sum of all parts and the bias."""
        return sum(part.total for part in self.parts) + self.bias

    def strongest(self, count: int) -> tuple[tuple[ChannelPart, ...], float]:
        """Return the parts furthest from 0, the furthest first, and the sum of the rest.

        >>> unit = conv_unit(Conv2d(9, 1, 1, seed=1), np.ones((9, 1, 1)), 0, 0, 0)
        >>> parts, rest = unit.strongest(3)
        >>> abs(parts[0].total) >= abs(parts[1].total) >= abs(parts[2].total)
        True
        >>> abs(sum(part.total for part in parts) + rest + unit.bias - unit.total) < 1e-12
        True
        """
        order = sorted(self.parts, key=lambda part: -abs(part.total))
        return tuple(order[:count]), sum(part.total for part in order[count:])


@dataclass(frozen=True)
class DenseUnit:
    """A unit of a dense layer: inputs (N,), their weights (N,), and the bias."""

    inputs: NDArray[np.float64]
    weights: NDArray[np.float64]
    bias: float

    @property
    def products(self) -> NDArray[np.float64]:
        """Input × weight, (N,)."""
        return self.inputs * self.weights

    @property
    def total(self) -> float:
        """The sum of all products and the bias."""
        return float(self.products.sum()) + self.bias

    def strongest(self, count: int) -> NDArray[np.int64]:
        """Return the indices of the products furthest from 0, the furthest first."""
        return np.argsort(-np.abs(self.products), kind="stable")[:count]


class NormUnit(NamedTuple):
    """How batch normalisation makes a number: (x − mean) / √(var + eps) · weight + bias."""

    x: float
    mean: float
    var: float
    eps: float
    weight: float
    bias: float

    @property
    def total(self) -> float:
        """The result."""
        return (self.x - self.mean) / (self.var + self.eps) ** 0.5 * self.weight + self.bias


def window(
    layer: Windowed, plane: ArrayLike, row: int, column: int, *, fill: float = 0.0
) -> Window:
    """Return what the cell at (row, column) of a convolution or pooling sees of a channel.

    Parameters
    ----------
    layer : Conv2d, MaxPool2d or AvgPool2d
    plane : array (H, W)
        The channel.
    fill : float
        The value in a padding of zeros.

    Examples
    --------
    >>> from cnnviz.nn import MaxPool2d
    >>> seen = window(MaxPool2d(2), np.arange(16).reshape(4, 4), 1, 0)
    >>> seen.values.tolist(), seen.top, seen.left
    ([[8.0, 9.0], [12.0, 13.0]], 2, 0)
    """
    return _windows_of(layer, np.asarray(plane)[None], row, column, fill)[0]


def counted_cells(layer: Windowed, size: Sequence[int], row: int, column: int) -> NDArray[np.bool_]:
    """Return which cells (kH, kW) of a pooling window count, for maps of a size (H, W).

    Those of the padding do in a mean that includes it; those beyond the padding never do.

    Examples
    --------
    >>> from cnnviz.nn import AvgPool2d
    >>> counted_cells(AvgPool2d(2, ceil_mode=True), (3, 4), 1, 0).tolist()
    [[True, True], [False, False]]
    """
    windows = layer.windows(size)
    counted = []
    for axis, at in zip(windows.axes, (row, column), strict=True):
        cells = np.asarray(axis.cells(at))
        before, after = axis.padding if layer.settings.get("count_include_pad") else (0, 0)
        counted.append((cells >= -before) & (cells < axis.size + after))
    return counted[0][:, None] & counted[1]


def _windows_of(
    layer: Windowed, x: NDArray[Any], row: int, column: int, fill: float = 0.0
) -> list[Window]:
    """Return what the cell at (row, column) sees of each channel of x (C, H, W)."""
    windows = layer.windows(x.shape[1:])
    mode = layer.settings.get("padding_mode", "zeros")
    indices, beyond, starts = [], [], []
    for axis, at in zip(windows.axes, (row, column), strict=True):
        cells = np.asarray(axis.cells(at))  # those outside the input are padding
        how = "edge" if mode == "zeros" else PADDING_MODES[mode]
        padded = np.pad(np.arange(axis.size), axis.border, mode=how)
        indices.append(padded[cells + axis.border[0]])
        beyond.append((cells < 0) | (cells >= axis.size))
        starts.append(int(cells[0]))
    outside = beyond[0][:, None] | beyond[1]
    values = x[:, indices[0][:, None], indices[1]].astype(np.float64)
    if mode == "zeros":
        values[:, outside] = fill
    return [Window(each, outside, *starts) for each in values]


def conv_unit(layer: Conv2d, x: ArrayLike, channel: int, row: int, column: int) -> ConvUnit:
    """Take the cell (channel, row, column) of a convolution of x (C, H, W) apart.

    Examples
    --------
    >>> layer = Conv2d(2, 3, 3, padding=1, seed=1)
    >>> x = np.random.default_rng(0).normal(size=(2, 5, 5))
    >>> unit = conv_unit(layer, x, 2, 0, 4)
    >>> bool(abs(unit.total - layer.forward(x[None])[0, 2, 0, 4]) < 1e-6), len(unit.parts)
    (True, 2)
    """
    x = np.asarray(x)
    weight = layer.weight.value[channel].astype(np.float64)
    first = channel // (layer.out_channels // layer.settings["groups"]) * len(weight)
    seen = _windows_of(layer, x[first : first + len(weight)], row, column)
    parts = tuple(
        ChannelPart(first + i, each, kernel)
        for i, (each, kernel) in enumerate(zip(seen, weight, strict=True))
    )
    return ConvUnit(parts, 0.0 if layer.bias is None else float(layer.bias.value[channel]))


def dense_unit(layer: Linear, x: ArrayLike, unit: int) -> DenseUnit:
    """Take a unit of a dense layer on x (N,) apart.

    Examples
    --------
    >>> layer = Linear(4, 2, seed=1)
    >>> unit = dense_unit(layer, [1, 2, 3, 4], 1)
    >>> bool(abs(unit.total - layer.forward([[1, 2, 3, 4]])[0, 1]) < 1e-6)
    True
    """
    bias = 0.0 if layer.bias is None else float(layer.bias.value[unit])
    weights = layer.weight.value[unit].astype(np.float64)
    return DenseUnit(np.asarray(x, np.float64), weights, bias)


def norm_unit(layer: BatchNorm2d, x: ArrayLike, channel: int, row: int, column: int) -> NormUnit:
    """Take the cell (channel, row, column) of batch normalisation of x (C, H, W) apart.

    In training mode, mean and variance are those of the channel itself.

    Examples
    --------
    >>> layer = BatchNorm2d(1)
    >>> layer.training = True
    >>> unit = norm_unit(layer, [[[1.0, 3.0]]], 0, 0, 1)
    >>> unit.mean, unit.var, round(unit.total, 4)
    (2.0, 1.0, 1.0)
    """
    plane = np.asarray(x, np.float64)[channel]
    mean, var = plane.mean(), plane.var()
    if not layer.training:
        mean, var = layer.running_mean[channel], layer.running_var[channel]
    weight, bias = layer.weight.value[channel], layer.bias.value[channel]
    eps = layer.settings["eps"]
    return NormUnit(*map(float, (plane[row, column], mean, var, eps, weight, bias)))
