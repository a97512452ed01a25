"""Convolution by Fourier transforms, tile by tile (overlap-save).

A tile of the picture is transformed, multiplied by the transformed kernel, and transformed back;
the cells where the circular convolution wraps around are discarded. The time hardly depends on the
size of the kernel.

A transform spreads its rounding error over the whole tile: near bright cells, the result of a dark
window would be mostly error. So everything is computed in double precision, and a result that is
not far above the error is recomputed from its own window.
"""

import math
from collections.abc import Callable
from functools import partial
from itertools import count

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.arguments import ConvolutionRequest
from cnnviz.functional.engines import products
from cnnviz.functional.engines.workers import scratch

# The side of a tile is at least this many times that of the kernel (else most of it is overlap),
# and at least this many cells; a tile, its transform and their product then still fit the cache.
KERNELS_A_SIDE = 8
SMALLEST_SIDE = 320
# A transform is wrong by about 1e-16 · side · |x| · Σ|weight|. Up to this size of the products,
# rounding restores whole numbers.
EXACT = 2.0**36
# The largest error allowed, relative to the sum of the products in its window, Σ |x · weight|.
PROMISED = {"float32": 1e-4, "float64": 1e-9}
# The largest error assumed, relative to ‖tile‖₂ · ‖kernel‖₂. Where it matters, the largest measured
# was 2.8e-16, with impulses, boxes, lines, gratings, dots and noise in tiles of 75² to 364².
ERROR = 4.5e-16
NORMS = 1e-100, 1e100  # beyond, a square or a transform may leave the range of double precision

Array = NDArray[np.floating]
Waves = NDArray[np.complex128]


def jobs(request: ConvolutionRequest, out: Array, *, whole: bool) -> list[Callable[[], None]]:
    """List the tiles that fill `out`; with `whole`, the results are rounded to whole numbers."""
    maps, cells = zip(*_tiles(request), strict=True)
    side = [_fast(size) for size in cells]
    # Along the rows first, and only the rows that the kernel has.
    spectra = np.fft.rfft(_spread(request).astype(np.float64, copy=False), side[1])
    spectra = np.fft.fft(spectra, side[0], axis=-2)
    np.conj(spectra, out=spectra)  # correlation: the kernel is not flipped
    (rows, columns), (down, along) = request.size, request.stride
    return [
        partial(
            _tile,
            request._replace(
                x=image[None, :, top * down :, left * along :][..., : side[0], : side[1]]
            ),
            spectra,
            map_[:, top : top + maps[0], left : left + maps[1]],
            side,
            whole,
        )
        for image, map_ in zip(request.x, out, strict=True)
        for top in range(0, rows, maps[0])
        for left in range(0, columns, maps[1])
    ]


