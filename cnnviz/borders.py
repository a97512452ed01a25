"""What goes into the border of a picture, and what a mean makes of it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.convolution import conv2d

Map = NDArray[np.floating]


class Bordered(NamedTuple):
    """A picture with its border, (H + 2p, W + 2p), and its mean over the padding, (H, W).

    `rim` is the mean of the outermost cells of that second map.
    """

    padded: Map
    mean: Map
    rim: float


def bordered(x: Map, width: int, padding_mode: str) -> Bordered:
    """Add `width` cells on every side of x (H, W), and take the mean of as many around each cell.

    Examples
    --------
    On a white picture only zeros leave a mark:

    >>> white = np.full((4, 4), 27.0)
    >>> bordered(white, 1, "zeros").rim, bordered(white, 1, "reflect").rim
    (16.0, 27.0)
    """
    side = 2 * width + 1
    options = {"padding": width, "padding_mode": padding_mode}
    # A kernel of one weight, 1, leaves nothing but the padding.
    padded = conv2d(x, [[1]], **options)
    mean = conv2d(x, np.ones((side, side)), **options) / side**2
    return Bordered(padded, mean, rim(mean))


def rim(x: Map) -> float:
    """Return the mean of the outermost cells of x (H, W).

    Examples
    --------
    >>> rim(np.array([[1, 1, 1], [1, 9, 1], [1, 1, 1]]))
    1.0
    """
    inner = x[1:-1, 1:-1]
    return float((x.sum() - inner.sum()) / (x.size - inner.size))
