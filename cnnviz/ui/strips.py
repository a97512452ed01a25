"""The strips of an overview from a network: one for the picture, one for each layer."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.geometry import ReceptiveField
from cnnviz.nn import Layer, Row
from cnnviz.nn.layer import Shape
from cnnviz.ui.overview import Strip, Window
from cnnviz.ui.text import grouped


def strips(
    image: ArrayLike,
    layers: Iterable[Layer],
    rows: Iterable[Row],
    stages: Iterable[NDArray],
    *,
    classes: Sequence[str] = (),
    white: float = 255,
    figures: Callable[[Row], str] | None = None,
    shown: Callable[[Shape], int | None] = lambda shape: None,
) -> list[Strip]:
    """Return the picture and what every layer makes of it.

    Parameters
    ----------
    image : array (C, H, W)
        From 0, black, to `white`.
    layers, rows, stages
        Of `Sequential`: the layers, their `summary` and their `stages`, the first example of
        which is shown.
    classes : sequence of str
        What the last vectors stand for, if their length is that of the answer.
    figures : callable, optional
        Gets a row; returns what stands beside its name. Else its shape and its parameters.
    shown : callable
        Gets the shape of an output; returns how many of its maps are drawn, None for all.
    """
    image = np.asarray(image)
    shape = image.shape
    found = [Strip("input", "Picture", times(shape), image, picture=True, white=white)]
    for layer, row, stage in zip(layers, rows, stages, strict=True):
        windows, groups = layer.sight(shape)
        shape = row.output_shape
        found.append(
            Strip(
                row.name,
                row.name,
                (figures or shape_and_parameters)(row),
                stage[0],
                windows=windows,
                groups=groups,
                flat=layer.kind == "flatten",
                labels=classes if shape == (len(classes),) else (),
                shown=shown(shape),
            )
        )
    return found


def shape_and_parameters(row: Row) -> str:
    """Return what stands beside the name of a layer: its shape and what it learns."""
    parameters = f" · {grouped(row.parameters)} parameters" if row.parameters else ""
    return times(row.output_shape) + parameters


def times(shape: Sequence[int]) -> str:
    """Write a shape.

    >>> times((16, 8, 8))
    '16 × 8 × 8'
    """
    return " × ".join(map(str, shape))


def field_windows(row: Row | None) -> tuple[Window, Window]:
    """Return the windows of a layer's cells on the picture itself; of the picture without one."""
    fields = row.fields if row else (ReceptiveField(), ReceptiveField())
    vertical, horizontal = ((field.size, field.jump, -field.start, 1) for field in fields)
    return vertical, horizontal
