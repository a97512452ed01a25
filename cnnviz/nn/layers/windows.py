"""The windows that convolution and pooling slide, over a batch in (C, H, W, N)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.checks import check_memory
from cnnviz.functional.geometry import Axes, padding_pairs
from cnnviz.functional.padding import Padding, Sides
from cnnviz.functional.receptive_field import Taps

Floats: TypeAlias = NDArray[np.floating]


@dataclass(frozen=True)
class Windows:
    """Two axes that fit, laid over arrays."""

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
        """The cells around the input that there must be for all windows."""
        return self.axes[0].border, self.axes[1].border

    @cached_property
    def places(self) -> tuple[tuple[int, int, tuple[slice, slice, slice]], ...]:
        """(row, column) of each place in a window, and the padded cells that stand there."""
        rows, columns = (list(axis.slices()) for axis in self.axes)
        return tuple(
            (row, column, (slice(None), rows[row], columns[column]))
            for row, column in product(*map(range, self.kernel_size))
        )

    def padded(self, x: Floats, value: float = 0) -> Floats:
        """Return `x` with all cells that the windows read; those around it hold `value`."""
        if not any(map(any, self.border)):
            return x
        shape = self._padded_shape(x)
        check_memory(shape, "x with its padding")
        out = np.full(shape, value, x.dtype)
        self.inside(out)[...] = x
        return out

    def inside(self, padded: Floats) -> Floats:
        """Return the view of a padded array without the cells around it."""
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
        """Return (H', W'): the cells of each window in the input, or in that and its padding."""
        return np.outer(*(axis.cells_counted(include_padding) for axis in self.axes))


@lru_cache(maxsize=128)  # a training needs the same few, hundreds of times a second
def windows_over(axes: Axes) -> Windows:
    """Return the windows of two axes; the same axes give the same windows."""
    return Windows(axes)


def frozen_padding(padding: Padding) -> Padding:
    """Return `padding` if it has one of the known forms, with tuples for lists."""
    padding_pairs(padding, (1, 1), (1, 1))
    if not isinstance(padding, list | tuple):
        return padding if isinstance(padding, str) else int(padding)
    frozen = tuple(tuple(sides) if isinstance(sides, Sequence) else sides for sides in padding)
    return cast(Padding, frozen)
