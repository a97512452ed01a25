"""The convolution layer."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from cnnviz.functional.arguments import check_padding_mode
from cnnviz.functional.checks import Pair, check_memory, pair
from cnnviz.functional.convolution import conv2d
from cnnviz.functional.geometry import axes_of, checked_axes
from cnnviz.functional.padding import PADDING_MODES, Padding
from cnnviz.nn.layers.layer import (
    Floats,
    Shape,
    Sight,
    to_batch_first,
    to_batch_last,
)
from cnnviz.nn.layers.parameter import Seed, drawn, zeros
from cnnviz.nn.layers.products import product
from cnnviz.nn.layers.weighted import Filtering, divided
from cnnviz.nn.layers.windows import Windowed, Windows, frozen_padding, windows_over

__all__ = ["Conv2d"]


class Conv2d(Filtering, Windowed):
    """Slide a bank of learned filters over the maps; `cnnviz.conv2d` with its own weights.

    Parameters
    ----------
    in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode
        As in `torch.nn.Conv2d`; padding takes all forms of `cnnviz.conv2d`.
    init : "he", "xavier" or a number
        The initial spread of the weights, or its name. The bias starts at 0.
    seed : int or Generator

    Attributes
    ----------
    weight : Parameter of shape (F, C / groups, kH, kW)
    bias : Parameter of shape (F,), or None

    Examples
    --------
    >>> layer = Conv2d(3, 16, 5, padding="same")
    >>> layer.output_shape((3, 32, 32)), layer.factors
    ((16, 32, 32), '16 × 3 × 5 × 5 + 16')
    """

    kind: ClassVar[str] = "conv"

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Padding = 0,
        dilation: Pair = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        *,
        init: str | float = "he",
        seed: Seed = 0,
    ) -> None:
        channels, filters, groups = divided(in_channels, out_channels, groups)
        check_padding_mode(padding_mode)
        self.out_channels = filters
        super().__init__(
            in_channels=channels,
            out_channels=filters,
            kernel_size=pair(kernel_size, "kernel_size"),
            stride=pair(stride, "stride"),
            padding=frozen_padding(padding),
            dilation=pair(dilation, "dilation"),
            groups=groups,
            padding_mode=padding_mode,
            bias=bool(bias),
        )
        kernel = self.settings["kernel_size"]
        self.weight = drawn((filters, channels // groups, *kernel), init, seed)
        self.bias = zeros(filters) if bias else None

    def output_shape(self, shape: Shape) -> Shape:
        """Return (F, H', W') for (C, H, W)."""
        return self.out_channels, *self.windows(self._grid(shape)).count

    def multiply_adds(self, shape: Shape) -> int:
        """Return one for each weight of each filter at each position."""
        _, height, width = self.output_shape(shape)
        return self.weight.size * height * width

    def sight(self, shape: Shape) -> Sight:
        """Return the window of the kernel, in the channels of the filter's group."""
        return Sight(self.windows(shape[1:]).taps, self.settings["groups"])

    def windows(self, size: Sequence[int]) -> Windows:
        """Return the windows of the kernel over maps of `size` (H, W)."""
        height, width = size
        wanted = ("stride", "padding", "dilation", "padding_mode")
        settings = {name: self.settings[name] for name in wanted}
        return windows_over(
            checked_axes(axes_of((height, width), self.settings["kernel_size"], **settings))
        )

    def _compute(self, x: Floats) -> Floats:
        settings = {
            name: self.settings[name]
            for name in ("stride", "padding", "dilation", "groups", "padding_mode")
        }
        bias = None if self.bias is None else self.bias.value
        return conv2d(x, self.weight.value, bias, **settings)

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        """Arrange the windows as columns, so that one matrix product does the rest (im2col)."""
        windows = self.windows(x.shape[2:])
        columns = self._columns(windows, to_batch_last(x))
        weight = self._matrices().astype(x.dtype, copy=False)
        out = product(weight, columns).reshape(self.out_channels, -1)
        if self.bias is not None:
            out += self.bias.value[:, None]
        out = to_batch_first(out.reshape(-1, *windows.count, len(x)))
        return out, (windows, columns, weight)

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        windows, columns, weight = memory
        batch = len(grad)
        grad = to_batch_last(grad).reshape(self.settings["groups"], weight.shape[1], -1)
        self.weight.grad = product(grad, columns.transpose(0, 2, 1)).reshape(self.weight.shape)
        if self.bias is not None:
            self.bias.grad = grad.sum(axis=2).ravel()
        if not to_input:
            return None
        columns = product(weight.transpose(0, 2, 1), grad)
        columns = columns.reshape(-1, *windows.kernel_size, *windows.count, batch)
        padded = windows.empty_padded(columns)
        for row, column, cells in windows.places:
            padded[cells] += columns[:, row, column]
        self._return_border(windows, padded)
        return to_batch_first(windows.inside(padded))

    def _matrices(self) -> Floats:
        """Return the weight as (groups, filters per group, taps per filter)."""
        groups = self.settings["groups"]
        return self.weight.value.reshape(groups, self.out_channels // groups, -1)

    def _columns(self, windows: Windows, x: Floats) -> Floats:
        """Return (groups, taps per filter, positions × examples)."""
        padded = windows.padded(x)
        for axis, inner, outer in self._border(windows):
            padded.swapaxes(0, axis)[outer] = padded.swapaxes(0, axis)[inner]
        channels, batch = len(x), x.shape[-1]
        shape = channels, *windows.kernel_size, *windows.count, batch
        check_memory(shape, "The windows, side by side,")
        columns = np.empty(shape, x.dtype)
        for row, column, cells in windows.places:
            columns[:, row, column] = padded[cells]
        groups = self.settings["groups"]
        taps = self.weight.size // self.out_channels
        return columns.reshape(groups, taps, -1)

    def _return_border(self, windows: Windows, padded: Floats) -> None:
        """Add the gradient of each cell of the border to that of the cell it was copied from."""
        for axis, inner, outer in self._border(windows):
            padded.swapaxes(0, axis)[inner] += padded.swapaxes(0, axis)[outer]

    def _border(self, windows: Windows) -> list[tuple[int, int, int]]:
        """List (axis, inner, outer): the padded row or column `outer` is a copy of `inner`."""
        mode = self.settings["padding_mode"]
        if mode == "zeros":
            return []
        copies = []
        for number, axis in enumerate(windows.axes, 1):
            before, size = axis.padding[0], axis.size
            inner = before + np.pad(np.arange(size), axis.padding, mode=PADDING_MODES[mode])
            outside = [*range(before), *range(before + size, axis.padded)]
            copies += [(number, int(inner[outer]), outer) for outer in outside]
        return copies
