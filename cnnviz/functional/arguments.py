"""The entry point of convolution: arguments are checked once and put into one form."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.checks import (
    Pair,
    check_images,
    check_memory,
    count_of,
    pair,
    real_array,
    whole,
)
from cnnviz.functional.dtypes import float_type, ieee
from cnnviz.functional.geometry import axes_of, checked_axes
from cnnviz.functional.padding import PADDING_MODES, Padding, Sides


class ConvolutionRequest(NamedTuple):
    """A convolution whose arguments have been checked, with the padding already in `x`."""

    x: NDArray[np.floating]  # (N, C, H, W), contiguous, float32 or float64
    weight: NDArray[np.floating]  # (F, C / groups, kH, kW), of the same type
    bias: NDArray[np.floating] | None  # (F,), of the same type
    stride: tuple[int, int]
    dilation: tuple[int, int]
    groups: int
    size: tuple[int, int]  # (H', W') of a feature map
    result_shape: tuple[int, ...]  # (N, F, H', W') without the axes that the input lacked

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Return (N, F, H', W')."""
        return len(self.x), len(self.weight), *self.size


def convolution_request(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None,
    stride: Pair,
    padding: Padding,
    dilation: Pair,
    groups: int,
    padding_mode: str,
) -> ConvolutionRequest:
    """Check the arguments of `conv2d` and bring them into one form."""
    x, weight = real_array(x, "x"), real_array(weight, "weight")
    dtype = float_type(x)
    stride, dilation = pair(stride, "stride"), pair(dilation, "dilation")
    groups = whole(groups, "groups")
    images, filters = _four_axes(x, weight, groups)
    size, kernel_size = images.shape[2:], filters.shape[2:]
    check_padding_mode(padding_mode)
    axes = axes_of(
        size,
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        padding_mode=padding_mode,
    )
    vertical, horizontal = checked_axes(axes)
    maps = vertical.output, horizontal.output
    leading = x.shape[:-3] + weight.shape[:-2][:1]
    check_memory((*images.shape[:2], vertical.padded, horizontal.padded), "x with its padding")
    check_memory((len(images), len(filters), *maps), "The feature maps")
    with ieee():  # a weight too large for float32 becomes ∞, as in a cast
        return ConvolutionRequest(
            padded(images, (vertical.padding, horizontal.padding), padding_mode, dtype),
            np.ascontiguousarray(filters, dtype),
            None if bias is None else per_filter(bias, len(filters)).astype(dtype),
            stride,
            dilation,
            groups,
            maps,
            leading + maps,
        )


def padded(
    x: NDArray[np.generic], sides: tuple[Sides, Sides], mode: str, dtype: np.dtype
) -> NDArray[np.floating]:
    """Return `x` (N, C, H, W) as a contiguous array with its border, copied at most once."""
    if sides == ((0, 0), (0, 0)):
        return np.ascontiguousarray(x, dtype)
    (top, bottom), (left, right) = sides
    height, width = x.shape[2:]
    make = np.zeros if mode == "zeros" else np.empty
    out = make((*x.shape[:2], top + height + bottom, left + width + right), dtype)
    out[..., top : top + height, left : left + width] = x
    if mode == "zeros":
        return out
    # The border is copied from the inside: first the ends of each row, then rows above and below.
    rows = top + np.pad(np.arange(height), sides[0], mode=PADDING_MODES[mode])
    columns = left + np.pad(np.arange(width), sides[1], mode=PADDING_MODES[mode])
    inside = out[..., top : top + height, :]
    for beside in slice(0, left), slice(left + width, None):
        inside[..., beside] = inside[..., columns[beside]]
    for beyond in slice(0, top), slice(top + height, None):
        out[..., beyond, :] = out[..., rows[beyond], :]
    return out


def _four_axes(
    x: NDArray[np.generic], weight: NDArray[np.generic], groups: int
) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
    """Return `x` as (N, C, H, W) and `weight` as (F, C / groups, kH, kW)."""
    check_images(x)
    if weight.ndim not in ((2, 3) if x.ndim == 2 else (4,)):
        wanted = "(kH, kW) or (F, kH, kW)" if x.ndim == 2 else "(F, C / groups, kH, kW)"
        raise ValueError(
            f"x of shape {x.shape} needs a weight of shape {wanted}, got {weight.shape}."
        )
    images = x.reshape((1,) * (4 - x.ndim) + x.shape)
    filters = weight if weight.ndim == 4 else weight.reshape(-1, 1, *weight.shape[-2:])
    channels, (count, depth) = images.shape[1], filters.shape[:2]
    if channels % groups or count % groups:
        raise ValueError(
            f"groups must divide the channels and the filters, got "
            f"{count_of(groups, 'group')} for {count_of(channels, 'channel')} and "
            f"{count_of(count, 'filter')}."
        )
    if depth * groups != channels:
        of_groups = f" in {groups} groups" if groups > 1 else ""
        raise ValueError(
            f"x has {count_of(channels, 'channel')}{of_groups}, so each filter needs "
            f"{channels // groups}; "
            f"weight of shape {weight.shape} has {depth}."
        )
    return images, filters


def per_filter(value: ArrayLike, filters: int) -> NDArray[np.generic]:
    """Return the bias as (F,), from one number or one for each filter."""
    bias = real_array(value, "bias")
    if bias.shape not in ((), (1,), (filters,)):
        several = f" or {filters}, one for each filter" if filters > 1 else ""
        raise ValueError(f"bias must be one number{several}, got shape {bias.shape}.")
    return np.broadcast_to(bias, (filters,))


def check_padding_mode(mode: str) -> None:
    """Refuse a padding mode that does not exist."""
    if not isinstance(mode, str) or mode not in PADDING_MODES:
        names = ", ".join(PADDING_MODES)
        raise ValueError(f"padding_mode must be one of {names}, got {mode!r}.")
