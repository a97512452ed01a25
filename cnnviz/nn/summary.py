"""A layer-by-layer summary of a network, computed only from shapes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from cnnviz.functional.checks import Pair
from cnnviz.functional.receptive_field import ReceptiveField
from cnnviz.nn.layers.layer import Fields, Layer, Shape

if TYPE_CHECKING:
    from cnnviz.nn.network import Sequential

Number = TypeVar("Number", int, float)

__all__ = ["Row", "layer_names", "with_branches"]


@dataclass(frozen=True)
class Row:
    """One line of a summary: a layer and its output.

    Parameters
    ----------
    name : str
        Such as "conv2".
    output_shape : tuple of int
        (C, H, W) or (features,).
    parameters : int
        How many numbers are learned.
    factors : str
        Their count as a formula, such as "64 × 3 × 3 × 3 + 64"; empty if there are none.
    multiply_adds : int
        For one input, in convolutions and dense layers; the rest is small by comparison.
    fields : (ReceptiveField, ReceptiveField)
        Vertical and horizontal: which cells of the input each output cell sees. After a dense
        layer, all see the same; the jump is 0.
    grid : (H, W)
        The cells that `fields` describes: those of the last maps, (1, 1) after a dense layer.
    branches : tuple of lists of Row
        One list for each chain inside the layer; most layers have none.

    Examples
    --------
    >>> from cnnviz.nn import Conv2d, MaxPool2d
    >>> row = Row.of_input((3, 32, 32))
    >>> for layer in Conv2d(3, 16, 3, padding=1), MaxPool2d(2):
    ...     row = row.after(layer, layer.kind)
    >>> row.output_shape, row.receptive_field, row.jump
    ((16, 16, 16), 4, 2)
    """

    name: str
    output_shape: Shape
    parameters: int
    factors: str
    multiply_adds: int
    fields: Fields
    grid: tuple[int, int]
    branches: "tuple[list[Row], ...]" = ()

    @classmethod
    def of_input(cls, shape: Shape) -> "Row":
        """Return the line of the input itself, from which the first layer starts."""
        grid = shape[1:] if len(shape) == 3 else (1, 1)
        return cls("input", shape, 0, "", 0, (ReceptiveField(), ReceptiveField()), grid)

    def after(self, layer: Layer, name: str) -> "Row":
        """Return the line of a layer that follows this one; raise ValueError if it does not fit."""
        shape = layer.output_shape(self.output_shape)
        fields = layer.fields(self)
        shared = fields[0].jump == 0
        return Row(
            name,
            shape,
            sum(parameter.size for parameter in layer.parameters().values()),
            layer.factors,
            layer.multiply_adds(self.output_shape),
            fields,
            (1, 1) if shared else shape[1:] if len(shape) == 3 else self.grid,
            layer.rows_inside(self),
        )

    def through(self, network: "Sequential") -> "list[Row]":
        """Return the line of each layer of a network that follows this one."""
        row, rows = self, []
        for name, layer in zip(network.names, network, strict=True):
            try:
                row = row.after(layer, name)
            except ValueError as error:
                raise ValueError(f"In {name}: {error}") from None
            rows.append(row)
        return rows

    @property
    def receptive_field(self) -> Pair:
        """The most input cells that one output cell sees; a pair if the two axes differ."""
        return _one_or_two(*(field.most for field in self.fields))

    @property
    def jump(self) -> float | tuple[float, float]:
        """The input cells from one output cell to the next; a pair if the two axes differ."""
        return _one_or_two(*(field.jump for field in self.fields))


def with_branches(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield every row, followed directly by the rows of its branches."""
    for row in rows:
        yield row
        for branch in row.branches:
            yield from with_branches(branch)


def layer_names(layers: Iterable[Layer]) -> tuple[str, ...]:
    """Return each layer's name: its kind, numbered from 1.

    >>> from cnnviz.nn import Activation, Conv2d
    >>> layer_names([Conv2d(1, 2, 3), Activation("relu"), Conv2d(2, 2, 3)])
    ('conv1', 'relu1', 'conv2')
    """
    counts: dict[str, int] = {}
    names = []
    for layer in layers:
        counts[layer.kind] = counts.get(layer.kind, 0) + 1
        gap = "_" if layer.kind[-1].isdigit() else ""  # relu6_1
        names.append(f"{layer.kind}{gap}{counts[layer.kind]}")
    return tuple(names)


def _one_or_two(vertical: Number, horizontal: Number) -> Number | tuple[Number, Number]:
    return vertical if vertical == horizontal else (vertical, horizontal)