def work(request: ConvolutionRequest) -> tuple[float, float, float]:
    """Return the counts that the time depends on: cells · log₂, products, transforms."""
    images, filters, rows, columns = request.shape
    channels, depth = request.x.shape[1], request.weight.shape[1]
    (high, height), (wide, width) = _tiles(request)
    tiles = images * -(-rows // high) * -(-columns // wide)
    transforms = tiles * (channels + filters) + filters * depth
    cells = height * width
    return transforms * cells * math.log2(cells), tiles * filters * depth * cells, tiles * filters


def memory(request: ConvolutionRequest) -> int:
    """Return the bytes that the transformed kernels take."""
    (_, height), (_, width) = _tiles(request)
    return math.prod(request.weight.shape[:2]) * height * width * np.dtype(np.float64).itemsize


def is_whole(request: ConvolutionRequest) -> bool:
    """Whether all numbers, and so the results, are whole."""
    return all(bool((array == np.rint(array)).all()) for array in (request.weight, request.x))


def is_exact(request: ConvolutionRequest) -> bool:
    """Whether rounding restores whole numbers."""
    largest = np.abs(request.weight).sum(axis=(1, 2, 3), dtype=np.float64).max()
    return float(largest) * max(float(request.x.max()), -float(request.x.min())) < EXACT


def _tile(
    request: ConvolutionRequest, spectra: Waves, maps: Array, side: list[int], whole: bool
) -> None:
    """Fill `maps` (F, rows, columns) from a tile of `request.x` (1, C, H, W), padded with 0."""
    filters, depth = spectra.shape[:2]
    image = scratch("tile", request.x.shape[1:], np.float64)
    image[...] = request.x[0]
    waves = _transformed(image, side)
    product = scratch("product", (depth, *waves.shape[1:]), np.complex128)
    for filter_, map_ in enumerate(maps):
        first = filter_ * request.groups // filters * depth
        channels = slice(first, first + depth)
        np.multiply(waves[channels], spectra[filter_], out=product)
        summed = np.add.reduce(product, axis=0, out=product[0]) if depth > 1 else product[0]
        back = _returned(summed, map_.shape, request.stride, side)
        map_[...] = np.rint(back, out=back) if whole else back
        if not whole:
            enough = _enough(image[channels], request.weight[filter_], maps.dtype)
            doubted = ~(np.abs(back, out=back) > enough)  # NaN counts as inaccurate, too
            if doubted.any():
                weight = request.weight[filter_ : filter_ + 1]
                alone = request._replace(x=request.x[:, channels], weight=weight, groups=1)
                _compute_anew(alone, map_, doubted)


def _transformed(image: Array, side: list[int]) -> Waves:
    """Return the transform of `image` (C, H, W), zeros beyond its end."""
    waves = scratch("waves", (len(image), side[0], side[1] // 2 + 1), np.complex128)
    height = image.shape[1]
    np.fft.rfft(image, side[1], out=waves[:, :height])
    waves[:, height:] = 0
    return np.fft.fft(waves, axis=1, out=waves)


def _returned(
    waves: Waves, shape: tuple[int, int], stride: tuple[int, int], side: list[int]
) -> Array:
    """Transform `waves`, which is overwritten, back into a map of `shape`."""
    (rows, columns), (down, along) = shape, stride
    np.fft.ifft(waves, axis=0, out=waves)
    # The second half of the inverse transform handles only the rows that are kept.
    back = scratch("back", (rows, side[1]), np.float64)
    return np.fft.irfft(waves[: rows * down : down], side[1], out=back)[
        :, : columns * along : along
    ]


def _enough(image: Array, weight: Array, dtype: np.dtype) -> float:
    """Return how large a result must be for its error to be within `PROMISED`."""
    # Not `np.linalg.norm`, whose BLAS threads would compete with ours.
    squares = (np.einsum("chw,chw->", a, a, dtype=np.float64) for a in (image, weight))
    norms = [math.sqrt(square) for square in squares]
    if NORMS[0] < min(norms) <= max(norms) < NORMS[1]:
        return ERROR * math.prod(norms) / PROMISED[dtype.name]
    return math.inf


def _compute_anew(request: ConvolutionRequest, map_: Array, cells: NDArray[np.bool_]) -> None:
    """Recompute these cells of the map (H', W') of one tile and one filter from their windows."""
    if products.are_many(request, cells):
        filled = _filled(request)[: len(map_), : map_.shape[1]]
        map_[~filled] = 0
        cells &= filled
    products.compute(request, map_, cells)


def _filled(request: ConvolutionRequest) -> NDArray[np.bool_]:
    """Return for each window of a picture (1, C, H, W) whether it holds anything but zeros."""
    cells = (request.x[0] != 0).any(axis=0)
    for extent, step in zip(_extent(request), request.stride, strict=True):
        width = 1  # how many rows each number in `cells` covers so far; it doubles
        while width < extent:
            more = min(width, extent - width)
            cells, width = cells[:-more] | cells[more:], width + more
        cells = cells[::step].T
    return cells


def _extent(request: ConvolutionRequest) -> list[int]:
    """Return how many cells the dilated kernel spans, vertically and horizontally."""
    return [
        (size - 1) * tap + 1
        for size, tap in zip(request.weight.shape[2:], request.dilation, strict=True)
    ]


def _tiles(request: ConvolutionRequest) -> list[tuple[int, int]]:
    """Return per axis how many cells of the map a tile makes, and how many cells it reads."""
    tiles = []
    for size, step, extent in zip(request.size, request.stride, _extent(request), strict=True):
        side = max(SMALLEST_SIDE, KERNELS_A_SIDE * extent)
        parts = -(-size // max(1, (side - extent) // step + 1))
        made = -(-size // parts)
        tiles.append((made, (made - 1) * step + extent))
    return tiles


def _fast(size: int) -> int:
    """Return the next size without a prime factor above 5, for a fast transform.

    >>> [_fast(size) for size in (1, 7, 286, 601)]
    [1, 8, 288, 625]
    """
    return next(fast for fast in count(size) if 30 ** fast.bit_length() % fast == 0)


def _spread(request: ConvolutionRequest) -> Array:
    """Return the kernels with the zeros that dilation puts between the taps."""
    down, along = request.dilation
    if down == along == 1:
        return request.weight
    spread = np.zeros((*request.weight.shape[:2], *_extent(request)), request.weight.dtype)
    spread[:, :, ::down, ::along] = request.weight
    return spread
