"""The windows that convolution and pooling slide, over a batch in (C, H, W, N)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.shapes import Padding, Sides, output_shape, padding_pairs

Floats: TypeAlias = NDArray[np.floating]


@dataclass(frozen=True)
class Windows:
    """Where the windows stand; pairs are (vertical, horizontal)."""

    size: tuple[int, int]  # of the input
    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    sides: tuple[Sides, Sides]  # the padding
    count: tuple[int, int]

    @cached_property
    def axes(self) -> tuple[tuple, tuple]:
        """All of the above for the vertical axis, and for the horizontal one."""
        vertical, horizontal = zip(
            self.size,
            self.kernel_size,
            self.stride,
            self.dilation,
            self.sides,
            self.count,
            strict=True,
        )
        return vertical, horizontal

    @property
    def sight(self) -> tuple[tuple[int, int, int, int], tuple[int, int, int, int]]:
        """Return (kernel, stride, padding before, dilation) of both axes."""
        vertical, horizontal = (
            (width, step, before, spread) for _, width, step, spread, (before, _), _ in self.axes
        )
        return vertical, horizontal

    @cached_property
    def reach(self) -> tuple[Sides, Sides]:
        """The cells before and after the input that there must be for all windows."""
        vertical, horizontal = (
            (before, max(after, (count - 1) * step + spread * (width - 1) + 1 - size - before))
            for size, width, step, spread, (before, after), count in self.axes
        )
        return vertical, horizontal

    @cached_property
    def taps(self) -> tuple[tuple[int, int, tuple[slice, slice, slice]], ...]:
        """(row, column) of each place in a window, and the padded cells that stand there."""
        rows, columns = (
            [
                slice(place * spread, place * spread + step * (count - 1) + 1, step)
                for place in range(width)
            ]
            for _, width, step, spread, _, count in self.axes
        )
        return tuple(
            (row, column, (slice(None), rows[row], columns[column]))
            for row, column in product(*map(range, self.kernel_size))
        )

    def padded(self, x: Floats, value: float = 0) -> Floats:
        """Return `x` with all cells that the windows reach; those around it hold `value`."""
        (top, bottom), (left, right) = self.reach
        if not (top or bottom or left or right):
            return x
        channels, height, width, batch = x.shape
        out = np.full(
            (channels, top + height + bottom, left + width + right, batch), value, x.dtype
        )
        out[:, top : top + height, left : left + width] = x
        return out

    def inside(self, padded: Floats) -> Floats:
        """Return the view of a padded array without the cells around it."""
        (top, _), (left, _) = self.sides
        height, width = self.size
        return padded[:, top : top + height, left : left + width]

    def empty_padded(self, like: Floats) -> Floats:
        """Return zeros in the shape of a padded input, for the channels and batch of `like`."""
        height, width = (
            before + size + after
            for size, (before, after) in zip(self.size, self.reach, strict=True)
        )
        return np.zeros((len(like), height, width, like.shape[-1]), like.dtype)

    def check_pooling(self) -> None:
        """Refuse windows that would hold more padding, or less input, than a pool can take."""
        for name, *axis in zip(
            ("height", "width"), self.kernel_size, self.dilation, self.sides, strict=True
        ):
            width, spread, sides = axis
            most = (spread * (width - 1) + 1) // 2
            if max(sides) > most:
                raise ValueError(
                    f"In {name}: padding {sides[0]} + {sides[1]} is more than half a window of "
                    f"{width} with dilation {spread}; at most {most} at each end would fit."
                )
        if max(self.dilation) > 1 and not self.cells_counted(include_padding=False).all():
            raise ValueError(
                f"With dilation {self.dilation} a window of {self.kernel_size} reads nothing of "
                f"the {self.size} cells there are."
            )

    def cells_counted(self, include_padding: bool) -> NDArray[np.int64]:
        """Return (H', W'): the cells of each window in the input, or in that and its padding."""
        per_axis = []
        for size, width, step, spread, (before, after), count in self.axes:
            cells = np.arange(count)[:, None] * step - before + np.arange(width) * spread
            low, high = (-before, size + after) if include_padding else (0, size)
            per_axis.append(((cells >= low) & (cells < high)).sum(axis=1))
        return np.outer(*per_axis)


@lru_cache(maxsize=128)  # a training asks for the same few, hundreds of times a second
def windows_over(
    size: tuple[int, int],
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    padding: Padding,
    dilation: tuple[int, int] = (1, 1),
    ceil_mode: bool = False,
) -> Windows:
    """Put windows down on an input of `size`, or say why none fits."""
    sides = padding_pairs(padding, size, kernel_size, stride=stride, dilation=dilation)
    count = output_shape(
        size, kernel_size, stride=stride, padding=sides, dilation=dilation, ceil_mode=ceil_mode
    )
    return Windows(size, kernel_size, stride, dilation, sides, count)


def frozen_padding(padding: Padding) -> Padding:
    """Return `padding` if it has one of the known forms, with tuples for lists."""
    padding_pairs(padding, (1, 1), (1, 1))
    if isinstance(padding, str | int):
        return padding
    return tuple(tuple(sides) if isinstance(sides, Sequence) else sides for sides in padding)
