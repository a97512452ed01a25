"""A stack of blocks on an input: which of them fit, what they cost, what comes out.

A block that does not fit is left out and says why; the blocks after it go on from what there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.functional.dtypes import floats
from cnnviz.nn.layers.layer import Floats, Layer, Shape
from cnnviz.nn.network import Sequential
from cnnviz.nn.stacks.blocks import Block
from cnnviz.nn.summary import Row, layer_names

__all__ = ["Cost", "Placed", "Stack"]

BYTES = 4  # of a number, as float32
MOST_MULTIPLY_ADDS = 400_000_000  # of all layers that are computed
MOST_CELLS = 8 * 2**20  # of all their maps
MOST_WEIGHTS = 16 * 2**20  # all convolutions of VGG-16


@dataclass(frozen=True)
class Placed:
    """A block in its place: its layer and what comes out of it, or why it does not fit."""

    block: Block
    layer: Layer | None = None
    row: Row | None = None
    error: str = ""


class Cost(NamedTuple):
    """What layers cost together; memory in bytes, as float32."""

    parameters: int
    multiply_adds: int
    weight_bytes: int
    map_bytes: int


class Stack:
    """Blocks on top of an input.

    Parameters
    ----------
    blocks : sequence of Block
    input_shape : (C, H, W)
    seed : int
        Of all weights. Those of a layer stay when a block without weights comes or goes.

    Attributes
    ----------
    placed : list of Placed
        One for each block.
    network : Sequential
        The layers of the blocks that fit.
    rows : list of Row
        Theirs.

    Examples
    --------
    >>> from cnnviz.nn.stacks.blocks import parse_stack
    >>> stack = Stack(parse_stack("conv4,dense3,flatten,dense3"), (1, 6, 6))
    >>> stack.network.names, stack.rows[-1].factors
    (('conv1', 'flatten1', 'linear1'), '3 × 144 + 3')
    >>> stack.placed[1].error
    'Dense takes one row of numbers, but maps 4 × 6 × 6 come in: add Flatten before it, which \
makes 144 numbers of them.'
    """

    def __init__(self, blocks: Sequence[Block], input_shape: Shape, seed: int = 0) -> None:
        self.input_shape = tuple(input_shape)
        self.placed: list[Placed] = []
        row, learning = Row.of_input(self.input_shape), 0
        for block in blocks:
            try:
                layer = block.layer(row.output_shape, np.random.default_rng([seed, learning]))
                row = row.after(layer, "")
            except ValueError as error:
                self.placed.append(Placed(block, error=str(error)))
                continue
            learning += bool(layer.parameters())
            self.placed.append(Placed(block, layer, row))
        self._name()
        layers = [one.layer for one in self.placed if one.layer]
        self.network = Sequential(layers, input_shape=self.input_shape)

    def _name(self) -> None:
        """Give the rows the names that the layers have among those that fit."""
        names = iter(layer_names(one.layer for one in self.placed if one.layer))
        self.placed = [
            Placed(one.block, one.layer, _named(one.row, next(names))) if one.row else one
            for one in self.placed
        ]
        self.rows = [one.row for one in self.placed if one.row]

    @property
    def output_shape(self) -> Shape:
        """What comes out at the end."""
        return self.rows[-1].output_shape if self.rows else self.input_shape

    @property
    def computable(self) -> int:
        """How many layers from the first on are small enough to be computed while one waits."""
        used = np.array([0, prod(self.input_shape), 0])
        for count, row in enumerate(self.rows):
            used += [row.multiply_adds, prod(row.output_shape), row.parameters]
            if (used > [MOST_MULTIPLY_ADDS, MOST_CELLS, MOST_WEIGHTS]).any():
                return count
        return len(self.rows)

    @property
    def cost(self) -> Cost:
        """What all layers that fit cost for one picture."""
        parameters = sum(row.parameters for row in self.rows)
        cells = sum(prod(row.output_shape) for row in self.rows)
        multiply_adds = sum(row.multiply_adds for row in self.rows)
        return Cost(parameters, multiply_adds, BYTES * parameters, BYTES * cells)

    def stages(self, image: ArrayLike) -> list[Floats]:
        """Return what each layer that is small enough makes of an image (C, H, W)."""
        return [stage[0] for stage in self.network[: self.computable].stages(floats(image)[None])]


def _named(row: Row, name: str) -> Row:
    return Row(name, *list(vars(row).values())[1:])
