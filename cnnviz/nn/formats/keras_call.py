"""A Keras layer as a file describes it: its inputs, its settings and its weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from cnnviz.functional.padding import Sides, sides_of
from cnnviz.nn.formats.errors import ModelError, Unsupported
from cnnviz.nn.formats.graph import Graph, Value
from cnnviz.nn.formats.keras_activations import activated
from cnnviz.nn.layers.layer import Layer

__all__ = ["Call"]


@dataclass(frozen=True)
class Call:
    """A Keras layer with its inputs, its settings and its weights in Keras' order."""

    kind: str
    settings: Mapping[str, Any]
    inputs: list[Value]
    weights: list[NDArray[Any]]
    graph: Graph
    old: bool = False

    @property
    def value(self) -> Value:
        """Its only input."""
        if len(self.inputs) != 1:
            raise Unsupported(f"{self.kind} of {len(self.inputs)} inputs")
        return self.inputs[0]

    def maps(self) -> Value:
        """Return the input, which must be maps in the channel order that the layer states."""
        last = self.settings.get("data_format") in (None, "channels_last")
        if len(self.value.shape) != 3 or self.value.last != last:
            raise Unsupported(f"{self.kind} of maps in another order")
        return self.value

    def along_channels(self, axis: int) -> bool:
        """Say whether an axis of the first input, counted as in the file, is that of channels."""
        rank = len(self.inputs[0].shape) + 1
        return axis % rank == (1 if rank == 4 and not self.inputs[0].last else rank - 1)

    def taken(self, *names: str) -> list[NDArray[Any]]:
        """Return the weights with these names, or say which are missing."""
        if len(self.weights) < len(names):
            raise ModelError(
                f"Weights of a layer {self.kind} are missing: it has {', '.join(names)}."
            )
        return self.weights[: len(names)]

    def biased(self) -> tuple[NDArray[Any], NDArray[Any] | None]:
        """Return the kernel and the bias, if there is one."""
        if self.settings.get("use_bias", True):
            kernel, bias = self.taken("kernel", "bias")
            return kernel, bias
        return self.taken("kernel")[0], None

    def pair(self, name: str, plain: int = 1) -> tuple[int, int]:
        """Return a setting of one or two whole numbers."""
        found = self.settings.get(name, plain)
        found = (found, found) if isinstance(found, int) else tuple(found or (plain, plain))
        return int(found[0]), int(found[1])

    def sides(self, kernel: tuple[int, int], stride: tuple[int, int]) -> tuple[Sides, Sides]:
        """Return the padding ((top, bottom), (left, right)) of "valid" or "same"."""
        if self.settings.get("padding", "valid") != "same":
            return (0, 0), (0, 0)
        _, height, width = self.value.shape
        dilation = self.pair("dilation_rate")
        return (
            sides_of("same", height, kernel[0], stride[0], dilation[0]),
            sides_of("same", width, kernel[1], stride[1], dilation[1]),
        )

    def put(self, layer: Layer) -> Value:
        """Apply an elementwise layer to the value."""
        return self.graph.layer(self.value, layer, flat=self.value.flat)

    def activated(self, value: Value) -> Value:
        """Apply the activation in the settings to a value."""
        return activated(self, value, self.settings.get("activation", "linear"))
