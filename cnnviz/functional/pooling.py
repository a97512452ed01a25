"""Pooling: every window of a feature map becomes one number, its largest or its mean.

Names and arguments are those of `torch.nn.functional`; padding takes the forms of `conv2d`.
"""

from collections.abc import Iterator
from itertools import product
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.checks import Pair, check_images, check_memory, pair, real
from cnnviz.functional.dtypes import floats, ieee
from cnnviz.functional.geometry import Axes, pooling_axes
from cnnviz.functional.padding import Padding

__all__ = ["avg_pool2d", "global_avg_pool2d", "global_max_pool2d", "max_pool2d"]

Floats = NDArray[np.floating]


@overload
def max_pool2d(
    x: ArrayLike,
    kernel_size: Pair,
    stride: Pair | None = ...,
    padding: Padding = ...,
    dilation: Pair = ...,
    ceil_mode: bool = ...,
    return_indices: Literal[False] = ...,
) -> Floats: ...
@overload
def max_pool2d(
    x: ArrayLike,
    kernel_size: Pair,
    stride: Pair | None = ...,
    padding: Padding = ...,
    dilation: Pair = ...,
    ceil_mode: bool = ...,
    *,
    return_indices: Literal[True],
) -> tuple[Floats, NDArray[np.int64]]: ...
@overload
def max_pool2d(
    x: ArrayLike,
    kernel_size: Pair,
    stride: Pair | None,
    padding: Padding,
    dilation: Pair,
    ceil_mode: bool,
    return_indices: Literal[True],
) -> tuple[Floats, NDArray[np.int64]]: ...
@overload
def max_pool2d(
    x: ArrayLike,
    kernel_size: Pair,
    stride: Pair | None = ...,
    padding: Padding = ...,
    dilation: Pair = ...,
    ceil_mode: bool = ...,
    return_indices: bool = ...,
) -> Floats | tuple[Floats, NDArray[np.int64]]: ...
def max_pool2d(
    x: ArrayLike,
    kernel_size: Pair,
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
        In cells; by default the stride is the window size, so that windows do not overlap.
    padding : int, (vertical, horizontal), ((top, bottom), (left, right)), "valid" or "same"
        At most half the window. It counts as −∞, so that it never wins.
    ceil_mode : bool
        Let a last window run over the end, if it starts before the end.
    return_indices : bool
        Also return the index of each maximum in its plane, counted row by row; the first wins a
        tie.

    Returns
    -------
    array (…, H', W'), or (array, indices)

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
    stride: Pair | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: float | None = None,
) -> Floats:
    """Keep the mean of each window.

    Parameters
    ----------
    x, kernel_size, stride, padding, ceil_mode
        As for `max_pool2d`, except that padding is 0.
    count_include_pad : bool
        Whether padding cells count in the number to divide by. Cells beyond the padding, which
        `ceil_mode` may reach, never count.
    divisor_override : number, optional
        Divide by this number instead.

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
    counts = np.outer(*(axis.cells_counted(bool(count_include_pad)) for axis in axes))
    divisor = counts if divisor_override is None else real(divisor_override, "divisor_override")
    if not np.all(divisor):
        raise ValueError("divisor_override is 0, and nothing can be divided by 0.")
    # ∞ − ∞ is NaN, and a sum that overflows its type is ∞, as IEEE 754 says.
    with ieee():
        total = _over_windows(np.add, _padded(x, axes, 0), axes)
        total /= divisor
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
    x = _planes(x)
    with ieee():  # as in avg_pool2d
        # In float32 a sum of millions of cells, one after the other, loses most of what is added.
        mean = x.mean(axis=(-2, -1), keepdims=True, dtype=np.float64)
        return mean.astype(x.dtype, copy=False)


def _planes(x: ArrayLike) -> Floats:
    x = floats(x)
    check_images(x)
    return x


def _axes(
    x: Floats,
    kernel_size: Pair,
    stride: Pair | None,
    padding: Padding,
    dilation: Pair,
    ceil_mode: bool,
) -> Axes:
    """Return the axes of a pooling of `x` from its arguments."""
    kernel_size = pair(kernel_size, "kernel_size")
    return pooling_axes(
        x.shape[-2:],
        kernel_size,
        stride=kernel_size if stride is None else pair(stride, "stride"),
        padding=padding,
        dilation=pair(dilation, "dilation"),
        ceil_mode=ceil_mode,
    )


def _padded(x: Floats, axes: Axes, value: float) -> Floats:
    """Return `x`, padded with `value` as far as the windows reach."""
    border = [axis.border for axis in axes]
    check_memory(
        (*x.shape[:-2], *(axis.size + sum(axis.border) for axis in axes)), "x with its padding"
    )
    if not any(map(any, border)):
        return x
    return np.pad(x, [(0, 0)] * (x.ndim - 2) + border, constant_values=value)


def _over_windows(combine: np.ufunc, padded: Floats, axes: Axes) -> Floats:
    """Combine the cells of each window: first along its columns, then along its rows.

    That takes kH + kW steps, not kH · kW, and the first kH run along whole rows of memory.
    """
    vertical, horizontal = axes
    columns = _fold(combine, (padded[..., tap, :] for tap in vertical.slices()))
    return _fold(combine, (columns[..., tap] for tap in horizontal.slices()))


def _fold(combine: np.ufunc, parts: Iterator[Floats]) -> Floats:
    result = next(parts).copy()
    for part in parts:
        combine(result, part, out=result)
    return result


def _max_with_indices(padded: Floats, axes: Axes) -> tuple[Floats, NDArray[np.int64]]:
    """Visit the window's positions row by row; larger numbers, and NaN, replace earlier ones."""
    vertical, horizontal = axes
    rows, columns = (axis.places_before(0) for axis in axes)
    shape = (*padded.shape[:-2], vertical.output, horizontal.output)
    best = np.full(shape, -np.inf, padded.dtype)
    place = np.empty(shape, np.int64)
    place[...] = rows[:, None] * horizontal.kernel_size + columns
    for number, window in enumerate(product(vertical.slices(), horizontal.slices())):
        value = padded[(..., *window)].copy()  # contiguous, for the three steps below
        wins = (value > best) | np.isnan(value)
        np.maximum(place, number * wins, out=place)  # the last to win has the highest number
        np.maximum(best, value, out=best)
    row, column = np.divmod(
        np.arange(vertical.kernel_size * horizontal.kernel_size), horizontal.kernel_size
    )
    step = row * vertical.dilation * horizontal.size + column * horizontal.dilation
    return best, vertical.starts[:, None] * horizontal.size + horizontal.starts + step[place]
