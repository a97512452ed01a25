"""The chain rule for one weight of a convolution: loss → map → cell → product, number by number."""

from copy import deepcopy
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.padding import PADDING_MODES
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.network import Sequential
from cnnviz.nn.training.kernel_fitting import KernelFitting
from cnnviz.nn.training.loss import cross_entropy

__all__ = ["WeightSlope", "slope_in_fitting", "slope_in_network"]


class WeightSlope(NamedTuple):
    """How the slope of a loss with respect to one weight adds up over the cells of its map.

    Parameters
    ----------
    weight : float
    by_cell : array (H, W)
        The slope of the loss with respect to each cell of the map.
    seen : array (H, W)
        The number that the weight multiplies for that cell: the cell's slope with respect to the
        weight.
    """

    weight: float
    by_cell: NDArray[np.float64]
    seen: NDArray[np.float64]

    @property
    def products(self) -> NDArray[np.float64]:
        """What each cell contributes, (H, W)."""
        return self.by_cell * self.seen

    @property
    def total(self) -> float:
        """The slope of the loss with respect to the weight."""
        return float(self.products.sum())

    def strongest(self, count: int) -> tuple[list[tuple[int, int]], float]:
        """Return the cells that contribute most, the furthest from 0 first, and the others' sum.

        >>> slope = WeightSlope(1.0, np.array([[1.0, -2.0]]), np.array([[3.0, 4.0]]))
        >>> slope.strongest(1), slope.total
        (([(0, 1)], 3.0), -5.0)
        """
        order = np.argsort(-abs(self.products), axis=None, kind="stable")
        cells = np.transpose(np.unravel_index(order[:count], self.products.shape)).tolist()
        rest = float(self.products.ravel()[order[count:]].sum())
        return [(row, column) for row, column in cells], rest


def slope_in_fitting(fitting: KernelFitting, row: int, column: int) -> WeightSlope:
    """Return the slope of the mean squared error with respect to a weight of the taught kernel.

    Examples
    --------
    >>> fitting = KernelFitting(np.eye(6), [[1.0, -1.0]])
    >>> slope = slope_in_fitting(fitting, 0, 1)
    >>> bool(abs(slope.total - fitting.gradient()[0, 1]) < 1e-12)
    True
    """
    by_cell = 2 / fitting.target_map.size * (fitting.map - fitting.target_map)
    height, width = by_cell.shape
    seen = fitting.picture[row : row + height, column : column + width]
    return WeightSlope(float(fitting.kernel[row, column]), by_cell, seen)


def slope_in_network(
    network: Sequential, image: ArrayLike, label: int, at: tuple[int, int, int, int]
) -> WeightSlope:
    """Return the slope of one image's loss with respect to a weight of the first convolution.

    Parameters
    ----------
    network : Sequential
        It is not changed.
    image : array (C, H, W)
    label : int
        Its class; the loss is −ln of that class's share.
    at : (filter, channel, row, column)
        The position of the weight.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> network, image = small_cnn((1, 8, 8), "0123456789"), np.eye(8)[None]
    >>> slope_in_network(network, image, 3, (2, 0, 1, 1)).by_cell.shape
    (8, 8)
    """
    scorer = deepcopy(network.without_softmax()).eval()  # keeps its slopes apart from training's
    layer = scorer[0]
    if not isinstance(layer, Conv2d) or layer.settings["groups"] != 1:
        raise ValueError(f"The first layer must be a plain convolution, but it is {layer}.")
    image = np.asarray(image)
    maps = layer.forward(image[None])
    back = scorer[1:]
    _, by_score = cross_entropy(back.forward(maps, remember=True), np.array([label]))
    by_map = back.backward(by_score)[0]
    number, channel, row, column = at
    windows = layer.windows(image.shape[1:])
    mode = PADDING_MODES[layer.settings["padding_mode"]]
    padded = np.pad(image[channel], [axis.border for axis in windows.axes], mode=mode)
    lines, columns = (
        slice(first * taps.dilation, None, taps.stride)
        for first, taps in zip((row, column), windows.taps, strict=True)
    )
    height, width = by_map.shape[1:]
    seen = padded[lines, columns][:height, :width]
    weight = float(layer.weight.value[at])
    return WeightSlope(weight, by_map[number].astype(np.float64), seen.astype(np.float64))
