"""Two kernels one after the other, against the one kernel that should do the same."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.convolution import conv2d
from cnnviz.functional.geometry import Sides
from cnnviz.functional.shapes import same_padding
from cnnviz.kernels import Kernel

Map = NDArray[np.floating]


class Comparison(NamedTuple):
    """The maps of both ways, (H, W), and how far they are apart.

    `inside` is the largest difference among the cells whose second kernel reads no padding
    (None if there is no such cell), `border` the largest among the others (None likewise).
    """

    first: Map
    second: Map
    whole: Map
    difference: Map
    inside: float | None
    border: float | None


def in_a_row(x: Map, first: Kernel, second: Kernel, whole: Kernel) -> Comparison:
    """Send a picture through `first` and `second`, and through `whole` alone.

    All maps are padded with zeros to the size of the picture. Near the border the two ways may
    differ: the second kernel finds zeros there, where the whole one still sees the picture.

    Parameters
    ----------
    x : array (H, W) or (C, H, W)
        Of a picture in colour the answers of all channels are added.
    first, second, whole : Kernel
        The size of `whole` is that of the other two together, less 1.

    Examples
    --------
    >>> mean, slope = Kernel("mean", "own", [[1, 1, 1]], 3), Kernel("slope", "own", [[-1, 0, 1]])
    >>> both = Kernel("both", "own", [[-1, -1, 0, 1, 1]], 3)
    >>> result = in_a_row(np.array([[3.0, 6.0, 9.0, 3.0, 0.0, 3.0]]), mean, slope, both)
    >>> result.inside, result.border
    (0.0, 1.0)
    """
    shapes = [tuple(kernel.shape) for kernel in (first, second, whole)]
    if shapes[2] != tuple(np.add(shapes[0], shapes[1]) - 1):
        raise ValueError(
            f"Kernels of {shapes[0]} and {shapes[1]} together reach over "
            f"{tuple((np.add(shapes[0], shapes[1]) - 1).tolist())} cells, not {shapes[2]}."
        )
    near, far = _pads(x, first), _pads(x, second)
    vertical, horizontal = ((a + c, b + d) for (a, b), (c, d) in zip(near, far, strict=True))
    one = _answer(x, first, near)
    two, alone = _answer(one, second, far), _answer(x, whole, (vertical, horizontal))
    difference = two - alone
    apart = abs(difference)
    (top, bottom), (left, right) = far
    middle = np.zeros(apart.shape, dtype=bool)
    middle[top : apart.shape[0] - bottom, left : apart.shape[1] - right] = True
    return Comparison(
        one, two, alone, difference, _largest(apart[middle]), _largest(apart[~middle])
    )


def _pads(x: Map, kernel: Kernel) -> tuple[Sides, Sides]:
    vertical, horizontal = (
        same_padding(size, k) for size, k in zip(x.shape[-2:], kernel.shape, strict=True)
    )
    return vertical, horizontal


def _answer(x: Map, kernel: Kernel, padding: tuple[Sides, Sides]) -> Map:
    planes = x if x.ndim == 3 else x[np.newaxis]
    weight = np.broadcast_to(kernel.matrix, (1, len(planes), *kernel.shape))
    return conv2d(planes, weight, padding=padding)[0] / kernel.divisor


def _largest(values: Map) -> float | None:
    return float(values.max()) if values.size else None
