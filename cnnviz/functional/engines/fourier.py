"""Convolution by Fourier transforms, tile by tile (overlap-save).

A tile of the picture is transformed, multiplied by the transformed kernel, and transformed back;
the cells that the cyclic transform has wrapped around are left out. The time hardly depends on
the size of the kernel.
"""

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.arguments import Problem
from cnnviz.functional.engines.workers import scratch

# The side of a tile is at least so many times that of the kernel (else most of it is overlap),
# and at least so many cells; a tile, its transform and their product then still fit the cache.
KERNELS_A_SIDE = 8
SMALLEST_SIDE = 320
# A transform is wrong by about 1e-16 · side · |x| · Σ|weight|. Up to this size of the products,
# whole numbers come back whole when they are rounded.
EXACT = 2.0**36

Array = NDArray[np.floating]


def jobs(asked: Problem, out: Array, *, whole: bool) -> list[Callable[[], None]]:
    """List the tiles that fill `out`; with `whole` numbers, it is rounded to whole numbers."""
    import scipy.fft  # here, because it takes three times as long to import as all the rest

    dtype = np.float64 if whole else asked.x.dtype  # whole numbers need all the digits there are
    maps, cells = zip(*_tiles(asked), strict=True)
    side = [scipy.fft.next_fast_len(size, real=True) for size in cells]
    kernels = _spread(asked).astype(dtype, copy=False)
    # Along the rows first, and only along those that the kernel has.
    spectra = scipy.fft.fft(scipy.fft.rfft(kernels, side[1]), side[0], axis=-2, overwrite_x=True)
    np.conj(spectra, out=spectra)  # correlation: the kernel is not flipped
    rows, columns = asked.size
    return [
        partial(
            _tile,
            image[:, top * asked.stride[0] :, left * asked.stride[1] :][
                :, : side[0], : side[1]
            ].astype(dtype, copy=False),
            spectra,
            map_[:, top : top + maps[0], left : left + maps[1]],
            side,
            asked.stride,
            whole,
        )
        for image, map_ in zip(asked.x, out, strict=True)
        for top in range(0, rows, maps[0])
        for left in range(0, columns, maps[1])
    ]


def work(asked: Problem) -> tuple[float, float, float]:
    """Return the amounts that the time depends on: cells · log₂, products, transforms."""
    images, filters, rows, columns = asked.shape
    channels, depth = asked.x.shape[1], asked.weight.shape[1]
    (high, height), (wide, width) = _tiles(asked)
    tiles = images * -(-rows // high) * -(-columns // wide)
    transforms = tiles * (channels + filters) + filters * depth
    cells = height * width
    return transforms * cells * math.log2(cells), tiles * filters * depth * cells, tiles * filters


def memory(asked: Problem) -> int:
    """Return the bytes that the transformed kernels take."""
    (_, height), (_, width) = _tiles(asked)
    return math.prod(asked.weight.shape[:2]) * height * width * asked.x.itemsize


def is_whole(asked: Problem) -> bool:
    """Whether all numbers are whole, and so the result."""
    return all(bool((array == np.rint(array)).all()) for array in (asked.weight, asked.x))


def is_exact(asked: Problem) -> bool:
    """Whether whole numbers can be had back by rounding."""
    largest = np.abs(asked.weight).sum(axis=(1, 2, 3), dtype=np.float64).max()
    return float(largest) * max(float(asked.x.max()), -float(asked.x.min())) < EXACT


def _tile(
    image: Array,
    spectra: NDArray[np.complexfloating],
    maps: Array,
    side: list[int],
    stride: tuple[int, int],
    whole: bool,
) -> None:
    """Fill `maps` (F, rows, columns) from `image` (C, H, W), zeros beyond its end."""
    import scipy.fft

    filters, rows, columns = maps.shape
    depth = spectra.shape[1]
    groups = len(image) // depth
    waves = scipy.fft.rfft2(image, side)
    for filter_ in range(filters):
        first = filter_ // (filters // groups) * depth
        product = scratch("spectrum", (depth, *waves.shape[1:]), waves.dtype)
        np.multiply(waves[first : first + depth], spectra[filter_], out=product)
        summed = product[0] if depth == 1 else product.sum(axis=0)
        # Only the rows that are kept take part in the second half of the way back.
        tall = scipy.fft.ifft(summed, axis=0, overwrite_x=True)[: rows * stride[0] : stride[0]]
        back = scipy.fft.irfft(tall, side[1], axis=1)
        back = back[:, : columns * stride[1] : stride[1]]
        maps[filter_] = np.rint(back) if whole else back


def _extent(asked: Problem) -> list[int]:
    """Return how many cells the kernel reaches over, down and along."""
    return [
        (size - 1) * tap + 1
        for size, tap in zip(asked.weight.shape[2:], asked.dilation, strict=True)
    ]


def _tiles(asked: Problem) -> list[tuple[int, int]]:
    """Return, down and along, the cells of the map that a tile makes, and those it reads."""
    tiles = []
    for size, step, extent in zip(asked.size, asked.stride, _extent(asked), strict=True):
        side = max(SMALLEST_SIDE, KERNELS_A_SIDE * extent)
        parts = -(-size // max(1, (side - extent) // step + 1))
        made = -(-size // parts)
        tiles.append((made, (made - 1) * step + extent))
    return tiles


def _spread(asked: Problem) -> Array:
    """Return the kernels with zeros between the taps, as dilation asks."""
    down, along = asked.dilation
    if down == along == 1:
        return asked.weight
    spread = np.zeros((*asked.weight.shape[:2], *_extent(asked)), asked.weight.dtype)
    spread[:, :, ::down, ::along] = asked.weight
    return spread
