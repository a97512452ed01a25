"""The elementwise layers, and those for vectors: activation, softmax, flatten, dense."""

from math import prod
from typing import Any, ClassVar

import numpy as np

from cnnviz.functional.activations import ACTIVATIONS, softmax
from cnnviz.functional.checks import count_of, real, whole
from cnnviz.functional.receptive_field import ReceptiveField
from cnnviz.nn.layers.layer import ITSELF, Fields, Floats, Layer, Shape, Sight
from cnnviz.nn.layers.parameter import Parameter, Seed, drawn, filled, zeros
from cnnviz.nn.layers.weighted import Weighted
from cnnviz.nn.summary import Row

__all__ = ["Activation", "Flatten", "Linear", "Softmax"]


class Activation(Layer):
    """Apply one of `cnnviz.ACTIVATIONS` to every number.

    Parameters
    ----------
    name : str
        A name in `ACTIVATIONS`.
    **settings : float
        The parameters of that function. For PReLU, the slope, one for all channels, is the initial
        value of a learned one.

    Examples
    --------
    >>> Activation("leaky_relu", negative_slope=0.5).forward([[-1.0, 2.0]]).tolist()
    [[-0.5, 2.0]]
    """

    def __init__(self, name: str, **settings: float) -> None:
        if not isinstance(name, str) or name not in ACTIVATIONS:
            raise ValueError(
                f"There is no activation {name!r}; there are {', '.join(ACTIVATIONS)}."
            )
        self.activation = ACTIVATIONS[name]
        known = {parameter.name: parameter.default for parameter in self.activation.parameters}
        for setting, value in settings.items():
            if setting not in known:
                takes = f"takes {', '.join(known)}" if known else "takes no settings"
                raise ValueError(f"{name} {takes}, got {setting!r}.")
            known[setting] = real(value, setting)
        super().__init__(name=name, **known)
        start = known.pop("weight", None)
        self._fixed = known
        self.weight: Parameter | None = None
        if start is not None:
            self.weight = filled(1, start)

    @property
    def kind(self) -> str:  # type: ignore[override] # depends on the name
        """The name of the function."""
        return self.activation.name

    def parameters(self) -> dict[str, Parameter]:
        """Return the slope of PReLU; the others have no parameters."""
        return {} if self.weight is None else {"weight": self.weight}

    @property
    def factors(self) -> str:
        """1 for PReLU."""
        return "" if self.weight is None else "1"

    def _settings_now(self) -> dict[str, Any]:
        return self._fixed if self.weight is None else {"weight": self.weight.value}

    def _compute(self, x: Floats) -> Floats:
        return self.activation.function(x, **self._settings_now())

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        x = memory
        if self.weight is not None:
            self.weight.grad = (grad * np.minimum(x, 0)).sum(keepdims=True).reshape(1)
        if not to_input:
            return None
        if self.activation.name == "relu":  # several times as fast as the general way
            return grad * (x > 0)
        return grad * self.activation.derivative(x, **self._settings_now())


class Softmax(Layer):
    """Turn the scores of a vector, or of the channels of a map, into shares that add to 1.

    Examples
    --------
    >>> Softmax().forward([[1000.0, 1000.0]]).tolist()
    [[0.5, 0.5]]
    """

    kind: ClassVar[str] = "softmax"

    def __init__(self) -> None:
        super().__init__()

    def sight(self, shape: Shape) -> Sight:
        """Return the same position in all channels."""
        return Sight((ITSELF, ITSELF), 1)

    def _compute(self, x: Floats) -> Floats:
        return softmax(x, axis=1)

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        shares = self._compute(x)
        return shares, shares

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        shares = memory
        return shares * (grad - (grad * shares).sum(axis=1, keepdims=True)) if to_input else None


class Flatten(Layer):
    """Flatten the maps into one vector: channel by channel, row by row.

    Examples
    --------
    >>> Flatten().output_shape((32, 2, 2))
    (128,)
    """

    kind: ClassVar[str] = "flatten"

    def __init__(self) -> None:
        super().__init__()

    def output_shape(self, shape: Shape) -> Shape:
        """Return (C · H · W,)."""
        return (prod(shape),)

    def sight(self, shape: Shape) -> Sight:
        """Return all cells: no window says which cell a number comes from."""
        return Sight(None, 1)

    def _compute(self, x: Floats) -> Floats:
        return x.reshape(len(x), -1)

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        return self._compute(x), x.shape

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        return grad.reshape(memory) if to_input else None


class Linear(Weighted):
    """A dense layer: every output is a weighted sum of all inputs.

    Parameters
    ----------
    in_features, out_features, bias
        As in `torch.nn.Linear`.
    init : "he", "xavier" or a number
        The initial spread of the weights, or its name. The bias starts at 0.
    seed : int or Generator

    Attributes
    ----------
    weight : Parameter of shape (outputs, inputs)
    bias : Parameter of shape (outputs,), or None

    Examples
    --------
    >>> Linear(120, 84).factors
    '84 × 120 + 84'
    """

    kind: ClassVar[str] = "linear"

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        init: str | float = "he",
        seed: Seed = 0,
    ) -> None:
        inputs, outputs = whole(in_features, "in_features"), whole(out_features, "out_features")
        super().__init__(in_features=inputs, out_features=outputs, bias=bool(bias))
        self.weight = drawn((outputs, inputs), init, seed)
        self.bias = zeros(outputs) if bias else None

    def output_shape(self, shape: Shape) -> Shape:
        """Return (outputs,) for (inputs,)."""
        outputs, inputs = self.weight.shape
        if shape != (inputs,):
            hint = f"; flattened it has {prod(shape)}" if len(shape) > 1 else ""
            raise ValueError(
                f"Linear takes a vector of {count_of(inputs, 'number')}, got an input of shape "
                f"{shape}{hint}."
            )
        return (outputs,)

    def multiply_adds(self, shape: Shape) -> int:
        """Return one for each weight."""
        return self.weight.size

    def fields(self, before: Row) -> Fields:
        """Return the one field that all outputs share: it covers those of all cells."""
        vertical, horizontal = (
            ReceptiveField(field.size + field.jump * (cells - 1), 0, field.start)
            for field, cells in zip(before.fields, before.grid, strict=True)
        )
        return vertical, horizontal

    def sight(self, shape: Shape) -> Sight:
        """Return all numbers."""
        return Sight(None, 1)

    def _compute(self, x: Floats) -> Floats:
        out = x @ self.weight.value.T.astype(x.dtype, copy=False)
        return out if self.bias is None else out + self.bias.value.astype(x.dtype, copy=False)

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        self.weight.grad = grad.T @ memory
        if self.bias is not None:
            self.bias.grad = grad.sum(axis=0)
        if not to_input:
            return None
        # Transposed twice, so that the batch is innermost in memory, which is fastest for earlier
        # layers.
        return (self.weight.value.T.astype(grad.dtype, copy=False) @ grad.T).T
