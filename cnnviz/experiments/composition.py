"""Two kernels in a row, compared with the single kernel that they compose to.

With nothing in between they equal a single kernel, except at the border; with a ReLU they do not.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.experiments.chain import Recipe, feature_maps
from cnnviz.functional.convolution import convolve_channels
from cnnviz.functional.padding import Sides
from cnnviz.functional.shapes import same_padding
from cnnviz.kernels import Kernel, compose

Map = NDArray[np.floating]


class Comparison(NamedTuple):
    """The maps of both ways, (H, W), and how much they differ.

    `inside` is the largest difference among the cells whose second kernel reads no padding
    (None if there is no such cell), `border` the largest among the others (None likewise).
    """

    first: Map
    second: Map
    whole: Map
    difference: Map
    inside: float | None
    border: float | None


def compare_cascade(x: Map, first: Kernel, second: Kernel, whole: Kernel) -> Comparison:
    """Send a picture through `first` and `second`, and through the single kernel `whole`.

    All maps are padded with zeros to the size of the picture. Near the border the two ways may
    differ: there the second kernel reads zeros, while `whole` still reads the picture.

    Parameters
    ----------
    x : array (H, W) or (C, H, W)
        For a picture in colour, the maps of all channels are added.
    first, second, whole : Kernel
        The size of `whole` is the sum of the other two sizes, less 1.

    Examples
    --------
    >>> mean, slope = Kernel("mean", "own", [[1, 1, 1]], 3), Kernel("slope", "own", [[-1, 0, 1]])
    >>> both = Kernel("both", "own", [[-1, -1, 0, 1, 1]], 3)
    >>> result = compare_cascade(np.array([[3.0, 6.0, 9.0, 3.0, 0.0, 3.0]]), mean, slope, both)
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
    return convolve_channels(x, kernel.matrix, padding=padding) / kernel.divisor


def _largest(values: Map) -> float | None:
    return float(values.max()) if values.size else None


class TwoLayers(NamedTuple):
    """Two kernels in a row on a picture, arrays (H + kH + kH′ − 2, W + kW + kW′ − 2).

    `one` is the map of the single composed kernel, `two` that of the two in a row, and `bent` that
    with a ReLU between them.
    """

    one: Map
    two: Map
    bent: Map

    @property
    def rounding(self) -> float:
        """The largest difference between one kernel and two, which is only rounding."""
        return float(abs(self.two - self.one).max())

    @property
    def bend(self) -> float:
        """The largest difference that the ReLU makes."""
        return float(abs(self.bent - self.two).max())


def layer(kernel: Kernel, activation: str = "none") -> Recipe:
    """Return a single convolution with an activation, with full padding.

    Then every position of the kernel meets every number of the picture, so that two layers in a row
    see the same cells as one, up to the border.
    """
    return Recipe(kernel, padding="full", activation=activation, pooling="none")


def two_layers(x: ArrayLike, first: Kernel, second: Kernel) -> TwoLayers:
    """Send a picture through two kernels in a row, with and without a ReLU between.

    Parameters
    ----------
    x : array-like (H, W) or (C, H, W)
        In colour, `first` is applied to every channel, and the partial maps are added.
    first, second : Kernel
        `second` is applied to the map that `first` makes.

    Examples
    --------
    >>> slope = Kernel("slope", "edge", [[-1, 1]])
    >>> one, two, bent = two_layers([[4, 1, 5]], slope, slope)
    >>> one.tolist() == two.tolist(), two.tolist()
    (True, [[4.0, -7.0, 7.0, -9.0, 5.0]])
    >>> bent.tolist()
    [[4.0, -4.0, 4.0, -4.0, 0.0]]
    """
    x = np.asarray(x)
    between = feature_maps(x, layer(first, "relu"))
    after = layer(second)
    return TwoLayers(
        feature_maps(x, layer(compose(first, second))).features,
        feature_maps(between.features, after).features,
        feature_maps(between.activated, after).features,
    )
