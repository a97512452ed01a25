"""The chain of the Lab: convolution, then activation, then pooling.

A `Recipe` holds the settings of the chain; `feature_maps` is the computation itself, short
enough to be shown to the people whose picture it has just worked on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.functional.convolution import conv2d
from cnnviz.functional.pooling import avg_pool2d, max_pool2d
from cnnviz.functional.shapes import ReceptiveField, Sides, output_size, padding_pairs, unvisited
from cnnviz.kernels import Kernel

Map: TypeAlias = NDArray[np.float64]
Pairs: TypeAlias = tuple[Sides, Sides]
LINES = ("rows", "columns")
STAGES = ("input", "convolution", "activation", "pooling")


@dataclass(frozen=True)
class Recipe:
    """The settings of one chain; pairs are (vertical, horizontal).

    `padding` takes what `conv2d` takes, and "full": as much as lets the window touch the
    picture with a single cell. `pooling` is "max", "average" or "none". A filter has a kernel of
    its own for each channel; without one, every channel meets the same kernel.
    """

    kernel: Kernel
    filter: tuple[Kernel, ...] = ()
    flip: bool = False
    bias: float = 0.0
    stride: tuple[int, int] = (1, 1)
    padding: Literal["valid", "same", "full"] | Pairs = "same"
    padding_mode: str = "zeros"
    dilation: tuple[int, int] = (1, 1)
    activation: str = "relu"
    parameters: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    pooling: Literal["max", "average", "none"] = "max"
    window: tuple[int, int] = (2, 2)
    pool_stride: tuple[int, int] = (2, 2)
    pool_padding: tuple[int, int] = (0, 0)
    ceil_mode: bool = False
    count_include_pad: bool = True

    def kernels(self, channels: int) -> tuple[Kernel, ...]:
        """Return the kernel of each channel."""
        return self.filter or (self.kernel,) * channels

    def pads(self, size: tuple[int, int]) -> Pairs:
        """Return ((top, bottom), (left, right)) in cells, for a picture of `size` (H, W)."""
        kernel_size = self.kernel.matrix.shape
        if self.padding == "full":
            vertical, horizontal = (
                spread * (k - 1) for spread, k in zip(self.dilation, kernel_size, strict=True)
            )
            return (vertical, vertical), (horizontal, horizontal)
        return padding_pairs(
            self.padding, size, kernel_size, stride=self.stride, dilation=self.dilation
        )


class FeatureMaps(NamedTuple):
    """What each stage of the chain leaves behind, as arrays (H, W)."""

    features: Map
    activated: Map
    pooled: Map


def feature_maps(x: Map, recipe: Recipe) -> FeatureMaps:
    """Send a picture through convolution, activation and pooling.

    Parameters
    ----------
    x : array (H, W) or (C, H, W)
        In colour, each channel meets its kernel and the partial maps are added.
    recipe : Recipe
        The settings.

    Examples
    --------
    >>> from cnnviz.kernels import KERNELS
    >>> step = np.repeat([[0.0, 0.0, 9.0, 9.0]], 4, axis=0)
    >>> feature_maps(step, Recipe(KERNELS["prewitt_x"], padding="valid")).features
    array([[27., 27.],
           [27., 27.]])
    """
    planes = x if x.ndim == 3 else x[np.newaxis]
    weight = np.stack([kernel.matrix for kernel in recipe.kernels(len(planes))])
    sums = conv2d(
        planes,
        (weight[:, ::-1, ::-1] if recipe.flip else weight)[np.newaxis],
        stride=recipe.stride,
        padding=recipe.pads(planes.shape[1:]),
        dilation=recipe.dilation,
        padding_mode=recipe.padding_mode,
    )[0]
    features = sums / recipe.kernel.divisor + recipe.bias
    activated = ACTIVATIONS[recipe.activation].function(features, **recipe.parameters)
    window, step, pad = recipe.window, recipe.pool_stride, recipe.pool_padding
    if recipe.pooling == "max":
        pooled = max_pool2d(activated, window, stride=step, padding=pad, ceil_mode=recipe.ceil_mode)
    elif recipe.pooling == "average":
        pooled = avg_pool2d(
            activated,
            window,
            stride=step,
            padding=pad,
            ceil_mode=recipe.ceil_mode,
            count_include_pad=recipe.count_include_pad,
        )
    else:
        pooled = activated
    return FeatureMaps(features, activated, pooled)


class Axis(NamedTuple):
    """One step along one axis: how many cells come out, and what they see.

    `field` is in cells of the picture; `padding` and `unvisited` count the cells that the step
    itself reads.
    """

    size: int
    kernel_size: int
    stride: int
    dilation: int
    padding: Sides
    ceil_mode: bool
    unvisited: tuple[int, ...]
    field: ReceptiveField


class Geometry(NamedTuple):
    """The arithmetic of shapes behind a chain, as (vertical, horizontal) axes a stage."""

    convolution: tuple[Axis, Axis]
    pooling: tuple[Axis, Axis] | None


def chain_geometry(size: tuple[int, int], recipe: Recipe) -> Geometry:
    """Follow both axes of a picture of `size` (H, W) through a chain.

    Raises
    ------
    ValueError
        If a window does not fit; the text names the numbers.

    Examples
    --------
    >>> from cnnviz.kernels import KERNELS
    >>> rows, _ = chain_geometry((256, 256), Recipe(KERNELS["sobel_x"])).pooling
    >>> rows.size, rows.field.size, rows.field.jump
    (128, 4, 2)
    """
    pads, kernel_size = recipe.pads(size), recipe.kernel.matrix.shape
    convolution = tuple(
        _axis(
            size[i],
            kernel_size[i],
            recipe.stride[i],
            pads[i],
            ReceptiveField(),
            dilation=recipe.dilation[i],
            names=("kernel", LINES[i]),
        )
        for i in (0, 1)
    )
    if recipe.pooling == "none":
        return Geometry(convolution, None)
    pooling = tuple(
        _axis(
            convolution[i].size,
            recipe.window[i],
            recipe.pool_stride[i],
            (recipe.pool_padding[i],) * 2,
            convolution[i].field,
            ceil_mode=recipe.ceil_mode,
            names=("pooling window", LINES[i]),
        )
        for i in (0, 1)
    )
    return Geometry(convolution, pooling)


def _axis(
    size: int,
    kernel_size: int,
    stride: int,
    padding: Sides,
    field: ReceptiveField,
    *,
    dilation: int = 1,
    ceil_mode: bool = False,
    names: tuple[str, str],
) -> Axis:
    extent, room = dilation * (kernel_size - 1) + 1, size + sum(padding)
    if extent > room:
        window, lines = names
        raise ValueError(
            f"The {window} spans {extent} {lines}, but has only {room} to read "
            f"({size} + {padding[0]} + {padding[1]} of padding): at most "
            f"{(room - 1) // dilation + 1} would fit, or {extent - room} more of padding."
        )
    asked = {"stride": stride, "padding": padding, "dilation": dilation}
    return Axis(
        output_size(size, kernel_size, **asked, ceil_mode=ceil_mode),
        kernel_size,
        stride,
        dilation,
        padding,
        ceil_mode,
        unvisited(size, kernel_size, **asked, ceil_mode=ceil_mode),
        field.after(kernel_size, stride, padding[0], dilation),
    )
