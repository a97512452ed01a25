"""The layers that treat each channel separately: a scale and a shift, a slope below 0."""

from typing import Any, ClassVar

import numpy as np

from cnnviz.functional.checks import whole
from cnnviz.nn.layers.layer import Floats, Layer, Shape
from cnnviz.nn.layers.parameter import Parameter, filled, ones, zeros

__all__ = ["Affine", "PReLU"]


class _ByChannel(Layer):
    """A layer with separate weights for each channel, or the same for all of them."""

    weight: Parameter

    def output_shape(self, shape: Shape) -> Shape:
        """Return `shape`."""
        if self.weight.size not in (1, shape[0]):
            raise ValueError(
                f"{type(self).__name__} takes {self.weight.size} channels, got {shape[0]} in an "
                f"input of shape {shape}."
            )
        return shape

    def _summed(self, values: Floats) -> Floats:
        """Return the sum over all numbers (N, C, …) that share a weight."""
        by_channel = values.sum(axis=tuple(axis for axis in range(values.ndim) if axis != 1))
        return by_channel if self.weight.size > 1 else by_channel.sum(keepdims=True)


class Affine(_ByChannel):
    """Multiply every channel by its own number, and add another.

    Parameters
    ----------
    num_features : int
        The number of channels, or the length of a vector; 1 for the same two numbers everywhere.

    Examples
    --------
    >>> layer = Affine(2)
    >>> layer.weight.value, layer.bias.value = [2.0, 0.5], [0.0, 1.0]
    >>> layer.forward([[10.0, 10.0]]).tolist()
    [[20.0, 6.0]]
    """

    kind: ClassVar[str] = "affine"

    def __init__(self, num_features: int) -> None:
        count = whole(num_features, "num_features")
        super().__init__(num_features=count)
        self.weight, self.bias = ones(count), zeros(count)

    def parameters(self) -> dict[str, Parameter]:
        """Return the weight and the bias, (num_features,) each."""
        return {"weight": self.weight, "bias": self.bias}

    @property
    def factors(self) -> str:
        """Two for each channel."""
        return f"2 × {self.weight.size}"

    def _compute(self, x: Floats) -> Floats:
        return x * _each(self.weight, x) + _each(self.bias, x)

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        self.weight.grad, self.bias.grad = self._summed(grad * memory), self._summed(grad)
        return grad * _each(self.weight, grad) if to_input else None


class PReLU(_ByChannel):
    """Pass positive numbers on, and multiply negative ones by a slope learned per channel.

    Source: He et al., "Delving deep into rectifiers" (2015).

    Parameters
    ----------
    num_parameters : int
        The number of channels; 1 for one slope for all of them.

    Examples
    --------
    >>> layer = PReLU(2)
    >>> layer.weight.value = [0.5, 0.25]
    >>> layer.forward([[-10.0, -10.0]]).tolist()
    [[-5.0, -2.5]]
    """

    kind: ClassVar[str] = "prelu"

    def __init__(self, num_parameters: int = 1) -> None:
        count = whole(num_parameters, "num_parameters")
        super().__init__(num_parameters=count)
        self.weight = filled(count, 0.25)

    def parameters(self) -> dict[str, Parameter]:
        """Return the slopes, (num_parameters,)."""
        return {"weight": self.weight}

    @property
    def factors(self) -> str:
        """One for each channel."""
        return str(self.weight.size)

    def _compute(self, x: Floats) -> Floats:
        return np.where(x > 0, x, x * _each(self.weight, x))

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        self.weight.grad = self._summed(grad * np.minimum(memory, 0))
        return np.where(memory > 0, grad, grad * _each(self.weight, grad)) if to_input else None


def _each(weight: Parameter, x: Floats) -> Floats:
    """Return the weights of the channels in a shape that broadcasts with `x` (N, C, …)."""
    return weight.value.astype(x.dtype, copy=False).reshape(-1, *[1] * (x.ndim - 2))
