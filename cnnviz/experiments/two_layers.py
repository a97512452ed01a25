"""Two layers without an activation between them are a single one; with a ReLU they are not."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.experiments.pipeline import Recipe, feature_maps
from cnnviz.kernels import Kernel, compose

Floats: TypeAlias = NDArray[np.floating]


class TwoLayers(NamedTuple):
    """Two kernels in a row on a picture, arrays (H + kH + kH′ − 2, W + kW + kW′ − 2).

    `one` is the map of the single composed kernel, `two` that of the two in a row, `bent` that
    of the two with a ReLU between them.
    """

    one: Floats
    two: Floats
    bent: Floats

    @property
    def rounding(self) -> float:
        """The largest difference between one kernel and two: rounding, and nothing else."""
        return float(abs(self.two - self.one).max())

    @property
    def bend(self) -> float:
        """The largest difference that the ReLU makes."""
        return float(abs(self.bent - self.two).max())


def layer(kernel: Kernel, activation: str = "none") -> Recipe:
    """Return a lone convolution with an activation, padded in full.

    Then every number of the picture counts at every place of the kernel, so that two layers in
    a row see the same cells as one, up to the border.
    """
    return Recipe(kernel, padding="full", activation=activation, pooling="none")


def two_layers(x: ArrayLike, first: Kernel, second: Kernel) -> TwoLayers:
    """Send a picture through two kernels in a row, with and without a ReLU between.

    Parameters
    ----------
    x : array-like (H, W) or (C, H, W)
        In colour every channel meets `first`, and the partial maps are added.
    first, second : Kernel
        `second` is laid on the map that `first` leaves.

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
