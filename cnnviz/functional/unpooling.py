"""Unpooling: a pooled map laid over its input again, to show what pooling kept and lost."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.axis import Axis
from cnnviz.functional.checks import Pair, pair
from cnnviz.functional.dtypes import floats
from cnnviz.functional.geometry import pooling_axes
from cnnviz.functional.padding import Padding

__all__ = ["unpool"]


def unpool(
    pooled: ArrayLike,
    size: Pair,
    kernel_size: Pair,
    *,
    stride: Pair | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
) -> NDArray[np.floating]:
    """Give each cell of the original the value of the window whose middle is nearest.

    The simplest way back: where windows lie side by side, each cell gets the pooled value of its
    window.

    Parameters
    ----------
    pooled : array-like (…, H', W')
    size : (H, W)
        Size of what was pooled.
    kernel_size, stride, padding, ceil_mode
        As they were for `max_pool2d` or `avg_pool2d`.

    Returns
    -------
    array (…, H, W)

    Raises
    ------
    ValueError
        If pooling `size` like this does not give a map of (H', W').

    Examples
    --------
    >>> unpool([[4, 8]], (2, 4), 2)
    array([[4., 4., 8., 8.],
           [4., 4., 8., 8.]])
    """
    pooled = floats(pooled, "pooled")
    size, kernel_size = pair(size, "size"), pair(kernel_size, "kernel_size")
    stride = kernel_size if stride is None else pair(stride, "stride")
    axes = pooling_axes(size, kernel_size, stride=stride, padding=padding, ceil_mode=ceil_mode)
    wanted = tuple(axis.output for axis in axes)
    if pooled.shape[-2:] != wanted:
        raise ValueError(
            f"Pooling {size[0]} × {size[1]} cells gives {wanted[0]} × {wanted[1]}, "
            f"but the pooled map has the shape {pooled.shape}."
        )
    rows, columns = map(_nearest, axes)
    return pooled[..., rows[:, np.newaxis], columns]


def _nearest(axis: Axis) -> NDArray[np.int64]:
    """Return for each cell of an axis the window whose middle is nearest."""
    field = axis.field()
    edge = field.start + (field.size - field.jump) / 2  # where the first window's share begins
    cells = np.floor((np.arange(axis.size) + 0.5 - edge) / field.jump).astype(np.int64)
    return np.clip(cells, 0, axis.output - 1)
