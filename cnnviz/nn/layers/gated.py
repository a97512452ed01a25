"""Squeeze-and-excitation: maps multiplied by the output of a branch, their gate."""

from typing import Any, ClassVar

from cnnviz.functional.receptive_field import ReceptiveField
from cnnviz.nn.layers.branches import TwoWays
from cnnviz.nn.layers.layer import Fields, Floats, Shape
from cnnviz.nn.summary import Row

__all__ = ["Gated", "gates"]


class Gated(TwoWays):
    """Multiply the input by the output of a branch, its gate: x · branch(x).

    A gate of shape (C, 1, 1) has one factor for each map, as in squeeze-and-excitation.

    Parameters
    ----------
    branch : chain of layers, or one layer
    shortcut : chain of layers, or one layer
        The layers on the other path; usually none.

    Attributes
    ----------
    branches : (Sequential, Sequential)
        The branch and the shortcut.

    Source: Hu et al., "Squeeze-and-excitation networks" (2018), arXiv 1709.01507.

    Examples
    --------
    >>> from cnnviz.nn import Activation
    >>> Gated(Activation("relu")).forward([[-1.0, 2.0]]).tolist()
    [[-0.0, 4.0]]
    """

    kind: ClassVar[str] = "gate"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of both factors, or that of the maps if the other has one cell a map."""
        gate, short = self._shapes(shape)
        rule = "Gated multiplies shapes that are equal, or maps by one number each"
        self._check(gates(gate, short) or gates(short, gate), rule, gate, short)
        return max(gate, short)

    def fields(self, before: Row) -> Fields:
        """Return the field that covers those of both factors.

        A number for a whole map is seen by all its cells: the field is as wide as all of them.
        """
        ends = self._ends(before)
        maps = max(ends, key=lambda end: end.grid)
        vertical, horizontal = super().fields(before)
        if any(end.grid != maps.grid for end in ends):
            rows, columns = maps.grid
            vertical = _for_all(vertical, maps.fields[0].jump, rows)
            horizontal = _for_all(horizontal, maps.fields[1].jump, columns)
        return vertical, horizontal

    def _compute(self, x: Floats) -> Floats:
        gate, short = self._forward(x, remember=False)
        return gate * short

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        gate, short = self._forward(x, remember=True)
        return gate * short, (gate, short)

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        gate, short = memory
        parts = (grad * short, gate), (grad * gate, short)
        return self._backward(
            (
                part if part.shape == factor.shape else part.sum((2, 3), keepdims=True)
                for part, factor in parts
            ),
            to_input,
        )


def gates(gate: Shape, maps: Shape) -> bool:
    """Say whether one factor can be multiplied with another: equal shapes, or a number a map.

    >>> gates((8, 1, 1), (8, 5, 5)), gates((8, 5, 5), (8, 1, 1)), gates((8,), (8,))
    (True, False, True)
    """
    return gate == maps or (len(maps) == 3 and gate == (maps[0], 1, 1))


def _for_all(field: ReceptiveField, jump: float, cells: int) -> ReceptiveField:
    """Return the smallest field with a jump that covers this one for each of `cells` cells."""
    reach = jump * (cells - 1)
    return ReceptiveField(field.size + reach, jump, field.start - reach)
