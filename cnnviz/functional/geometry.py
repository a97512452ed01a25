"""Both axes of a convolution or a pooling, from all forms of settings that these accept."""

from functools import lru_cache
from typing import Literal, TypeAlias

from cnnviz.functional.axis import Axis
from cnnviz.functional.checks import cell_count, check_memory
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


def pooling_axes(
    size: Sides,
    kernel_size: Sides,
    *,
    stride: Sides,
    padding: Padding = 0,
    dilation: Sides = (1, 1),
    ceil_mode: bool = False,
) -> Axes:
    """Return both axes of a pooling, or raise ValueError with what would fit.

    Parameters are those of `axes_of`. Padding is at most half a window, as in PyTorch, and every
    window reads at least one cell of the input.

    Examples
    --------
    >>> [axis.output for axis in pooling_axes((6, 7), (2, 2), stride=(2, 2), ceil_mode=True)]
    [3, 4]
    """
    return _checked_pooling(
        axes_of(
            size,
            kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
            ceil_mode=bool(ceil_mode),
        )
    )


@lru_cache(maxsize=256)  # maps of the same size have the same windows
def _checked_pooling(axes: Axes) -> Axes:
    check_memory(tuple(axis.padded for axis in axes), "A plane with its padding")
    for name, axis in zip(LINES, checked_axes(axes), strict=True):
        before, after = axis.padding
        if max(before, after) > axis.extent // 2:
            raise ValueError(
                f"In {name}: padding {before} + {after} is more than half a window "
                f"of {cell_count(axis.extent)}; at most {axis.extent // 2} at each end would fit."
            )
        if not axis.cells_counted(include_padding=False).all():
            raise ValueError(
                f"In {name}: with dilation {axis.dilation} and padding {before} a window "
                f"of {axis.kernel_size} reads nothing of the {cell_count(axis.size)}."
            )
    return axes
