"""An operator of an ONNX file, with its inputs and its settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.padding import sides_of
from cnnviz.nn.formats.errors import ModelError, Unsupported
from cnnviz.nn.formats.graph import Graph, Value
from cnnviz.nn.layers.layer import Layer

__all__ = ["Above", "Grouped", "Node", "same"]

Array = NDArray[Any]
Sides = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Above:
    """Whether each number of a value is above a limit: the condition of a piecewise function."""

    value: Value
    limit: float


@dataclass(frozen=True)
class Grouped:
    """Maps whose channels lie in a table, (1, rows, columns, H, W), on their way to another order.

    Parameters
    ----------
    value : Value
        The maps before.
    channels : int array (rows, columns)
        The numbers of its channels.
    """

    value: Value
    channels: NDArray[np.int64]

    @property
    def filed(self) -> tuple[int, ...]:
        """The shape in the file, (rows, columns, H, W)."""
        return *self.channels.shape, *self.value.shape[1:]


@dataclass(frozen=True)
class Node:
    """An operator of a file with its inputs."""

    operator: str
    inputs: list[Value | Above | Grouped | Array | None]
    settings: Mapping[str, Any]
    graph: Graph
    opset: int  # the version of ONNX's operators
    batch: int = 1  # how many pictures the file takes at once; here it is always one
    outputs: int = 1  # how many values it makes

    def value(self, number: int = 0) -> Value:
        """Return an input that comes from the picture."""
        found = self.inputs[number] if number < len(self.inputs) else None
        if isinstance(found, Above):
            raise Unsupported(f"{self.operator} of a condition")
        if isinstance(found, Grouped):
            raise Unsupported(f"{self.operator} of maps in groups")
        if not isinstance(found, Value):
            raise Unsupported(f"{self.operator} with another order of inputs")
        return found

    def array(self, number: int) -> Array:
        """Return a constant input."""
        found = self.given(number)
        if found is None:
            raise ModelError(f"The weights of {self.operator} are missing.")
        return found

    def given(self, number: int) -> Array | None:
        """Return a constant input, or None if it is left out."""
        found = self.inputs[number] if number < len(self.inputs) else None
        if isinstance(found, Value | Above | Grouped):
            raise Unsupported(f"{self.operator} with computed weights")
        return found

    def maps(self) -> Value:
        """Return the first input, which must be maps with the channels first."""
        value = self.value()
        if len(value.shape) != 3 or value.last:
            raise Unsupported(f"{self.operator} along other axes")
        return value

    def whole(self, name: str, plain: int) -> int:
        """Return a setting that is a whole number."""
        return int(self.settings.get(name, plain))

    def pair(self, name: str, plain: tuple[int, int] = (1, 1)) -> tuple[int, int]:
        """Return a setting of two whole numbers."""
        found = tuple(self.settings.get(name, plain))
        if len(found) != 2:
            raise Unsupported(f"{self.operator} in {len(found)} dimensions")
        return int(found[0]), int(found[1])

    def text(self, name: str, plain: str) -> str:
        """Return a setting that is a word."""
        found = self.settings.get(name, plain)
        return found.decode() if isinstance(found, bytes) else str(found)

    def padding(self, value: Value, kernel: tuple[int, int]) -> Sides:
        """Return ((top, bottom), (left, right)) from "pads" or "auto_pad"."""
        auto = self.text("auto_pad", "NOTSET")
        if auto in ("SAME_UPPER", "SAME_LOWER"):
            stride, dilation = self.pair("strides"), self.pair("dilations")
            sides = [
                sides_of("same", value.shape[axis + 1], kernel[axis], stride[axis], dilation[axis])
                for axis in (0, 1)
            ]
            return tuple(side if auto == "SAME_UPPER" else side[::-1] for side in sides)  # type: ignore[return-value]
        pads = [int(pad) for pad in self.settings.get("pads", (0, 0, 0, 0))]
        if len(pads) != 4 or min(pads) < 0:
            raise Unsupported(f"{self.operator} with the padding {pads}")
        return ((0, 0), (0, 0)) if auto == "VALID" else ((pads[0], pads[2]), (pads[1], pads[3]))


def same(node: Node, layer: Layer) -> Value:
    """Apply an elementwise layer to the first input."""
    return node.graph.layer(node.value(), layer, flat=node.value().flat)
