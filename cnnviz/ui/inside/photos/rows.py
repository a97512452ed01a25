"""The rows of maps: every layer, with its strongest maps for this photo first."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from cnnviz.nn import Activation, Dropout, Flatten, Layer, Row, Sequential
from cnnviz.nn.inspection.photos import photo_pixels
from cnnviz.nn.layers.layer import Shape, Sight
from cnnviz.ui.inside.photos.run import PhotoRun
from cnnviz.ui.inside.photos.settings import MAPS, row_title
from cnnviz.ui.maps.overview import LayerRow
from cnnviz.ui.network.layer_rows import shape_and_parameters, times

BARS = 10  # classes with the largest shares
IN_PLACE = (Activation, Dropout, Flatten)  # layers that keep each cell in its place


class ShownRow(NamedTuple):
    """A row of maps: its layer's number, its cells' windows on the previous row, its weights."""

    number: int
    sight: Sight
    parameters: int


def layer_rows(run: PhotoRun, first: int = 0, every: bool = False) -> list[LayerRow]:
    """Return the photo and a row for each layer, with its maps from place `first` on.

    They are ordered by the unchanged photo, so that each keeps its place when something changes.
    Unless `every` step is wanted, a convolution and its ReLU share a row.
    """
    pixels = photo_pixels(run.image).transpose(2, 0, 1)
    found = [LayerRow("input", "Photo", times(pixels.shape), pixels, picture=True)]
    for index, sight, parameters in shown(run.network, run.rows, run.image.shape, every):
        row, stage = run.rows[index], run.stages[index]
        order, vector = run.plain.strongest(index).tolist(), stage.ndim == 1
        start = 0 if vector else min(first, max(len(order) - MAPS, 0))
        found.append(
            LayerRow(
                row.name,
                row.name if every else row_title(row.name),
                figures(replace(row, parameters=parameters)),
                stage,
                windows=sight.windows,
                groups=sight.groups,
                flat=every and isinstance(run.network[index], Flatten),
                labels=run.classes if vector else (),
                shares=run.network[index].kind == "softmax",
                order=order[start : start + (BARS if vector else MAPS)],
            )
        )
    return found


def shown(layers: Sequential, rows: Sequence[Row], shape: Shape, every: bool) -> Iterator[ShownRow]:
    """Yield the layers that have a row; without `every`, a row includes layers before it."""
    group: list[Layer] = []
    sight, parameters = Sight(None, 1), 0
    for index, (layer, row) in enumerate(zip(layers, rows, strict=True)):
        if not group or not isinstance(layer, IN_PLACE):  # its window sets what a cell sees
            sight = layer.sight(shape)
        group.append(layer)
        parameters += row.parameters
        shape = row.output_shape
        follower = layers[index + 1] if index + 1 < len(layers) else None
        if every or (not isinstance(follower, Activation | Flatten) and layer.kind != "dropout"):
            yield ShownRow(index, sight, parameters)
            group, parameters = [], 0


def figures(row: Row) -> str:
    """Return the figures beside the name of a layer."""
    if len(row.output_shape) == 1:
        return shape_and_parameters(row)
    side = row.fields[0].size
    return f"{shape_and_parameters(row)} · a cell sees {side} × {side} pixels"
