"""Pooling: every window of a feature map becomes one number, its largest or its mean.

Names and arguments are those of `torch.nn.functional`; padding takes the forms of `conv2d`.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.dtypes import floats
from cnnviz.functional.shapes import Padding, Pair, Sides, output_shape, padding_pairs, pair

__all__ = ["avg_pool2d", "global_avg_pool2d", "global_max_pool2d", "max_pool2d"]

Floats = NDArray[np.floating]


def max_pool2d(
    x: ArrayLike,
    kernel_size: Pair,
    *,
    stride: Pair | None = None,
    padding: Padding = 0,
    dilation: Pair = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Floats | tuple[Floats, NDArray[np.int64]]:
    """Keep the largest number of each window.

    Parameters
    ----------
    x : array-like (H, W), (C, H, W) or (N, C, H, W)
        float32 stays float32, integers become float64. A NaN is the largest of its window.
    kernel_size, stride, dilation : int or (vertical, horizontal)
        In cells; without a stride the windows stand side by side.
    padding : int, (vertical, horizontal), ((top, bottom), (left, right)), "valid" or "same"
        At most half the window. It counts as −∞, so that it never wins.
    ceil_mode : bool
        Let a last window run over the end, if it starts before it.
    return_indices : bool
        Return also where in its plane, row by row, each winner stood: the first of several.

    Returns
    -------
    array (…, H', W'), or that and its indices

    Raises
    ------
    ValueError
        If no window fits or the padding is too wide; the text says what would fit.

    Examples
    --------
    >>> x = [[1, 2, 5, 6], [3, 4, 7, 8]]
    >>> max_pool2d(x, 2).tolist()
    [[4.0, 8.0]]
    >>> max_pool2d(x, 2, return_indices=True)[1].tolist()
    [[5, 7]]
    """
    x = _planes(x)
    axes = _axes(x, kernel_size, stride, padding, dilation, ceil_mode)
    padded = _padded(x, axes, -np.inf)
    if return_indices:
        return _max_with_indices(padded, axes)
    return _over_windows(np.maximum, padded, axes)


def avg_pool2d(
    x: ArrayLike,
    kernel_size: Pair,
    *,
    stride: Pair | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Floats:
    """Keep the mean of each window.

    Parameters
    ----------
    x, kernel_size, stride, padding, ceil_mode
        As for `max_pool2d`, except that padding is 0.
    count_include_pad : bool
        Divide by the number of cells with those of the padding, or without them. Cells beyond
        the padding, which `ceil_mode` may reach, never count.

    Returns
    -------
    array (…, H', W')

    Raises
    ------
    ValueError
        If no window fits or the padding is too wide; the text says what would fit.

    Examples
    --------
    >>> avg_pool2d([[1, 2, 5, 6], [3, 4, 7, 8]], 2).tolist()
    [[2.5, 6.5]]
    """
    x = _planes(x)
    axes = _axes(x, kernel_size, stride, padding, 1, ceil_mode)
    rows, columns = (axis.cells_counted(count_include_pad) for axis in axes)
    with np.errstate(invalid="ignore"):  # ∞ − ∞ is NaN, as it should be
        total = _over_windows(np.add, _padded(x, axes, 0), axes)
    total /= np.outer(rows, columns)
    return total


def global_max_pool2d(x: ArrayLike) -> Floats:
    """Keep the largest number of each plane: (…, H, W) becomes (…, 1, 1).

    Examples
    --------
    >>> global_max_pool2d([[1, 2], [3, 4]]).tolist()
    [[4.0]]
    """
    return _planes(x).max(axis=(-2, -1), keepdims=True)


def global_avg_pool2d(x: ArrayLike) -> Floats:
    """Keep the mean of each plane: (…, H, W) becomes (…, 1, 1).

    Examples
    --------
    >>> global_avg_pool2d([[1, 2], [3, 4]]).tolist()
    [[2.5]]
    """
    with np.errstate(invalid="ignore"):  # ∞ − ∞ is NaN, as it should be
        return _planes(x).mean(axis=(-2, -1), keepdims=True)


class _Axis(NamedTuple):
    """The windows along one axis; cells are numbered from the first one of the input."""

    size: int
    kernel_size: int
    stride: int
    dilation: int
    before: int
    after: int
    windows: int

    @property
    def starts(self) -> NDArray[np.int64]:
        """The first cell of each window."""
        return np.arange(self.windows) * self.stride - self.before

    @property
    def overhang(self) -> int:
        """How far the last window reaches beyond the padding."""
        last = self.starts[-1].item() + self.dilation * (self.kernel_size - 1)
        return max(0, last + 1 - self.size - self.after)

    @property
    def places_skipped(self) -> NDArray[np.int64]:
        """How many places of each window lie in the padding before the input."""
        return np.maximum(-(self.starts // self.dilation), 0)

    def taps(self) -> Iterator[slice]:
        """Yield for each place in the window the padded cells that stand there."""
        reach = self.stride * (self.windows - 1) + 1
        for place in range(self.kernel_size):
            yield slice(place * self.dilation, place * self.dilation + reach, self.stride)

    def cells_counted(self, include_padding: bool) -> NDArray[np.int64]:
        """Return the number of cells that count in each window."""
        before, after = (self.before, self.after) if include_padding else (0, 0)
        ends = np.minimum(self.starts + self.kernel_size, self.size + after)
        return ends - np.maximum(self.starts, -before)


def _planes(x: ArrayLike) -> Floats:
    x = floats(x)
    if x.ndim not in (2, 3, 4):
        raise ValueError(f"x must be (H, W), (C, H, W) or (N, C, H, W), got shape {x.shape}.")
    return x


def _axes(
    x: Floats,
    kernel_size: Pair,
    stride: Pair | None,
    padding: Padding,
    dilation: Pair,
    ceil_mode: bool,
) -> tuple[_Axis, _Axis]:
    """Check the windows and return them axis by axis."""
    size = x.shape[-2:]
    kernel_size, dilation = pair(kernel_size, "kernel_size"), pair(dilation, "dilation")
    stride = kernel_size if stride is None else pair(stride, "stride")
    sides = padding_pairs(padding, size, kernel_size, stride=stride, dilation=dilation)
    return _checked(size, kernel_size, stride, sides, dilation, bool(ceil_mode))


@lru_cache(maxsize=256)  # of many maps alike, the windows are the same
def _checked(
    size: Sides,
    kernel_size: Sides,
    stride: Sides,
    sides: tuple[Sides, Sides],
    dilation: Sides,
    ceil_mode: bool,
) -> tuple[_Axis, _Axis]:
    windows = output_shape(
        size,
        kernel_size,
        stride=stride,
        padding=sides,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )
    vertical, horizontal = (
        _Axis(*axis[:4], *axis[4], axis[5])
        for axis in zip(size, kernel_size, stride, dilation, sides, windows, strict=True)
    )
    for name, axis in ("height", vertical), ("width", horizontal):
        extent = axis.dilation * (axis.kernel_size - 1) + 1
        if max(axis.before, axis.after) > extent // 2:
            raise ValueError(
                f"In {name}: padding {axis.before} + {axis.after} is more than half a window "
                f"of {extent} cells; at most {extent // 2} at each end would fit."
            )
        if (axis.starts + axis.places_skipped * axis.dilation).max() >= axis.size:
            raise ValueError(
                f"In {name}: with dilation {axis.dilation} and padding {axis.before} a window "
                f"of {axis.kernel_size} reads nothing of the {axis.size} cells there are."
            )
    return vertical, horizontal


def _padded(x: Floats, axes: tuple[_Axis, _Axis], value: float) -> Floats:
    """Return `x` with all that the windows reach; the cells around it hold `value`."""
    border = [(axis.before, axis.after + axis.overhang) for axis in axes]
    if not any(map(any, border)):
        return x
    return np.pad(x, [(0, 0)] * (x.ndim - 2) + border, constant_values=value)


def _over_windows(combine: np.ufunc, padded: Floats, axes: tuple[_Axis, _Axis]) -> Floats:
    """Combine the cells of each window: first along its columns, then along its rows.

    kH + kW steps take the place of kH · kW, and the first kind runs along whole rows of memory.
    """
    vertical, horizontal = axes
    columns = _fold(combine, [padded[..., tap, :] for tap in vertical.taps()])
    return _fold(combine, [columns[..., tap] for tap in horizontal.taps()])


def _fold(combine: np.ufunc, parts: list[Floats]) -> Floats:
    result = parts[0].copy()
    for part in parts[1:]:
        combine(result, part, out=result)
    return result


def _max_with_indices(
    padded: Floats, axes: tuple[_Axis, _Axis]
) -> tuple[Floats, NDArray[np.int64]]:
    """Visit the places of the window, row by row, and let larger numbers and NaN take over."""
    vertical, horizontal = axes
    rows, columns = (axis.places_skipped for axis in axes)
    shape = (*padded.shape[:-2], vertical.windows, horizontal.windows)
    best = np.full(shape, -np.inf, padded.dtype)
    place = np.empty(shape, np.int64)
    place[...] = rows[:, None] * horizontal.kernel_size + columns
    for number, (row, column) in enumerate(product(vertical.taps(), horizontal.taps())):
        value = padded[..., row, column].copy()  # in one piece, for the three steps below
        wins = (value > best) | np.isnan(value)
        np.maximum(place, number * wins, out=place)  # the last to win has the highest number
        np.maximum(best, value, out=best)
    row, column = np.divmod(
        np.arange(vertical.kernel_size * horizontal.kernel_size), horizontal.kernel_size
    )
    step = row * vertical.dilation * horizontal.size + column * horizontal.dilation
    return best, vertical.starts[:, None] * horizontal.size + horizontal.starts + step[place]
