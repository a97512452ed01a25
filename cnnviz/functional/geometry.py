"""Both axes of a convolution or a pooling, from every form of settings that `conv2d` accepts."""

from functools import lru_cache
from typing import Literal, TypeAlias

from cnnviz.functional.axis import Axis
from cnnviz.functional.padding import NAMES, Amount, Padding, Sides, by_axis, sides_of

LINES = ("height", "width")

Axes: TypeAlias = tuple[Axis, Axis]  # vertical, horizontal


def axes_of(
    size: Sides,
    kernel_size: Sides,
    *,
    stride: Sides = (1, 1),
    padding: Padding | Literal["full"] = 0,
    dilation: Sides = (1, 1),
    ceil_mode: bool = False,
    padding_mode: str = "zeros",
    names: tuple[str, ...] = NAMES,
) -> Axes:
    """Return both axes with the padding resolved; `checked_axes` says whether they fit.

    Parameters
    ----------
    size, kernel_size, stride, dilation : (vertical, horizontal)
        Whole numbers of at least 1.
    padding : int, (vertical, horizontal), ((top, bottom), (left, right)), "valid", "same", "full"
        "full" is enough for the kernel to overlap the input by a single cell.
    ceil_mode, padding_mode
        As in `Axis`.
    names : tuple of str
        Which padding names are accepted.

    Examples
    --------
    >>> [axis.padding for axis in axes_of((5, 5), (3, 4), padding="same")]
    [(1, 1), (1, 2)]
    """
    amounts = by_axis(padding, names)
    return _axes(size, kernel_size, stride, amounts, dilation, ceil_mode, padding_mode)


def checked_axes(axes: Axes) -> Axes:
    """Return the axes if both fit; else raise ValueError, naming the one that does not."""
    for name, axis in zip(LINES, axes, strict=True):
        try:
            axis.check()
        except ValueError as error:
            raise ValueError(f"In {name}: {error}") from None
    return axes


@lru_cache(maxsize=256)  # training needs the same few, hundreds of times a second
def _axes(
    size: Sides,
    kernel_size: Sides,
    stride: Sides,
    amounts: tuple[Amount, Amount],
    dilation: Sides,
    ceil_mode: bool,
    padding_mode: str,
) -> Axes:
    vertical, horizontal = (
        Axis(
            size[i],
            kernel_size[i],
            stride[i],
            sides_of(amounts[i], size[i], kernel_size[i], stride[i], dilation[i]),
            dilation[i],
            ceil_mode,
            padding_mode,
        )
        for i in (0, 1)
    )
    return vertical, horizontal


def padding_pairs(
    padding: Padding,
    size: Sides,
    kernel_size: Sides,
    *,
    stride: Sides = (1, 1),
    dilation: Sides = (1, 1),
) -> tuple[Sides, Sides]:
    """Return ((top, bottom), (left, right)) from any form of padding that `conv2d` accepts.

    Examples
    --------
    >>> padding_pairs((1, 2), (5, 5), (3, 3))
    ((1, 1), (2, 2))
    """
    vertical, horizontal = axes_of(
        size, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    return vertical.padding, horizontal.padding
