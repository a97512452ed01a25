"""The rows of an overview from a network: one for the picture, one for each layer."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.experiments.rectification import share_of_zeros
from cnnviz.functional.receptive_field import ReceptiveField, Taps
from cnnviz.nn import Layer, Row
from cnnviz.nn.layers.layer import Shape
from cnnviz.ui.maps.overview import LayerRow
from cnnviz.ui.widgets.formatting import grouped_count, percent, together

MOST_MAPS = 200  # in all layers together
FEWEST = 4  # maps shown of any layer
LONGEST_VECTOR = 4096
MENTIONED = 0.3  # a row of maps with this share of zeros looks dark
LABELS = 26  # length of a short vector, which is drawn as bars


def layer_rows(
    image: ArrayLike,
    layers: Iterable[Layer],
    rows: Iterable[Row],
    stages: Iterable[NDArray],
    *,
    classes: Sequence[str] = (),
    white: float = 255,
    figures: Callable[[Row], str] | None = None,
    shown: Callable[[Shape], int | None] = lambda shape: None,
) -> list[LayerRow]:
    """Return rows for the picture and for the output of every layer.

    Parameters
    ----------
    image : array (C, H, W)
        From 0, black, to `white`.
    layers, rows, stages
        Of `Sequential`: the layers, their `summary` and their `stages`, the first example of
        which is shown.
    classes : sequence of str
        Labels of the last vectors, if their length is that of the answer.
    figures : callable, optional
        Takes a row; returns the text beside its name, by default its shape and its parameters. For
        dark maps, the share of zeros is appended.
    shown : callable
        Takes the shape of an output; returns how many of its maps are drawn, None for all.
    """
    image = np.asarray(image)
    shape = image.shape
    found = [LayerRow("input", "Picture", times(shape), image, picture=True, white=white)]
    for layer, row, stage in zip(layers, rows, stages, strict=True):
        windows, groups = layer.sight(shape)
        shape = row.output_shape
        found.append(
            LayerRow(
                row.name,
                row.name,
                (figures or shape_and_parameters)(row) + zeros(stage[0]),
                stage[0],
                windows=windows,
                groups=groups,
                channels=layer.settings["channels"] if layer.kind == "select" else (),
                flat=layer.kind == "flatten",
                labels=classes if shape == (len(classes),) else (),
                shares=layer.kind == "softmax",
                shown=shown(shape),
            )
        )
    return found


def most_maps(shapes: list[tuple[int, ...]]) -> int:
    """Return how many maps of each layer can be shown without drawing too many in all."""
    counts = [shape[0] for shape in shapes if len(shape) == 3]
    most = max([*counts, FEWEST])
    while most > FEWEST and sum(min(count, most) for count in counts) > MOST_MAPS:
        most -= 1
    return most


def shape_and_parameters(row: Row) -> str:
    """Return the text beside the name of a layer: its shape and its parameters."""
    parameters = f" · {grouped_count(row.parameters, 'parameter')}" if row.parameters else ""
    return shape_of(row) + parameters


def zeros(maps: NDArray) -> str:
    r"""Say how much of maps without negative values is 0, and so black; "" if it is little.

    >>> zeros(np.array([[[0, 0], [0, 3]]])).replace("\N{NO-BREAK SPACE}", " ")
    ' · 75 % of the cells are 0 (black)'
    """
    share = share_of_zeros(maps)
    if maps.ndim < 3 or share < MENTIONED or maps.min() < 0:
        return ""
    return f" · {percent(share)} of the cells are 0 (black)"


def shape_of(row: Row) -> str:
    """Write the shape of a layer's output: "16 × 8 × 8", or "10 numbers" for a vector."""
    if len(row.output_shape) > 1:
        return times(row.output_shape)
    return "1 number" if row.output_shape == (1,) else f"{row.output_shape[0]} numbers"


def times(shape: Sequence[int]) -> str:
    """Write a shape.

    >>> times((16, 8, 8)) == together("16 × 8 × 8")
    True
    """
    return together(" × ".join(map(str, shape)))


def field_windows(row: Row | None) -> tuple[Taps, Taps] | None:
    """Return the windows of a layer's cells on the picture; without a layer, of its pixels.

    None if these are not regular windows, as after a transposed convolution with a stride.
    """
    fields = row.fields if row else (ReceptiveField(), ReceptiveField())
    vertical, horizontal = (field.taps for field in fields)
    return None if vertical is None or horizontal is None else (vertical, horizontal)
