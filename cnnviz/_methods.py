"""The fast ways to convolve; each gives what the definition gives."""

import numpy as np
from numpy.typing import NDArray

from cnnviz._arguments import Problem

TILE = 16_384  # cells: a tile of the map and one of products stay in the cache together


def convolve(asked: Problem) -> NDArray[np.floating]:
    """Return the feature maps (N, F, H', W'), without the bias."""
    return shifted(asked)


def shifted(asked: Problem) -> NDArray[np.floating]:
    """Add up the picture, shifted by each tap of the kernel and multiplied by its weight."""
    out = np.empty(asked.shape, asked.x.dtype)
    filters, depth, height, width = asked.weight.shape
    rows, columns = asked.size
    (row_step, column_step), (row_tap, column_tap) = asked.stride, asked.dilation
    band = max(1, TILE // columns)
    products = np.empty((band, columns), asked.x.dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        for image, filter_ in np.ndindex(len(asked.x), filters):
            first = filter_ // (filters // asked.groups) * depth
            planes = asked.x[image, first : first + depth]
            for top in range(0, rows, band):
                tile = out[image, filter_, top : top + band]
                product = products[: len(tile)]
                tile[...] = 0
                for channel, row, column in np.ndindex(depth, height, width):
                    start = top * row_step + row * row_tap
                    begin = column * column_tap
                    shift = planes[
                        channel,
                        start : start + (len(tile) - 1) * row_step + 1 : row_step,
                        begin : begin + (columns - 1) * column_step + 1 : column_step,
                    ]
                    np.multiply(shift, asked.weight[filter_, channel, row, column], out=product)
                    tile += product
    return out
