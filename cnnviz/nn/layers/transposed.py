"""The transposed convolution layer."""

from typing import Any, ClassVar

import numpy as np

from cnnviz.functional.checks import Pair, pair
from cnnviz.functional.convolution import conv2d
from cnnviz.functional.padding import Border, border_sides
from cnnviz.functional.receptive_field import ReceptiveField
from cnnviz.functional.transposed_convolution import check_output_padding, conv_transpose2d
from cnnviz.nn.layers.layer import Fields, Floats, Shape, Sight
from cnnviz.nn.layers.parameter import Seed, drawn, zeros
from cnnviz.nn.layers.weighted import Filtering, divided
from cnnviz.nn.layers.windows import frozen_padding
from cnnviz.nn.summary import Row

__all__ = ["ConvTranspose2d"]


class ConvTranspose2d(Filtering):
    """Stamp learned kernels into a larger map; `cnnviz.conv_transpose2d` with its own weights.

    Parameters
    ----------
    in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation
        As in `torch.nn.ConvTranspose2d`; padding may also differ per side.
    init : "he", "xavier" or a number
        The initial spread of the weights, or its name. The bias starts at 0.
    seed : int or Generator

    Attributes
    ----------
    weight : Parameter of shape (C, F / groups, kH, kW)
    bias : Parameter of shape (F,), or None

    Examples
    --------
    >>> ConvTranspose2d(16, 8, 2, stride=2).output_shape((16, 7, 7))
    (8, 14, 14)
    """

    kind: ClassVar[str] = "convt"

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Border = 0,
        output_padding: Pair = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Pair = 1,
        *,
        init: str | float = "he",
        seed: Seed = 0,
    ) -> None:
        channels, filters, groups = divided(in_channels, out_channels, groups)
        border_sides(padding)  # refuses names: nothing here has a size to keep
        step, tap = pair(stride, "stride"), pair(dilation, "dilation")
        extra = pair(output_padding, "output_padding", minimum=0)
        check_output_padding(extra, step, tap)
        super().__init__(
            in_channels=channels,
            out_channels=filters,
            kernel_size=pair(kernel_size, "kernel_size"),
            stride=step,
            padding=frozen_padding(padding),
            output_padding=extra,
            groups=groups,
            bias=bool(bias),
            dilation=tap,
        )
        kernel = self.settings["kernel_size"]
        self.weight = drawn((channels, filters // groups, *kernel), init, seed)
        self.bias = zeros(filters) if bias else None

    def output_shape(self, shape: Shape) -> Shape:
        """Return (F, H', W') for (C, H, W)."""
        grid = [
            (cells - 1) * step + self._extent(axis) + more - sum(sides)
            for axis, (cells, step, more, sides) in enumerate(
                zip(
                    self._grid(shape),
                    self.settings["stride"],
                    self.settings["output_padding"],
                    self._sides(),
                    strict=True,
                )
            )
        ]
        if min(grid) < 1:
            raise ValueError(f"The padding cuts off all of the cells that come from {shape}.")
        return self.settings["out_channels"], *grid

    def multiply_adds(self, shape: Shape) -> int:
        """Return one for each weight at each input cell."""
        return self.weight.size * shape[1] * shape[2]

    def fields(self, before: Row) -> Fields:
        """Return the fields of all stamps that reach a cell; a stride makes their steps smaller."""
        made = []
        for axis, field in enumerate(before.fields):
            step, reach = self.settings["stride"][axis], self._extent(axis) - 1
            jump = field.jump if step == 1 else field.jump / step
            start = field.start + (self._sides()[axis][0] - reach) * jump
            made.append(ReceptiveField(field.size + reach * jump, jump, start))
        return made[0], made[1]

    def sight(self, shape: Shape) -> Sight:
        """Return all cells: which of them a cell sees depends on its position."""
        return Sight(None, self.settings["groups"])

    def _extent(self, axis: int) -> int:
        return self.settings["dilation"][axis] * (self.settings["kernel_size"][axis] - 1) + 1

    def _sides(self) -> tuple[tuple[int, int], tuple[int, int]]:
        return border_sides(self.settings["padding"])

    def _compute(self, x: Floats) -> Floats:
        wanted = "stride", "padding", "output_padding", "groups", "dilation"
        settings = {name: self.settings[name] for name in wanted}
        bias = None if self.bias is None else self.bias.value
        return conv_transpose2d(x, self.weight.value, bias, **settings)

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        """Convolve the gradient with the kernel: the layer is a convolution's backward pass."""
        x, weight = memory, self.weight.value
        step, tap, groups = (self.settings[name] for name in ("stride", "dilation", "groups"))
        # The padding that was cut off has no gradient; the output padding gets no input.
        padded = np.pad(grad, ((0, 0), (0, 0), *self._sides()))
        if self.bias is not None:
            self.bias.grad = grad.sum(axis=(0, 2, 3))
        self.weight.grad = np.empty_like(weight)
        inputs = x.reshape(len(x), groups, -1, *x.shape[2:])
        rows, columns = x.shape[2:]
        for row, column in np.ndindex(*weight.shape[2:]):
            top, left = row * tap[0], column * tap[1]
            down = slice(top, top + (rows - 1) * step[0] + 1, step[0])
            across = slice(left, left + (columns - 1) * step[1] + 1, step[1])
            seen = padded[:, :, down, across].reshape(len(x), groups, -1, rows, columns)
            found = np.einsum("ngchw,ngfhw->gcf", inputs, seen, optimize=True)
            self.weight.grad[:, :, row, column] = found.reshape(weight.shape[:2])
        if not to_input:
            return None
        # (C, F / groups, kH, kW) is what a convolution from F to C channels takes.
        result = conv2d(padded, weight, stride=step, dilation=tap, groups=groups)
        return result[:, :, :rows, :columns]
