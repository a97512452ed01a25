"""What a shift of the picture changes: nearly every pixel value, but not what a filter finds.

A convolution is equivariant: its map of a shifted picture is its map of the picture, shifted.
Pooling adds a little invariance: its map shows less of a small shift.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.convolution import convolve_channels
from cnnviz.functional.dtypes import floats

__all__ = ["Border", "ShiftedMaps", "change", "changed", "changes", "shift_maps", "shifted"]

Border: TypeAlias = Literal["circular", "zeros"]
ROUNDING = 1e-9  # as a share of the largest value; smaller differences count as equal


def shifted(x: ArrayLike, rows: int, columns: int, border: Border = "circular") -> NDArray[Any]:
    """Shift an array down by `rows` and to the right by `columns`.

    Parameters
    ----------
    x : array-like (…, H, W)
    rows, columns : int
        In cells; negative numbers move it up and to the left.
    border : "circular" or "zeros"
        What enters at the edge: the cells that left on the other side, or 0.

    Examples
    --------
    >>> shifted([[1, 2, 3]], 0, 1)
    array([[3, 1, 2]])
    >>> shifted([[1, 2, 3]], 0, -1, "zeros")
    array([[2, 3, 0]])
    """
    if border not in ("circular", "zeros"):
        raise ValueError(f"border must be circular or zeros, got {border!r}.")
    moved = np.roll(x, (rows, columns), axis=(-2, -1))
    if border == "zeros":
        height, width = moved.shape[-2:]
        moved[..., _entered(rows, height), :] = 0
        moved[..., :, _entered(columns, width)] = 0
    return moved


def _entered(shift: int, size: int) -> slice:
    """Return the rows or columns that the shift has brought in."""
    return slice(0, shift) if shift >= 0 else slice(max(0, size + shift), size)


def changed(before: ArrayLike, after: ArrayLike) -> float:
    """Return the share of numbers that have changed, from 0 to 1.

    Numbers are the same if they differ by no more than rounding: 10⁻⁹ of the largest.

    Examples
    --------
    >>> changed([1, 2, 3, 4], [1, 2, 3, 5])
    0.25
    """
    before, after = floats(before), floats(after)
    differs = abs(after - before) > _rounding(before, after)
    return float(np.count_nonzero(differs)) / differs.size


def _rounding(before: NDArray[np.floating], after: NDArray[np.floating]) -> float:
    """Return the largest difference between numbers of two maps that counts as none."""
    largest = max(before.max(), -before.min(), after.max(), -after.min())
    return ROUNDING * float(largest)


def change(before: ArrayLike, after: ArrayLike) -> float:
    """Return how much two maps differ, relative to their own variation.

    The mean square of the difference, over the sum of both variances and the squared difference of
    the means: 0 if the maps are the same, about 1 if they are unrelated, and never more than 2, if
    one is the negative of the other about the same mean. What is only rounding (see `changed`) is
    no difference.

    Examples
    --------
    >>> change([1, 2, 3, 4], [1, 2, 3, 4]), change([9, 8], [0, 0]), change([-1, 1], [1, -1])
    (0.0, 1.0, 2.0)
    """
    before, after = floats(before), floats(after)
    means = before.mean(), after.mean()
    apart = float(means[1] - means[0])
    difference = _mean_square((after - before) - apart) + apart**2
    if difference <= _rounding(before, after) ** 2:
        return 0.0
    variation = _mean_square(before - means[0]) + _mean_square(after - means[1])
    return difference / (variation + apart**2)


def _mean_square(x: NDArray[np.floating]) -> float:
    """Return the mean of the squares, without making an array of them.

    `np.vdot` would wake a thread per core, which takes longer than the sum itself.
    """
    flat = x.ravel()
    return float(np.einsum("i,i", flat, flat)) / x.size


def changes(
    x: ArrayLike,
    operation: Callable[[NDArray[Any]], NDArray[Any]],
    shifts: Sequence[int],
    *,
    measure: Callable[[ArrayLike, ArrayLike], float] = change,
    border: Border = "circular",
) -> list[float]:
    """Measure how much the output of an operation changes when its input moves to the right.

    Parameters
    ----------
    x : array-like (…, H, W)
    operation : callable
        Such as a pooling; called with the shifted `x`.
    shifts : sequence of int
        In cells.
    measure : callable
        `change` or `changed`.
    border : "circular" or "zeros"

    Examples
    --------
    With a single bright cell, max pooling over two cells shows a shift by one only half the time.

    >>> from cnnviz.functional.pooling import max_pool2d
    >>> x = np.zeros((1, 8))
    >>> x[0, 2] = 1
    >>> changes(x, lambda x: max_pool2d(x, (1, 2)), (0, 1, 2), measure=changed)
    [0.0, 0.0, 0.5]
    """
    still = operation(floats(x))
    return [measure(still, operation(shifted(floats(x), 0, by, border))) for by in shifts]


class ShiftedMaps(NamedTuple):
    """A shifted picture, and its feature maps: before the shift, after it, and as expected.

    The expected map is the one before the shift, shifted like the picture.
    """

    picture: NDArray[Any]
    before: NDArray[Any]
    after: NDArray[Any]
    expected: NDArray[Any]


def shift_maps(
    x: ArrayLike, weight: ArrayLike, rows: int, columns: int, border: Border = "circular"
) -> ShiftedMaps:
    """Convolve a picture before and after a shift.

    Parameters
    ----------
    x : array-like (H, W) or (C, H, W)
        In colour, every channel is convolved with the same kernel and the maps are added.
    weight : array-like (kH, kW)
    rows, columns, border
        As for `shifted`; the border is also that of the convolution, with padding "same".

    Examples
    --------
    >>> maps = shift_maps([[0, 0, 9, 9, 0, 0]], [[-1, 0, 1]], 0, 1)
    >>> maps.before.tolist(), maps.after.tolist()
    ([[0.0, 9.0, 9.0, -9.0, -9.0, 0.0]], [[0.0, 0.0, 9.0, 9.0, -9.0, -9.0]])
    >>> changed(maps.expected, maps.after)
    0.0
    """
    picture = shifted(x, rows, columns, border)
    before, after = (
        convolve_channels(each, weight, padding="same", padding_mode=border)
        for each in (x, picture)
    )
    return ShiftedMaps(picture, before, after, shifted(before, rows, columns, border))
