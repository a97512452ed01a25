"""A chain on the screen: its panes, and the data for the browser's arithmetic."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from cnnviz.experiments.chain import Fields, Geometry, Map, Recipe, feature_maps
from cnnviz.experiments.chain_input import Input
from cnnviz.functional.activations import ACTIVATIONS, Activation
from cnnviz.ui.chain.run import Run
from cnnviz.ui.maps.message import Arithmetic
from cnnviz.ui.maps.panes import Pane

CHANNELS = ("red", "green", "blue")


def _stays_within_1(activation: Activation) -> bool:
    low, high, *_ = activation.bounds(**activation.defaults)
    return low >= -1 and high <= 1


# Their outputs cannot share a scale with their inputs.
BOUNDED = {name for name, activation in ACTIVATIONS.items() if _stays_within_1(activation)}


def panes(run: Run, *, channels: bool = False) -> list[Pane]:
    """Return the panes of a run, a row for each kernel, with the channels below if wanted."""
    shown = [_picture("", "The input", run.input, "picture")]
    for chain in range(len(run.recipes)):
        shown += _row(run, chain)
    if channels and run.input.colour:
        shown += planes(run)
        for chain in range(len(run.recipes)):
            shown += _parts(run, chain)
    return shown


def planes(run: Run) -> list[Pane]:
    """Return the channels of a colour picture, each as a pane."""
    shown = []
    for channel, name in enumerate(CHANNELS):
        plane = replace(
            run.input,
            values=run.input.values[channel],
            intensities=run.input.intensities[channel],
        )
        pane = _picture(name.capitalize(), f"The {name} channel", plane, "plane")
        shown.append(replace(pane, channel=channel))
    return shown


def _picture(title: str, alt: str, given: Input, role: str) -> Pane:
    return Pane(
        0,
        title,
        alt,
        given.values,
        picture=given.intensities,
        black=given.black,
        white=given.white,
        role=role,
    )


def _row(run: Run, chain: int) -> Iterator[Pane]:
    """Return the panes of one kernel, one per stage."""
    recipe, geometry, maps = run.recipes[chain], run.geometries[chain], run.maps[chain]
    name, step = recipe.kernel.title, ACTIVATIONS[recipe.activation].title
    then = "" if recipe.activation == "none" else f", then {step}"
    last = "" if recipe.pooling == "none" else f", then {recipe.pooling} pooling"
    title = name if len(run.recipes) > 1 else ""
    scale = "activation" if recipe.activation in BOUNDED else "convolution"
    features, pooled = geometry.feature_fields, geometry.pooled_fields
    for stage, alt, values, fields, shared, role in (
        (1, name, maps.features, features, "convolution", "convolution"),
        (2, f"{name}{then}", maps.activated, features, scale, "activation"),
        (3, f"{name}{then}{last}", maps.pooled, pooled, scale, "pooling"),
    ):
        yield Pane(stage, title, alt, values, fields, shared, role=role, chain=chain)


def _parts(run: Run, chain: int) -> Iterator[Pane]:
    """Return each channel's contribution to one kernel's feature map."""
    recipe, fields = run.recipes[chain], run.geometries[chain].feature_fields
    for channel, name in enumerate(CHANNELS):
        values = feature_maps(run.input.values[channel], of_channel(recipe, channel)).features
        title = f"{name.capitalize()} part"
        if len(run.recipes) > 1:
            title = f"{recipe.kernel.title}, {name}"
        yield Pane(
            1,
            title,
            title,
            values,
            fields,
            "convolution",
            role="part",
            chain=chain,
            channel=channel,
        )


def of_channel(recipe: Recipe, channel: int) -> Recipe:
    """Return the recipe of one channel's contribution: its kernel, and nothing after the sum."""
    kernel = recipe.filter[channel] if recipe.filter else recipe.kernel
    return replace(
        recipe, kernel=kernel, filter=(), bias=0.0, activation="none", parameters={}, pooling="none"
    )


def arithmetic(run: Run, *, predict: bool = False) -> Arithmetic:
    """Return the data with which the browser computes any cell of a run on its own."""
    channels = len(run.input.values) if run.input.colour else 1
    return Arithmetic(
        [
            _chain(run.input.size, channels, recipe, geometry)
            for recipe, geometry in zip(run.recipes, run.geometries, strict=True)
        ],
        first_cell(run.maps[0].activated, run.geometries[0].feature_fields, run.input.size),
        None if run.input.exact else run.input.values,
        predict,
        subject=run.input.subject,
    )


def first_cell(values: Map, fields: Fields, size: tuple[int, int]) -> tuple[int, int]:
    """Return the cell of a map that is shown before the user points at one.

    That is the largest of those that see only the picture, of `size` (H, W), and no padding: the
    edge between a picture and the zeros around it is often the sharpest, but it is not part of the
    picture. If none of these cells is above 0, it is the largest of all.
    """
    rows, columns = (field.inside(side) for field, side in zip(fields, size, strict=True))
    inside = values[rows, columns]
    if not inside.size or not inside.max() > 0:
        inside, rows, columns = values, slice(0, None), slice(0, None)
    row, column = np.unravel_index(inside.argmax(), inside.shape)
    return rows.start + int(row), columns.start + int(column)


def kernel_label(recipe: Recipe) -> str:
    """Name the kernel that lies on the picture, for instance "kernel Sobel x".

    Examples
    --------
    >>> from cnnviz.kernels import KERNELS, Kernel
    >>> kernel_label(Recipe(KERNELS["sobel_x"], flip=True))
    'kernel Sobel x (flipped)'
    >>> kernel_label(Recipe(Kernel("own", "own", [[1]])))
    'your kernel'
    """
    title = recipe.kernel.title
    state, _, operation = title.partition(": ")
    label = f"kernel {title}"
    if operation:
        label = f"kernel ({state.lower()})"
    elif title == "Own":
        label = "your kernel"
    elif title == "Kernel":
        label = "kernel"
    elif title == "Filter":
        label = "kernels of the filter"
    return f"{label} (flipped)" if recipe.flip else label


def _chain(
    size: tuple[int, int], channels: int, recipe: Recipe, geometry: Geometry
) -> dict[str, Any]:
    convolution, pooling = geometry.convolution, geometry.pooling
    return {
        "title": recipe.kernel.title,
        "kernelLabel": kernel_label(recipe),
        "matrices": [kernel.matrix.tolist() for kernel in recipe.kernels(channels)],
        "divisor": recipe.kernel.divisor,
        "flip": recipe.flip,
        "bias": recipe.bias,
        "stride": recipe.stride,
        "dilation": recipe.dilation,
        "pads": [axis.padding for axis in convolution],
        "mode": recipe.padding_mode,
        "activation": recipe.activation,
        "activationTitle": ACTIVATIONS[recipe.activation].title,
        "bounded": recipe.activation in BOUNDED,
        "parameters": dict(recipe.parameters),
        "norm": None,
        "pooling": pooling
        and {
            "kind": recipe.pooling,
            "window": recipe.window,
            "stride": recipe.pool_stride,
            "pads": recipe.pool_padding,
            "include": recipe.count_include_pad,
        },
        "sizes": {
            "input": size,
            "features": [axis.output for axis in convolution],
            "pooled": [axis.output for axis in pooling or convolution],
        },
        # The cells that no window reads, by stage.
        "unread": [
            [axis.unread.cells for axis in convolution],
            None,
            pooling and [axis.unread.cells for axis in pooling],
            None,
        ],
    }
