"""Sliding windows over a batch in (C, H, W, N), and what the layers that have them share."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import cast

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.axis import Axis
from cnnviz.functional.checks import check_memory
from cnnviz.functional.geometry import Axes, padding_pairs
from cnnviz.functional.padding import Padding, Sides
from cnnviz.functional.receptive_field import Taps
from cnnviz.nn.layers.layer import Fields, Floats, Layer, Shape, Sight, planes
from cnnviz.nn.summary import Row


@dataclass(frozen=True)
class Windows:
    """Two checked axes, applied to arrays."""

    axes: Axes

    @property
    def count(self) -> tuple[int, int]:
        """Rows and columns of windows."""
        return self.axes[0].output, self.axes[1].output

    @property
    def kernel_size(self) -> tuple[int, int]:
        """Rows and columns of one window."""
        return self.axes[0].kernel_size, self.axes[1].kernel_size

    @property
    def taps(self) -> tuple[Taps, Taps]:
        """Which cells the windows read, along each axis."""
        return self.axes[0].taps, self.axes[1].taps

    @property
    def border(self) -> tuple[Sides, Sides]:
        """The cells needed around the input for all windows."""
        return self.axes[0].border, self.axes[1].border

    @cached_property
    def places(self) -> tuple[tuple[int, int, tuple[slice, slice, slice]], ...]:
        """(row, column) of each position in a window, and the padded cells of all windows there."""
        rows, columns = (list(axis.slices()) for axis in self.axes)
        return tuple(
            (row, column, (slice(None), rows[row], columns[column]))
            for row, column in product(*map(range, self.kernel_size))
        )

    def padded(self, x: Floats, value: float = 0) -> Floats:
        """Return `x` padded with `value` as far as the windows read."""
        if not any(map(any, self.border)):
            return x
        shape = self._padded_shape(x)
        check_memory(shape, "x with its padding")
        out = np.full(shape, value, x.dtype)
        self.inside(out)[...] = x
        return out

    def inside(self, padded: Floats) -> Floats:
        """Return a view of a padded array without its padding."""
        (top, _), (left, _) = self.border
        height, width = (axis.size for axis in self.axes)
        return padded[:, top : top + height, left : left + width]

    def empty_padded(self, like: Floats) -> Floats:
        """Return zeros in the shape of a padded input, for the channels and batch of `like`."""
        return np.zeros(self._padded_shape(like), like.dtype)

    def _padded_shape(self, like: Floats) -> tuple[int, int, int, int]:
        height, width = (axis.size + sum(axis.border) for axis in self.axes)
        return len(like), height, width, like.shape[-1]

    def cells_counted(self, include_padding: bool) -> NDArray[np.int64]:
        """Return (H', W'): the cells of each window in the input, or in the padded input."""
        return np.outer(*(axis.cells_counted(include_padding) for axis in self.axes))


class Windowed(Layer):
    """A layer whose output cells see a window each: in the same channel, if no more is said."""

    def windows(self, size: Sequence[int]) -> Windows:
        """Return the windows over maps of `size` (H, W)."""
        raise NotImplementedError

    def output_shape(self, shape: Shape) -> Shape:
        """Return (C, H', W') for (C, H, W): a cell for each window."""
        channels, *size = planes(shape, self)
        return channels, *self.windows(size).count

    def sight(self, shape: Shape) -> Sight:
        """Return the window, in the same channel."""
        return Sight(self.windows(shape[1:]).taps, shape[0])

    def fields(self, before: Row) -> Fields:
        """Return the fields, widened by the window."""
        vertical, horizontal = map(Axis.field, self.windows(before.grid).axes, before.fields)
        return vertical, horizontal


@lru_cache(maxsize=128)  # training needs the same few, hundreds of times a second
def windows_over(axes: Axes) -> Windows:
    """Return the windows of two axes; equal axes give the same object."""
    return Windows(axes)


def frozen_padding(padding: Padding) -> Padding:
    """Return `padding` if it has a known form, as tuples and ints of Python."""
    padding_pairs(padding, (1, 1), (1, 1))
    if not isinstance(padding, list | tuple):
        return padding if isinstance(padding, str) else int(padding)
    frozen = tuple(
        tuple(map(int, sides)) if isinstance(sides, list | tuple) else int(sides)
        for sides in padding
    )
    return cast(Padding, frozen)
