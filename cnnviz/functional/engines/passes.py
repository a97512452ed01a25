"""Convolution with separable kernels: one pass along the columns, one along the rows.

A kernel that is a column times a row (box, Gaussian, Sobel) costs kH + kW products a cell instead
of kH · kW. Each pass is a matrix product with a band: the 1-D kernel, repeated one step further for
each output. A sum of several such kernels is left to the other methods: where its terms cancel,
their rounding errors would remain.
"""

from collections.abc import Callable
from functools import partial
from itertools import takewhile
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from cnnviz.functional.arguments import ConvolutionRequest
from cnnviz.functional.engines.workers import scratch

ROUNDING = 64  # units in the last place by which a weight may differ from its factors
EXACT = 2.0**53  # up to here, whole numbers are exact in float64
BLOCK = (8, 32)  # outputs of one band, down a column and along a row
TILE = (128, 1024)  # rows and columns at once: what one pass leaves for the other fits the cache

Array = NDArray[np.floating]


class Factors(NamedTuple):
    """A kernel as an outer product: `column[:, None] * row`."""

    column: Array  # (kH,)
    row: Array  # (kW,)


def split_all(kernels: Array) -> list[Factors] | None:
    """Return the factors of each kernel (F, kH, kW), or None if one of them has none."""
    attempts = (split(kernel) for kernel in kernels)
    factors = [found for found in takewhile(lambda found: found is not None, attempts) if found]
    return factors if len(factors) == len(kernels) else None


def split(kernel: Array) -> Factors | None:
    """Return the kernel as a column times a row, or None.

    Both pass through the largest weight. Each product matches its weight in all but the last
    digits, even a small one, and is 0 where the weight is 0: a bright pixel under such a weight
    must not show. A kernel of whole numbers is split only into whole numbers, which keeps sums
    exact.
    """
    whole = bool((kernel == np.rint(kernel)).all() and np.abs(kernel).max() < EXACT)
    exact = kernel.astype(np.float64)
    top, side = np.unravel_index(np.abs(exact).argmax(), exact.shape)
    pivot = exact[top, side] or 1.0
    factor = (np.gcd.reduce(exact[top].astype(np.int64)) or 1) if whole else pivot
    column = (exact[:, side] * factor / pivot).astype(kernel.dtype)
    row = (exact[top] / factor).astype(kernel.dtype)
    tolerated = 0 if whole else ROUNDING * np.finfo(kernel.dtype).eps
    missed = np.abs(exact - np.multiply.outer(column, row, dtype=np.float64))
    return Factors(column, row) if (missed <= tolerated * np.abs(exact)).all() else None


def jobs(
    request: ConvolutionRequest, out: Array, factors: list[Factors]
) -> list[Callable[[], None]]:
    """List the pairs of passes that fill `out`; each filter is one kernel, split into `factors`."""
    step, tap = request.stride, request.dilation
    rows, columns = request.size
    high, wide = min(TILE[0], rows), min(TILE[1], columns)
    todo: list[Callable[[], None]] = []
    for filter_, (column, row) in enumerate(factors):
        down = _band(column, min(BLOCK[0], high), step[0], tap[0])
        along = _band(row, min(BLOCK[1], wide), step[1], tap[1])
        channel = filter_ // (len(factors) // request.groups)
        todo += [
            partial(
                _tile,
                plane[top * step[0] :, left * step[1] :],
                down,
                along,
                map_[top : top + high, left : left + wide],
                step,
            )
            for plane, map_ in zip(request.x[:, channel], out[:, filter_], strict=True)
            for top in range(0, rows, high)
            for left in range(0, columns, wide)
        ]
    return todo


def work(request: ConvolutionRequest) -> tuple[float, float, float]:
    """Return the counts that the time depends on: cells in between, multiplications, tiles."""
    images, filters, rows, columns = request.shape
    reach = [
        (block - 1) * step + (size - 1) * tap + 1
        for block, step, size, tap in zip(
            BLOCK, request.stride, request.weight.shape[2:], request.dilation, strict=True
        )
    ]
    maps, width = images * filters, request.x.shape[3]
    multiplications = maps * rows * (width * reach[0] + columns * reach[1])
    tiles = maps * -(-rows // TILE[0]) * -(-columns // TILE[1])
    return maps * rows * width, multiplications, tiles


def _tile(plane: Array, down: Array, along: Array, map_: Array, step: tuple[int, int]) -> None:
    """Fill `map_` (rows, columns) from the top left corner of `plane`."""
    rows, columns = map_.shape
    width = (columns - 1) * step[1] + _reach(along, step[1])
    between = scratch("between", (rows, width), plane.dtype)
    _slide(plane[:, :width], down, step[0], between)
    _slide(between.T, along, step[1], map_.T)


def _band(kernel: Array, block: int, step: int, tap: int) -> Array:
    """Return (block, cells): each row holds the kernel, `step` cells further right."""
    size = (len(kernel) - 1) * tap + 1
    band = np.zeros((block, (block - 1) * step + size), kernel.dtype)
    for row in range(block):
        band[row, row * step : row * step + size : tap] = kernel
    return band


def _reach(band: Array, step: int) -> int:
    """Return how many cells one output of the band needs."""
    return band.shape[1] - (band.shape[0] - 1) * step


def _slide(x: Array, band: Array, step: int, out: Array) -> None:
    """Compute `out[n] = Σ_k kernel[k] · x[n · step + k]`, a block of outputs at a time."""
    block, cells = band.shape
    size, across = out.shape
    blocks, rest = divmod(size, block)
    for first, count, length in (0, blocks, block), (blocks * block, 1, rest):
        if not count * length:
            continue
        need = cells - (block - length) * step
        windows = as_strided(
            x[first * step :],
            (count, need, across),
            (block * step * x.strides[0], *x.strides),
        )
        target = as_strided(
            out[first:],
            (count, length, across),
            (block * out.strides[0], *out.strides),
        )
        np.matmul(band[:length, :need], windows, out=target)
