"""The sum behind a cell, its pre-activation: which convolution made it, from which maps."""

from typing import NamedTuple

import numpy as np

from cnnviz.functional.checks import one_of
from cnnviz.nn.inspection.stages import Stages
from cnnviz.nn.inspection.unit import ConvUnit, conv_unit
from cnnviz.nn.layers.branches import Parallel
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.dropout import Dropout
from cnnviz.nn.layers.layer import Floats
from cnnviz.nn.layers.pointwise import Activation
from cnnviz.nn.network import Sequential

__all__ = ["SumBehind", "excites_most", "sum_behind"]


class SumBehind(NamedTuple):
    """The sum of window × kernel over all input channels that a cell comes from.

    Parameters
    ----------
    unit : ConvUnit
        One part for each channel of `inputs`, and the bias.
    inputs : array (C, H, W)
        The maps that its windows read.
    layer : Conv2d
    branch : int or None
        The number of the branch, from 0, if it was made in a `Parallel`.
    channel : int
        The number of the filter in `layer`.
    then : tuple of (str, float)
        The values that the layers after the convolution make from the sum, by layer name.
    """

    unit: ConvUnit
    inputs: Floats
    layer: Conv2d
    branch: int | None
    channel: int
    then: tuple[tuple[str, float], ...]


def sum_behind(stages: Stages, stage: str | int, channel: int, row: int, column: int) -> SumBehind:
    """Go back from a cell through activations, and into a branch, to the convolution that made it.

    Raises
    ------
    ValueError
        If there is no such cell, or something else made it, such as a pooling.

    Examples
    --------
    >>> from cnnviz.nn.layers.pointwise import Activation
    >>> layers = [Conv2d(2, 4, 3), Activation("relu")]
    >>> stages = Stages(Sequential(layers), np.ones((2, 5, 5)))
    >>> found = sum_behind(stages, "relu1", 3, 1, 1)
    >>> bool(abs(max(found.unit.total, 0) - stages["relu1"][3, 1, 1]) < 1e-6), found.then[0][0]
    (True, 'relu1')
    """
    index = stages.index(stage)
    shape = stages.maps[index].shape
    if len(shape) != 3:
        name = stages.network.names[index]
        raise ValueError(f"A cell has a place in maps (C, H, W), but {name} gives shape {shape}.")
    channel, row, column = (
        one_of(number, name, count)
        for number, name, count in zip(
            (channel, row, column), ("channel", "row", "column"), shape, strict=True
        )
    )
    maps = (stages.image, *stages.maps[: index + 1])
    return _back(stages.network[: index + 1], maps, channel, (row, column), None, ())


def _back(
    network: Sequential,
    maps: tuple[Floats, ...],
    channel: int,
    cell: tuple[int, int],
    branch: int | None,
    after: tuple[tuple[str, float], ...],
) -> SumBehind:
    """Go back through layers; `maps` are the input of the first and the output of each."""
    for index in range(len(network) - 1, -1, -1):
        layer, name = network[index], network.names[index]
        if isinstance(layer, Conv2d):
            unit = conv_unit(layer, maps[index], channel, *cell)
            return SumBehind(unit, maps[index], layer, branch, channel, after)
        if isinstance(layer, Parallel):
            number, inside = layer.branch_of(channel, maps[index].shape)
            chain = layer.branches[number]
            quiet = chain.with_own_memory().eval()
            made = tuple(stage[0] for stage in quiet.stages(maps[index][None]))
            return _back(chain, (maps[index], *made), inside, cell, number, after)
        if not isinstance(layer, Activation | Dropout):
            break
        after = ((name, float(maps[index + 1][channel, *cell])), *after)
    last = network.names[index] if len(network) else "an empty branch"
    raise ValueError(f"The cell was not made by a convolution, but by {last}.")


def excites_most(map_: Floats, count: int = 9) -> list[tuple[int, int, float]]:
    """Return the cells (row, column, value) of a map (H, W) with the largest values, largest first.

    >>> excites_most(np.array([[1.0, 5.0], [3.0, 2.0]]), 2)
    [(0, 1, 5.0), (1, 0, 3.0)]
    """
    order = np.argsort(-map_, axis=None, kind="stable")[:count]
    places = np.transpose(np.unravel_index(order, map_.shape)).tolist()
    return [(row, column, float(map_[row, column])) for row, column in places]
