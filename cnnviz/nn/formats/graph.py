"""The graph that every reader makes from its file: named values, and the layers between them.

A reader adds the operators of its file one after the other. A value records how the file orders its
numbers, channels first or last, so that they are never mixed up.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from math import prod
from operator import eq

from cnnviz.nn.formats.errors import ModelError, Unsupported
from cnnviz.nn.layers.gated import gates
from cnnviz.nn.layers.layer import Layer, Shape

__all__ = ["Graph", "Step", "Value"]

MAX_STEPS = 2000
MAX_CELLS = 16 * 2**20  # in one value


@dataclass(frozen=True)
class Value:
    """The numbers of one picture at one point of the graph.

    Parameters
    ----------
    name : str
    shape : tuple of int
        In our order, (C, H, W) or (features,), whatever the file's order is.
    last : bool
        Whether the file holds maps with the channels last.
    flat : (H, W, C), optional
        For a vector that the file has flattened from channels-last maps: our Flatten goes channel
        by channel, so the next weights must be reordered to match.
    log : bool
        Whether the file has the logarithms of these numbers here, as after a log-softmax.
    """

    name: str
    shape: Shape
    last: bool = False
    flat: Shape | None = None
    log: bool = False

    @property
    def filed(self) -> Shape:
        """The shape in the file's order."""
        if self.last and len(self.shape) == 3:
            return self.shape[1], self.shape[2], self.shape[0]
        return self.shape


@dataclass(frozen=True)
class Step:
    """A layer or a joint ("concat", "add", "mul") that makes the value `output` from others."""

    operator: str
    inputs: tuple[str, ...]
    output: str
    layer: Layer | None = None

    @property
    def joint(self) -> str:
        """How several values become one; "" for a layer."""
        return "" if self.layer else self.operator


@dataclass
class Graph:
    """The steps from an input to an output, in an order in which they can be computed."""

    input: Value
    steps: dict[str, Step] = field(default_factory=dict)  # by output value
    unsupported: Counter[str] = field(default_factory=Counter)
    _numbers: Iterator[int] = field(default_factory=count)

    def layer(
        self, value: Value, layer: Layer, *, last: bool | None = None, flat: Shape | None = None
    ) -> Value:
        """Apply a layer to a value; return the result.

        Raises
        ------
        ModelError
            If the layer does not fit: the file's shapes are wrong.
        """
        try:
            shape = layer.output_shape(value.shape)
        except ValueError as error:
            raise ModelError(f"The shapes in this file do not fit together: {error}") from None
        return self._add(type(layer).__name__, (value,), shape, layer, last, flat)

    def joint(self, operator: str, values: Sequence[Value]) -> Value:
        """Join values into one: "concat" along the channels, "add" or "mul" number by number."""
        if len({(value.last, value.flat) for value in values}) > 1:
            raise Unsupported(f"{operator.capitalize()} of maps in different orders")
        if operator == "concat":
            values = self._nested(values)
            if len(values) == 1:
                return values[0]
        first = values[0]
        if operator == "concat":
            if len({(len(value.shape), *value.shape[1:]) for value in values}) > 1:
                raise ModelError("The shapes in this file do not fit together: maps of different "
                                 "sizes are joined.")  # fmt: skip
            shape = sum(value.shape[0] for value in values), *first.shape[1:]
        else:
            shape = max(value.shape for value in values)
            fit = gates if operator == "mul" else eq
            if not all(fit(value.shape, shape) for value in values):
                raise Unsupported(f"{operator.capitalize()} of different shapes")
        return self._add(operator, tuple(values), shape, None, first.last, first.flat)

    def _nested(self, values: Sequence[Value]) -> Sequence[Value]:
        """Return the values to join, with what was joined before in place of the first ones.

        A block of DenseNet joins all values so far before each of its layers: (a, b), (a, b, c), …
        As ((a, b), c), …, they are branches within branches.
        """
        joined = {step.inputs[0]: step for step in self.steps.values() if step.joint == "concat"}
        while (step := joined.get(values[0].name)) is not None:
            before, rest = values[: len(step.inputs)], values[len(step.inputs) :]
            if step.inputs != tuple(value.name for value in before):
                break
            shape = sum(value.shape[0] for value in before), *values[0].shape[1:]
            values = [replace(values[0], name=step.output, shape=shape), *rest]
        return values

    def _add(
        self,
        operator: str,
        values: tuple[Value, ...],
        shape: Shape,
        layer: Layer | None,
        last: bool | None,
        flat: Shape | None,
    ) -> Value:
        if any(value.log for value in values):
            raise Unsupported(f"{operator} of logarithms")
        if len(self.steps) >= MAX_STEPS:
            raise ModelError(f"The network has more than {MAX_STEPS} operators.")
        if prod(shape) > MAX_CELLS:
            raise ModelError(
                f"The network makes maps of shape {shape}, more than {MAX_CELLS:,} cells."
            )
        name = f"v{next(self._numbers)}"
        self.steps[name] = Step(operator, tuple(value.name for value in values), name, layer)
        return Value(name, shape, values[0].last if last is None else last, flat)
