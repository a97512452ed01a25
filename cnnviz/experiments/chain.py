"""The chain of the Lab: convolution, then activation, then pooling.

A `Recipe` holds the settings of the chain; `feature_maps` is the computation itself, short enough
to be shown to the users whose picture it has just worked on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.functional.axis import Axis
from cnnviz.functional.convolution import convolve_channels
from cnnviz.functional.geometry import Axes, axes_of
from cnnviz.functional.padding import Sides
from cnnviz.functional.pooling import avg_pool2d, max_pool2d
from cnnviz.functional.receptive_field import ReceptiveField
from cnnviz.kernels import Kernel

Map: TypeAlias = NDArray[np.floating]
Pairs: TypeAlias = tuple[Sides, Sides]
Fields: TypeAlias = tuple[ReceptiveField, ReceptiveField]  # vertical, horizontal
STAGES = ("input", "convolution", "activation", "pooling")


@dataclass(frozen=True)
class Recipe:
    """The settings of one chain; pairs are (vertical, horizontal).

    `padding` takes what `conv2d` takes, and "full": enough for the window to overlap the picture by
    a single cell. `pooling` is "max", "average" or "none". A filter has its own kernel for each
    channel; without one, all channels share the same kernel.
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

    def axes(self, size: tuple[int, int]) -> Axes:
        """Return both axes of the convolution of a picture of `size` (H, W)."""
        return axes_of(
            size,
            self.kernel.shape,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            padding_mode=self.padding_mode,
            names=("valid", "same", "full"),
        )


class FeatureMaps(NamedTuple):
    """The output of each stage of the chain, as arrays (H, W)."""

    features: Map
    activated: Map
    pooled: Map


def feature_maps(x: Map, recipe: Recipe, geometry: "Geometry | None" = None) -> FeatureMaps:
    """Send a picture through convolution, activation and pooling.

    Parameters
    ----------
    x : array (H, W) or (C, H, W)
        In colour, each channel is convolved with its kernel and the partial maps are added.
    recipe : Recipe
        The settings.
    geometry : Geometry, optional
        The result of `chain_geometry`, if it has been computed already.

    Examples
    --------
    >>> from cnnviz.kernels import KERNELS
    >>> step = np.repeat([[0.0, 0.0, 9.0, 9.0]], 4, axis=0)
    >>> feature_maps(step, Recipe(KERNELS["prewitt_x"], padding="valid")).features
    array([[27., 27.],
           [27., 27.]])
    """
    axes = geometry.convolution if geometry else recipe.axes(x.shape[-2:])
    weight = np.stack([kernel.matrix for kernel in recipe.filter or (recipe.kernel,)])
    sums = convolve_channels(
        x,
        weight[:, ::-1, ::-1] if recipe.flip else weight,
        stride=recipe.stride,
        padding=(axes[0].padding, axes[1].padding),
        dilation=recipe.dilation,
        padding_mode=recipe.padding_mode,
    )
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


class Geometry(NamedTuple):
    """The windows of a chain, a pair of axes for each of its steps."""

    convolution: Axes
    pooling: Axes | None

    @property
    def feature_fields(self) -> Fields:
        """What a cell of the feature map sees in the picture, (vertical, horizontal)."""
        vertical, horizontal = self.convolution
        return vertical.field(), horizontal.field()

    @property
    def pooled_fields(self) -> Fields:
        """What a cell of the pooled map sees in the picture; without pooling, as the one above."""
        if self.pooling is None:
            return self.feature_fields
        vertical, horizontal = map(Axis.field, self.pooling, self.feature_fields)
        return vertical, horizontal


def chain_geometry(size: tuple[int, int], recipe: Recipe) -> Geometry:
    """Follow both axes of a picture of `size` (H, W) through a chain.

    Raises
    ------
    ValueError
        If a window does not fit; the message names the numbers.

    Examples
    --------
    >>> from cnnviz.kernels import KERNELS
    >>> geometry = chain_geometry((256, 256), Recipe(KERNELS["sobel_x"]))
    >>> geometry.pooling[0].output, geometry.pooled_fields[0]
    (128, ReceptiveField(size=4, jump=2, start=-1))
    """
    convolution = _checked(recipe.axes(size), "kernel")
    if recipe.pooling == "none":
        return Geometry(convolution, None)
    pooling = axes_of(
        (convolution[0].output, convolution[1].output),
        recipe.window,
        stride=recipe.pool_stride,
        padding=recipe.pool_padding,
        ceil_mode=recipe.ceil_mode,
    )
    return Geometry(convolution, _checked(pooling, "pooling window"))


def _checked(axes: Axes, window: str) -> Axes:
    for axis, cells in zip(axes, ("rows", "columns"), strict=True):
        try:
            axis.check(window, cells)
        except ValueError as error:
            text = str(error)
            raise ValueError(text[0].upper() + text[1:]) from None
    return axes
