"""Convolution with kernels of low rank: one pass along the columns, one along the rows.

A kernel that is a column times a row (box, Gaussian, Sobel) costs kH + kW products a cell instead
of kH · kW; one that is the sum of a few of those costs a few times as much. Each pass is a matrix
product with a band: the 1-D kernel, repeated one step further for each output.
"""

from collections.abc import Callable
from functools import partial
from itertools import takewhile
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from cnnviz.functional.arguments import Problem
from cnnviz.functional.engines.workers import scratch

MOST_TERMS = 4
EXACT = 2.0**53  # up to here, whole numbers are exact in float64
BLOCK = (8, 32)  # outputs of one band, down a column and along a row
TILE = (128, 1024)  # rows and columns at once, so that what is between the passes stays in cache

Array = NDArray[np.floating]


class Terms(NamedTuple):
    """A kernel as a sum of outer products: `columns[:, :, None] * rows[:, None]`, summed."""

    columns: Array  # (terms, kH)
    rows: Array  # (terms, kW)


def split_all(kernels: Array, most: int) -> list[Terms] | None:
    """Return the terms of each kernel (F, kH, kW), or None if one needs more than `most`."""
    attempts = (split(kernel, most) for kernel in kernels)
    terms = [term for term in takewhile(lambda term: term is not None, attempts) if term]
    return terms if len(terms) == len(kernels) else None


def split(kernel: Array, most: int = MOST_TERMS) -> Terms | None:
    """Return the kernel as a sum of at most `most` outer products, or None.

    Each step takes away the cross through the largest weight that is left (Gaussian elimination
    with complete pivoting). A kernel of whole numbers is only split into whole numbers, which
    keeps sums exact.
    """
    whole = bool((kernel == np.rint(kernel)).all() and np.abs(kernel).max() < EXACT)
    left, columns, rows = kernel.astype(np.float64), [], []
    # What may remain is rounding: too little to be seen in a sum of all weights.
    negligible = 0 if whole else 4 * np.finfo(kernel.dtype).eps * np.abs(left).sum()
    for _ in range(min(most, 1) if whole else most):
        top, side = np.unravel_index(np.abs(left).argmax(), left.shape)
        pivot = left[top, side] or 1.0
        factor = (np.gcd.reduce(left[top].astype(np.int64)) or 1) if whole else pivot
        columns.append(left[:, side] * factor / pivot)
        rows.append(left[top] / factor)
        left = left - np.outer(columns[-1], rows[-1])
        if np.abs(left).sum() <= negligible:
            return Terms(np.array(columns, kernel.dtype), np.array(rows, kernel.dtype))
    return None


def jobs(asked: Problem, out: Array, terms: list[Terms]) -> list[Callable[[], None]]:
    """List the pairs of passes that fill `out`; each filter is one kernel, split into `terms`."""
    step, tap = asked.stride, asked.dilation
    rows, columns = asked.size
    high, wide = min(TILE[0], rows), min(TILE[1], columns)
    todo = []
    for filter_, term in enumerate(terms):
        down = _band(term.columns, min(BLOCK[0], high), step[0], tap[0])
        along = _band(term.rows, min(BLOCK[1], wide), step[1], tap[1])
        channel = filter_ // (len(terms) // asked.groups)
        todo += [
            partial(
                _tile,
                plane[top * step[0] :, left * step[1] :],
                down,
                along,
                map_[top : top + high, left : left + wide],
                step,
            )
            for plane, map_ in zip(asked.x[:, channel], out[:, filter_], strict=True)
            for top in range(0, rows, high)
            for left in range(0, columns, wide)
        ]
    return todo


def work(asked: Problem, terms: int) -> tuple[float, float, float]:
    """Return the amounts that the time depends on: cells between, multiplications, tiles."""
    images, filters, rows, columns = asked.shape
    reach = [
        (block - 1) * step + (size - 1) * tap + 1
        for block, step, size, tap in zip(
            BLOCK, asked.stride, asked.weight.shape[2:], asked.dilation, strict=True
        )
    ]
    maps, width = images * filters * terms, asked.x.shape[3]
    multiplications = maps * rows * (width * reach[0] + columns * reach[1])
    tiles = images * filters * -(-rows // TILE[0]) * -(-columns // TILE[1])
    return maps * rows * width, multiplications, tiles


def _tile(plane: Array, down: Array, along: Array, map_: Array, step: tuple[int, int]) -> None:
    """Fill `map_` (rows, columns) from the top left corner of `plane`."""
    (rows, columns), terms = map_.shape, len(down)
    width = (columns - 1) * step[1] + _reach(along, step[1])
    between = scratch("between", (terms, rows, width), plane.dtype)
    _slide(np.broadcast_to(plane[None, :, :width], (terms, len(plane), width)), down, step[0],
           between)  # fmt: skip
    shape = terms, rows, columns
    summands = map_[None] if terms == 1 else scratch("summands", shape, plane.dtype)
    _slide(between.swapaxes(1, 2), along, step[1], summands.swapaxes(1, 2))
    if terms > 1:
        np.add.reduce(summands, axis=0, out=map_)


def _band(kernels: Array, block: int, step: int, tap: int) -> Array:
    """Return (terms, block, cells): each row is the kernel, `step` cells further on."""
    size = (kernels.shape[1] - 1) * tap + 1
    band = np.zeros((len(kernels), block, (block - 1) * step + size), kernels.dtype)
    for row in range(block):
        band[:, row, row * step : row * step + size : tap] = kernels
    return band


def _reach(band: Array, step: int) -> int:
    """Return how many cells one output of the band needs."""
    return band.shape[2] - (band.shape[1] - 1) * step


def _slide(x: Array, band: Array, step: int, out: Array) -> None:
    """Compute `out[:, n] = Σ_k kernel[:, k] · x[:, n · step + k]`, a block of outputs at a time."""
    terms, block, cells = band.shape
    size, across = out.shape[1:]
    blocks, rest = divmod(size, block)
    for first, count, length in (0, blocks, block), (blocks * block, 1, rest):
        if not count * length:
            continue
        need = cells - (block - length) * step
        windows = as_strided(
            x[:, first * step :],
            (terms, count, need, across),
            (x.strides[0], block * step * x.strides[1], *x.strides[1:]),
        )
        target = as_strided(
            out[:, first:],
            (terms, count, length, across),
            (out.strides[0], block * out.strides[1], *out.strides[1:]),
        )
        np.matmul(band[:, None, :length, :need], windows, out=target)
