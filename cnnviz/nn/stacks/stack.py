"""A stack of blocks on an input: which of them fit, what they cost, and their outputs.

A block that does not fit is left out and says why; the blocks after it continue without it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.functional.checks import whole
from cnnviz.functional.dtypes import floats
from cnnviz.nn.layers.layer import Floats, Layer, Shape
from cnnviz.nn.network import Sequential
from cnnviz.nn.stacks.blocks import Block
from cnnviz.nn.summary import Row, layer_names

__all__ = ["MOST", "QUICK", "Cost", "Placed", "Resources", "Stack"]

BYTES = 4  # a float32 number


class Resources(NamedTuple):
    """What the picture and some layers use, or may use, together."""

    multiply_adds: int
    cells: int  # in the picture and all maps
    weights: int


QUICK = Resources(400_000_000, 8 * 2**20, 4 * 2**20)  # while the user drags
MOST = Resources(16_000_000_000, 32 * 2**20, 64 * 2**20)  # the convolutions of VGG-16 on 224 × 224


@dataclass(frozen=True)
class Placed:
    """A block in its place: its layer and its output, or why it does not fit."""

    block: Block
    layer: Layer | None = None
    row: Row | None = None
    error: str = ""


class Cost(NamedTuple):
    """The total cost of layers; memory in bytes, as float32."""

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
        Determines all weights. They stay the same when a block without weights is added or removed.

    Attributes
    ----------
    placed : list of Placed
        One for each block.
    network : Sequential
        The layers of the blocks that fit.
    rows : list of Row
        Their summary rows.

    Examples
    --------
    >>> from cnnviz.nn.stacks.blocks import parse_stack
    >>> stack = Stack(parse_stack("conv4,dense3,flatten,dense3"), (1, 6, 6))
    >>> stack.network.names, stack.rows[-1].factors
    (('conv1', 'flatten1', 'linear1'), '3 × 144 + 3')
    >>> stack.placed[1].error
    'Dense takes one row of numbers, but maps 4 × 6 × 6 come in: add Flatten before it, which \
turns them into 144 numbers.'
    """

    def __init__(self, blocks: Sequence[Block], input_shape: Shape, seed: int = 0) -> None:
        self.input_shape = tuple(input_shape)
        seed = whole(seed, "seed", minimum=0)
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
        """Name the rows as the layers that fit are numbered."""
        names = iter(layer_names(one.layer for one in self.placed if one.layer))
        self.placed = [
            Placed(one.block, one.layer, _named(one.row, next(names))) if one.row else one
            for one in self.placed
        ]
        self.rows = [one.row for one in self.placed if one.row]

    @property
    def output_shape(self) -> Shape:
        """The shape of the final output."""
        return self.rows[-1].output_shape if self.rows else self.input_shape

    def used(self, count: int) -> Resources:
        """Return what the picture and the first `count` layers use together."""
        rows = self.rows[:count]
        cells = prod(self.input_shape) + sum(prod(row.output_shape) for row in rows)
        parameters = sum(row.parameters for row in rows)
        return Resources(sum(row.multiply_adds for row in rows), cells, parameters)

    def within(self, limits: Resources) -> int:
        """Return how many layers, counted from the first, stay within `limits` together."""
        for count in range(len(self.rows)):
            if any(used > most for used, most in zip(self.used(count + 1), limits, strict=True)):
                return count
        return len(self.rows)

    @property
    def computable(self) -> int:
        """How many layers, counted from the first, are small enough to compute at all."""
        return self.within(MOST)

    @property
    def cost(self) -> Cost:
        """The cost of all layers that fit, for one picture."""
        parameters = sum(row.parameters for row in self.rows)
        cells = sum(prod(row.output_shape) for row in self.rows)
        multiply_adds = sum(row.multiply_adds for row in self.rows)
        return Cost(parameters, multiply_adds, BYTES * parameters, BYTES * cells)

    def stages(self, image: ArrayLike, limits: Resources = MOST) -> list[Floats]:
        """Return the output of each layer for an image (C, H, W), as far as `limits` allow."""
        return list(self.each_stage(image, limits))

    def each_stage(self, image: ArrayLike, limits: Resources = MOST) -> Iterator[Floats]:
        """Yield the arrays of `stages`, each as soon as it is computed."""
        x = floats(image)[None]
        for one in self.network[: self.within(limits)].each_stage(x):
            yield one[0]


def _named(row: Row, name: str) -> Row:
    return Row(name, *list(vars(row).values())[1:])
