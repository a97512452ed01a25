"""Transposed convolution: from a feature map back to the size of its input.

`conv_transpose2d` is fast, `conv_transpose2d_definition` is readable, and each is tested against
the other.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.arguments import per_filter
from cnnviz.functional.checks import (
    Pair,
    cell_count,
    check_images,
    check_memory,
    count_of,
    pair,
    real_array,
    whole,
)
from cnnviz.functional.convolution import conv2d
from cnnviz.functional.dtypes import float_type, ieee
from cnnviz.functional.geometry import LINES
from cnnviz.functional.padding import Border, Sides, border_sides


def conv_transpose2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Pair = 1,
    padding: Border = 0,
    output_padding: Pair = 0,
    groups: int = 1,
    dilation: Pair = 1,
) -> NDArray[np.floating]:
    """Stamp the kernel, times the value of each cell, wherever `conv2d` would have read it.

    Names, order and meaning are those of `torch.nn.functional.conv_transpose2d`. It is not an
    inverse: it restores the shape, not the values.

    Parameters
    ----------
    x : array
        (H, W), (C, H, W) or (N, C, H, W): the maps that a convolution returned.
    weight : array
        For x of (H, W): one kernel (kH, kW). Else (C, F / groups, kH, kW), the filters of that
        convolution.
    bias : number or (F,), optional
        Added to each output map.
    stride, dilation : int or (vertical, horizontal)
        Cells between the stamps, and between the taps of the kernel.
    padding : int, (vertical, horizontal) or ((top, bottom), (left, right))
        Cells to cut off: those that the convolution had added.
    output_padding : int or (vertical, horizontal)
        Extra cells at the end, for the rows and columns that a stride had dropped.
    groups : int
        The channels are split into this many parts that do not mix.

    Returns
    -------
    array
        Along each axis (size − 1) · stride + dilation · (k − 1) + 1 − padding + output_padding
        cells.

    Raises
    ------
    ValueError
        If the shapes or settings do not fit together; the message names the numbers.
    TypeError
        If an argument is not a real number, or not a whole one where it must be.

    Examples
    --------
    Three cells read with stride 2 become seven again; where stamps overlap they add up:

    >>> conv_transpose2d([[1, 2, 3]], [[1, 1, 1]], stride=(1, 2))
    array([[1., 1., 3., 2., 5., 3., 3.]])
    """
    request = _request(x, weight, stride, padding, output_padding, groups, dilation)
    spread = _with_gaps(request)
    vertical, horizontal = (
        step * (size - 1)
        for step, size in zip(request.dilation, request.weight.shape[2:], strict=True)
    )
    full = conv2d(
        spread,
        _swapped(request),
        bias,
        padding=(vertical, horizontal),
        dilation=request.dilation,
        groups=request.groups,
    )
    return np.ascontiguousarray(full[request.kept]).reshape(request.result_shape)


def conv_transpose2d_definition(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    stride: Pair = 1,
    padding: Border = 0,
    output_padding: Pair = 0,
    groups: int = 1,
    dilation: Pair = 1,
) -> NDArray[np.floating]:
    """Stamp one kernel at a time, as the definition says.

    The arguments and the result are those of `conv_transpose2d`.

    Examples
    --------
    >>> conv_transpose2d_definition([[1, 2]], [[1, 1]], padding=(0, 1), bias=10)
    array([[13.]])
    """
    request = _request(x, weight, stride, padding, output_padding, groups, dilation)
    images, channels, rows, columns = request.x.shape
    filters, height, width = request.weight.shape[1:]
    (row_step, column_step), (row_tap, column_tap) = request.stride, request.dilation
    out = np.zeros((images, filters * request.groups, *request.full), request.x.dtype)
    with ieee():
        for image, channel, row, column in np.ndindex(images, channels, rows, columns):
            first = channel // (channels // request.groups) * filters
            top, left = row * row_step, column * column_step
            out[
                image,
                first : first + filters,
                top : top + height * row_tap : row_tap,
                left : left + width * column_tap : column_tap,
            ] += request.x[image, channel, row, column] * request.weight[channel]
        if bias is not None:
            out += per_filter(bias, out.shape[1])[:, None, None]
    return out[request.kept].reshape(request.result_shape)


class _Request(NamedTuple):
    """A transposed convolution whose arguments have been checked."""

    x: NDArray[np.floating]  # (N, C, H, W)
    weight: NDArray[np.floating]  # (C, F / groups, kH, kW)
    stride: tuple[int, int]
    dilation: tuple[int, int]
    groups: int
    full: tuple[int, int]  # cells before the padding is cut off
    kept: tuple[Any, ...]  # the part that is left
    result_shape: tuple[int, ...]


def _request(
    x: ArrayLike,
    weight: ArrayLike,
    stride: Pair,
    padding: Border,
    output_padding: Pair,
    groups: int,
    dilation: Pair,
) -> _Request:
    """Check the arguments of `conv_transpose2d` and bring them into one form."""
    x, weight = real_array(x, "x"), real_array(weight, "weight")
    stride, dilation, groups = (
        pair(stride, "stride"),
        pair(dilation, "dilation"),
        whole(groups, "groups"),
    )
    extra = pair(output_padding, "output_padding", minimum=0)
    images, filters = _four_axes(x, weight, groups)
    sides = border_sides(padding)
    spans = [
        (size - 1) * step + tap * (k - 1) + 1 + more
        for size, step, tap, k, more in zip(
            images.shape[2:], stride, dilation, filters.shape[2:], extra, strict=True
        )
    ]
    check_output_padding(extra, stride, dilation)
    _check_sizes(spans, sides)
    kept = tuple(
        slice(before, span - after) for span, (before, after) in zip(spans, sides, strict=True)
    )
    maps = filters.shape[1] * groups
    check_memory(
        (len(images), max(images.shape[1], maps), *spans), "The maps before their padding goes"
    )
    dtype = float_type(x)
    sizes = tuple(one.stop - one.start for one in kept)
    leading = () if x.ndim == 2 else (*x.shape[:-3], maps)
    with ieee():  # a weight too large for float32 becomes ∞, as in a cast
        return _Request(
            images.astype(dtype),
            filters.astype(dtype),
            stride,
            dilation,
            groups,
            (spans[0], spans[1]),
            (slice(None), slice(None), *kept),
            (*leading, *sizes),
        )


def _four_axes(
    x: NDArray[np.generic], weight: NDArray[np.generic], groups: int
) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
    """Return `x` as (N, C, H, W) and `weight` as (C, F / groups, kH, kW)."""
    check_images(x)
    wanted = 2 if x.ndim == 2 else 4
    if weight.ndim != wanted:
        form = "(kH, kW)" if wanted == 2 else "(C, F / groups, kH, kW)"
        raise ValueError(
            f"x of shape {x.shape} needs a weight of shape {form}, got {weight.shape}."
        )
    images = x.reshape((1,) * (4 - x.ndim) + x.shape)
    filters = weight.reshape((1,) * (4 - weight.ndim) + weight.shape)
    channels = images.shape[1]
    if channels != len(filters):
        raise ValueError(
            f"x has {count_of(channels, 'channel')}, so the weight needs "
            f"{count_of(channels, 'kernel')} in front; "
            f"its shape {weight.shape} has {len(filters)}."
        )
    if channels % groups:
        raise ValueError(f"groups must divide the {count_of(channels, 'channel')}, got {groups}.")
    return images, filters


def check_output_padding(extra: Sides, stride: Sides, dilation: Sides) -> None:
    """Raise ValueError if the output padding is more than a stride or a dilation can have dropped.

    The numbers are those of `conv_transpose2d`, as (vertical, horizontal).
    """
    for name, more, step, tap in zip(LINES, extra, stride, dilation, strict=True):
        if more >= max(step, tap):
            raise ValueError(
                f"In {name}: output_padding {more} must be smaller than the stride {step} or the "
                f"dilation {tap}: at most {max(step, tap) - 1}."
            )


def _check_sizes(spans: list[int], sides: tuple[Sides, Sides]) -> None:
    for name, span, side in zip(LINES, spans, sides, strict=True):
        if sum(side) >= span:
            raise ValueError(
                f"In {name}: padding {side[0]} + {side[1]} cuts off all of the "
                f"{cell_count(span)}: at most {span - 1} in all would leave one."
            )


def _with_gaps(request: _Request) -> NDArray[np.floating]:
    """Return `x` with stride − 1 zeros between its cells, and the zeros of the output padding."""
    reach = (
        tap * (k - 1) for tap, k in zip(request.dilation, request.weight.shape[2:], strict=True)
    )
    size = tuple(span - more for span, more in zip(request.full, reach, strict=True))
    out = np.zeros((*request.x.shape[:2], *size), request.x.dtype)
    # The output padding may leave room for one more cell, so the slices need explicit ends.
    ends = [(n - 1) * step + 1 for n, step in zip(request.x.shape[2:], request.stride, strict=True)]
    out[..., : ends[0] : request.stride[0], : ends[1] : request.stride[1]] = request.x
    return out


def _swapped(request: _Request) -> NDArray[np.floating]:
    """Return the weight as `conv2d` wants it, (F, C / groups, kH, kW), turned by 180°."""
    channels, filters, height, width = request.weight.shape
    grouped = request.weight.reshape(
        request.groups, channels // request.groups, filters, height, width
    )
    swapped = grouped.swapaxes(1, 2).reshape(-1, channels // request.groups, height, width)
    return np.ascontiguousarray(swapped[..., ::-1, ::-1])
