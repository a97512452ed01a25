"""Take one unit of the photo network apart: the terms of its sum, the largest first."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.nn import Conv2d, Sequential
from cnnviz.nn.inspection.preactivation import sum_behind
from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.maps.overview import Cell
from cnnviz.ui.network import unit, unit_sums
from cnnviz.ui.widgets.formatting import number

MOST_PARTS = 8  # channels that are written out: the largest ones
COLOURS = ("blue", "green", "red")  # in input order
PARTS = ("squeeze", "expand")  # parts of a fire module
SIDE = 8  # filters per side of the sheet


def arithmetic(run: PhotoRun, cell: Cell) -> Mapping[str, Any]:
    """Return the arithmetic of a cell: its sum written out, or the step that produced it."""
    if cell.name == "input":
        return _pixel(run, cell)
    if cell.name == "scores":  # it is made by the previous layer, the mean
        return unit.arithmetic(run, cell._replace(name="mean"))
    try:
        found = sum_behind(run.made, cell.name, *cell[1:])
    except ValueError:  # a pooling made it, not a convolution, or it is not a map
        return unit.arithmetic(run, cell)
    names = COLOURS if found.inputs is run.image else ()
    return unit_sums.sum_of(found.unit, found.inputs, found.then, names, MOST_PARTS)


def _pixel(run: PhotoRun, cell: Cell) -> Mapping[str, Any]:
    level = int(run.pixels[cell.row, cell.column, cell.channel])
    colour = COLOURS[::-1][cell.channel]
    goes_in = number(float(run.image[2 - cell.channel, cell.row, cell.column]), 5)
    return {
        "kind": "lines",
        "lines": (
            f"The {colour} of a pixel: {level} of 255.",
            f"It goes in as {goes_in}: minus the mean {colour} of the photos it was trained on.",
        ),
    }


def of_module(network: Sequential, cell: Cell) -> str:
    """Say how the module that a cell belongs to squeezes and expands; empty if it is in none.

    >>> from cnnviz.nn.stacks.squeezenet import squeezenet
    >>> print(of_module(squeezenet(), Cell("fire2", 70, 0, 0)))
    fire2: 64 → 16 → 64 + 64. 1 × 1 filters squeeze 64 maps to 16; then 64 filters of 1 × 1 and 64
    of 3 × 3, side by side, expand these, and all their maps are joined along channels: 128. A 1 × 1
    filter costs a ninth of a 3 × 3 one, here 16 weights and not 144. Map 70 is from a 3 × 3 filter.
    """
    found = re.match(r"fire\d", cell.name)
    if not found:
        return ""
    name = found[0]
    squeeze, expand = (network[network.names.index(f"{name} {part}")] for part in PARTS)
    counts = [len(branch[0].parameters()["weight"].value) for branch in expand.branches]
    squeezed, before = squeeze.parameters()["weight"].value.shape[:2]
    small, large = counts
    side = 1 if PARTS[0] in cell.name or cell.channel < small else 3
    return (
        f"{name}: {before} → {squeezed} → {small} + {large}. 1 × 1 filters squeeze {before} maps "
        f"to {squeezed}; then {small} filters of 1 × 1 and {large} of 3 × 3, side by side, expand "
        f"these, and all their maps are joined along channels: {small + large}. A 1 × 1 filter "
        f"costs a ninth of a 3 × 3 one, here {squeezed} weights and not {9 * squeezed}. "
        f"Map {cell.channel} is from a {side} × {side} filter."
    )


def filters_sheet(layer: Conv2d) -> NDArray[np.uint8]:
    """Return the filters (64, 3, 3, 3) of the first layer as colours, in a sheet of 8 × 8.

    Each is scaled to the same contrast: grey is 0, and a filter looks like its best stimulus.
    """
    weight = layer.weight.value[:, ::-1]  # red, green, blue
    largest = abs(weight).max(axis=(1, 2, 3), keepdims=True)
    colours = np.rint(127.5 + 127.5 * weight / largest).astype(np.uint8)
    tiles = np.pad(colours.transpose(0, 2, 3, 1), ((0, 0), (0, 1), (0, 1), (0, 0)))
    height, width = tiles.shape[1:3]
    rows = tiles.reshape(-1, SIDE, height, width, 3).transpose(0, 2, 1, 3, 4)
    return rows.reshape(-1, SIDE * width, 3)[:-1, :-1]
