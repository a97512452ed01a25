"""Convolution as matrix products, for BLAS.

The rows of a tile are written out once for each column of the kernel, side by side:
`lines[row, channel, tap, column] = x[channel, row, column + tap]`. The windows of a whole row of
the map are then a few consecutive lines, so that

    map[filter, row, column] = matrix[filter, (tap row, channel, tap)] · lines[row:row + kH]

is a matrix product without another copy. A product with few filters leaves BLAS idle: several rows
of the map are then computed at once, with a tall banded matrix that repeats the kernel, a row lower
each time.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from cnnviz.functional.arguments import ConvolutionRequest
from cnnviz.functional.engines.workers import WORKERS, scratch

ROWS_AT_ONCE = 4
TILE = 1 << 20  # bytes of lines: half the second-level cache of a core
# OpenBLAS keeps a product of fewer multiplications on the calling thread. A larger one would wake
# its own threads, which compete with ours for the same cores.
PRODUCT = 500_000
ONE_BY_ONE = 1 << 18  # multiplications: up to this many are done window by window
WORTH_CUTTING = 10_000_000  # multiplications: fewer stay on one thread

Array = NDArray[np.floating]


def jobs(
    request: ConvolutionRequest, out: Array, *, dense: bool = False
) -> list[Callable[[], None]]:
    """List the products that fill `out`.

    With `dense`, no cell outside a window is multiplied: its NaN would spread.
    """
    todo = []
    for images, filters, maps in _groups(request, out):
        if dense or is_dense(request):
            todo += _products(images, filters, maps, request.stride, request.dilation)
            continue
        for number in range(len(filters)):
            todo += _tall_products(images, filters[number], maps[:, number], request)
    return todo


def is_dense(request: ConvolutionRequest) -> bool:
    """Whether no cell outside a window is multiplied, even without `dense`."""
    return len(request.weight) // request.groups >= ROWS_AT_ONCE


def are_many(request: ConvolutionRequest, cells: NDArray[np.bool_]) -> bool:
    """Whether there are too many of these cells to compute them one by one."""
    return bool(np.count_nonzero(cells) * request.weight.size > ONE_BY_ONE)


def compute(request: ConvolutionRequest, map_: Array, cells: NDArray[np.bool_]) -> None:
    """Compute these cells of the map (H', W') of one picture and one filter, on this thread.

    If there are many, the whole rectangle around them is computed.
    """
    rows, columns = np.nonzero(cells)
    if not are_many(request, cells):
        windows = _windows(request)[rows, columns]
        map_[rows, columns] = np.einsum("nckl,ckl->n", windows, request.weight[0])
        return
    top, left = rows.min(), columns.min()
    corner = request.x[..., top * request.stride[0] :, left * request.stride[1] :]
    rectangle = map_[top : rows.max() + 1, left : columns.max() + 1]
    for job in jobs(request._replace(x=corner), rectangle[None, None]):
        job()


def work(request: ConvolutionRequest) -> tuple[float, float, float]:
    """Return the counts that the time depends on: cells copied, multiplications, products."""
    images, filters, rows, columns = request.shape
    depth, height, width = request.weight.shape[1:]
    at_once = 1 if filters // request.groups >= ROWS_AT_ONCE else ROWS_AT_ONCE
    banded = (at_once - 1) * request.stride[0] + (height - 1) * request.dilation[0] + 1
    length = depth * width * (height if at_once == 1 else banded)
    sets = request.groups * (1 if at_once == 1 else filters // request.groups)
    multiplications = images * filters * rows * columns * length
    copied = images * sets * depth * width * request.x.shape[2] * columns
    calls = images * sets * rows / at_once * max(1, multiplications / PRODUCT / images / rows)
    return copied, multiplications, calls


def _windows(request: ConvolutionRequest) -> Array:
    """Return the windows of one picture as a view (H', W', C, kH, kW)."""
    channels, height, width = request.x.shape[1:]
    channel, row, cell = request.x.strides[1:]
    (down, along), (down_tap, along_tap) = request.stride, request.dilation
    kernel = request.weight.shape[2:]
    rows = (height - (kernel[0] - 1) * down_tap - 1) // down + 1
    columns = (width - (kernel[1] - 1) * along_tap - 1) // along + 1
    return as_strided(
        request.x,
        (rows, columns, channels, *kernel),
        (down * row, along * cell, channel, down_tap * row, along_tap * cell),
    )


def _groups(request: ConvolutionRequest, out: Array) -> Iterator[tuple[Array, Array, Array]]:
    """Return the channels, the filters and the maps of each group."""
    filters, depth = request.weight.shape[:2]
    share = filters // request.groups
    for group in range(request.groups):
        channels = slice(group * depth, (group + 1) * depth)
        some = slice(group * share, (group + 1) * share)
        yield request.x[:, channels], request.weight[some], out[:, some]


def _tall_products(
    images: Array, kernel: Array, maps: Array, request: ConvolutionRequest
) -> list[Callable[[], None]]:
    """Compute `ROWS_AT_ONCE` rows of the maps (N, H', W') as if each had its own filter."""
    step, tap = request.stride[0], request.dilation[0]
    depth, height, width = kernel.shape
    count, rows, columns = maps.shape
    whole = rows - rows % ROWS_AT_ONCE
    todo = []
    if whole:
        reach = (ROWS_AT_ONCE - 1) * step + (height - 1) * tap + 1
        tall = np.zeros((ROWS_AT_ONCE, depth, reach, width), kernel.dtype)
        for row in range(ROWS_AT_ONCE):
            top = row * step
            tall[row, :, top : top + (height - 1) * tap + 1 : tap] = kernel
        interleaved = maps[:, :whole].reshape(count, -1, ROWS_AT_ONCE, columns).swapaxes(1, 2)
        todo += _products(
            images,
            tall,
            interleaved,
            (step * ROWS_AT_ONCE, request.stride[1]),
            (1, request.dilation[1]),
        )
    if whole < rows:
        todo += _products(
            images[:, :, whole * step :],
            kernel[None],
            maps[:, None, whole:],
            request.stride,
            request.dilation,
        )
    return todo


def _products(
    images: Array,
    filters: Array,
    maps: Array,
    stride: tuple[int, int],
    dilation: tuple[int, int],
) -> list[Callable[[], None]]:
    """Cut the maps into tiles whose lines fit into the cache, and into at least one per core."""
    count, depth, height, width = filters.shape
    number, _, rows, columns = maps.shape
    matrix = filters.transpose(2, 1, 3, 0).reshape(-1, count).T
    length = matrix.shape[1]

    beside = min(number, max(PRODUCT // (length * count * columns), 1))
    part = min(count, max(PRODUCT // (length * columns), 16))
    wide = _share(columns, max(PRODUCT // (length * part), 32))
    line = depth * width * beside * wide * maps.itemsize * (1 if dilation[0] == 1 else height)
    high = max((TILE // line - height * dilation[0]) // stride[0], 4)
    if number * rows * columns * length * count > WORTH_CUTTING:
        beside = min(beside, -(-number // WORKERS))
        high = min(high, -(-rows * number // WORKERS))
    beside, high = _share(number, beside), _share(rows, high)
    return [
        partial(
            _tile,
            images[first : first + beside, :, top * stride[0] :, left * stride[1] :],
            matrix,
            maps[first : first + beside, :, top : top + high, left : left + wide],
            filters.shape[2:],
            stride,
            dilation,
            part,
        )
        for first in range(0, number, beside)
        for top in range(0, rows, high)
        for left in range(0, columns, wide)
    ]


def _tile(
    images: Array,
    matrix: Array,
    maps: Array,
    kernel_size: tuple[int, int],
    stride: tuple[int, int],
    dilation: tuple[int, int],
    part: int,
) -> None:
    """Fill `maps` (N, F, rows, columns) from the top left corner of `images` (N, C, H, W)."""
    number, count, rows, columns = maps.shape
    height, width = kernel_size
    depth = images.shape[1]
    image, channel, row, cell = images.strides
    reach = (rows - 1) * stride[0] + (height - 1) * dilation[0] + 1
    shape = reach, depth, width, number, columns
    lines = scratch("lines", shape, maps.dtype)
    lines[...] = as_strided(
        images, shape, (row, channel, dilation[1] * cell, image, stride[1] * cell)
    )
    # Computed from `lines.strides`: NumPy gives a transposed view of one column different ones.
    line, written, pixels = lines.strides[0], lines.itemsize, number * columns
    windows = as_strided(
        lines,
        (rows, height, depth * width, pixels),
        (stride[0] * line, dilation[0] * line, pixels * written, written),
    ).reshape(rows, -1, pixels)  # a copy only if the rows are dilated
    if number == 1 and not _is_better_turned(matrix, pixels):
        by_row = maps[0].swapaxes(0, 1)
        for first in range(0, count, part):
            some = slice(first, first + part)
            np.matmul(matrix[some], windows, out=by_row[:, some])
    elif _is_better_turned(matrix, pixels):
        product = scratch("product", (rows, pixels, count), maps.dtype)
        np.matmul(windows.swapaxes(1, 2), matrix.T, out=product)
        maps[...] = product.reshape(rows, number, columns, count).transpose(1, 3, 0, 2)
    else:
        product = scratch("product", (rows, count, pixels), maps.dtype)
        np.matmul(matrix, windows, out=product)
        maps[...] = product.reshape(rows, count, number, columns).transpose(2, 1, 0, 3)


def _is_better_turned(matrix: Array, pixels: int) -> bool:
    """Whether full vectors of filters save BLAS more time than transposing the result costs."""
    count, length = matrix.shape
    return length >= 256 and pixels < 64 and count % 16 == 0


def _share(size: int, most: int) -> int:
    """Return the size of equal parts, none larger than `most`."""
    parts = -(-size // min(size, most))
    return -(-size // parts)
