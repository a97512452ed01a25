"""How each padding mode fills the border of a picture, and what a mean filter makes of it."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.arguments import check_padding_mode
from cnnviz.functional.convolution import conv2d
from cnnviz.functional.geometry import axes_of, checked_axes
from cnnviz.functional.padding import PADDING_MODES

Map = NDArray[np.floating]


class Bordered(NamedTuple):
    """A picture with its border, (H + 2p, W + 2p), and its mean-filtered map, (H, W).

    `rim` is the mean of the outermost cells of that map.
    """

    padded: NDArray[np.integer] | Map
    mean: Map
    rim: float


def bordered(x: NDArray[np.integer] | Map, width: int, padding_mode: str) -> Bordered:
    """Pad x (H, W) by `width` cells on every side; average each window that reaches as far.

    Raises
    ------
    ValueError
        If there is no such mode, or x has too few cells for it.

    Examples
    --------
    On a white picture only zeros leave a mark:

    >>> white = np.full((4, 4), 27.0)
    >>> bordered(white, 1, "zeros").rim, bordered(white, 1, "reflect").rim
    (16.0, 27.0)
    """
    side = 2 * width + 1
    check_padding_mode(padding_mode)
    checked_axes(axes_of(x.shape, (1, 1), padding=width, padding_mode=padding_mode))
    padded = np.pad(x, width, mode=PADDING_MODES[padding_mode])
    sums: NDArray[Any]
    if x.dtype.kind in "iu":
        sums = _running_sums(_running_sums(padded, side).T, side).T
    else:
        sums = conv2d(padded, np.ones((side, side)))
    mean = sums / side**2
    return Bordered(padded, mean, rim(mean))


def _running_sums(x: NDArray[np.integer], side: int) -> NDArray[np.int64]:
    """Return the sums of every `side` consecutive rows of x (H, W): (H − side + 1, W).

    The work does not grow with `side`, and differences of whole numbers are exact.
    """
    until = np.zeros((len(x) + 1, x.shape[1]), np.int64)
    np.cumsum(x, axis=0, out=until[1:])
    return until[side:] - until[:-side]


def rim(x: Map) -> float:
    """Return the mean of the outermost cells of x (H, W).

    Examples
    --------
    >>> rim(np.array([[1, 1, 1], [1, 9, 1], [1, 1, 1]]))
    1.0
    """
    inner = x[1:-1, 1:-1]
    return float((x.sum() - inner.sum()) / (x.size - inner.size))
