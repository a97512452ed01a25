"""One cell of a network taken apart: the numbers that it is computed from."""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from cnnviz.nn import Activation, BatchNorm2d, Conv2d, Softmax
from cnnviz.nn.stacks.filters import strongest
from cnnviz.ui.maps.message import Blob
from cnnviz.ui.maps.overview import Cell
from cnnviz.ui.network.run import NetworkRun
from cnnviz.ui.network.unit_sums import lines, shares_of
from cnnviz.ui.network.unit_views import VIEWS, grid_of
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.formatting import number

_unit = component("unit")


def write(key: str, told: Mapping[str, Any]) -> None:
    """Send the result of `arithmetic` or `shares_of` to the browser, which writes it out."""
    blob = Blob()
    header = {
        "table": blob.tables("diverging"),
        "kernelTable": blob.tables("kernel"),
        **told,
    }
    _unit(key=key, data=bytes(blob.message(header)))


def arithmetic(run: NetworkRun, cell: Cell) -> dict[str, Any]:
    """Return the arithmetic of a cell of a layer or the picture, for the browser to write out."""
    if cell.name == "input":
        value, levels = float(run.image[cell[1:]]), 255 * run.image
        goes_in = f"goes in as {number(value)}"
        if not np.allclose(levels, levels.round(), atol=1e-3):  # the digits are in sixteenths
            return lines(f"A cell of the picture: it {goes_in}, on a scale from 0 to 1.")
        return lines(f"A cell of the picture: {round(255 * value)} of 255, which {goes_in}.")
    if cell.name.endswith(" filters"):
        layer = run.network[run.network.names.index(cell.name.removesuffix(" filters"))]
        weight = float(strongest(cast(Conv2d, layer))[cell[1:]])
        return lines(f"A weight of filter {cell.channel} of the convolution: {number(weight)}.")
    index = run.network.names.index(cell.name)
    before = run.stages[index - 1] if index else run.image
    after = run.stages[index]
    layer = run.network[index]
    if isinstance(layer, Softmax) and len(run.classes) == len(after):
        return shares_of(before, cell.channel, run.classes)
    return VIEWS[type(layer)](layer, before, after, cell, _then(run, index, cell))


def _then(run: NetworkRun, index: int, cell: Cell) -> list[tuple[str, float]]:
    """Return the cell's values after the element-wise layers that directly follow."""
    found = []
    for layer, name, stage in zip(
        run.network[index + 1 : len(run.stages)],
        run.network.names[index + 1 :],
        run.stages[index + 1 :],
        strict=False,
    ):
        if not isinstance(layer, Activation | BatchNorm2d):
            break
        found.append((name, float(stage.reshape(stage.shape[0], *grid_of(stage))[cell[1:]])))
    return found
