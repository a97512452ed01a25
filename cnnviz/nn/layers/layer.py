"""What all layers have in common.

A layer is used in two ways. `forward(x)` computes, with the functions of `cnnviz` that the app
shows, and stores nothing, so that many people can inspect one network at a time.
`forward(x, remember=True)` stores what `backward` needs.

Arrays are (N, C, H, W) and (N, features), as in PyTorch. Remembered passes store (N, C, H, W) with
the batch innermost in memory: each tap of a kernel then reads one long run of numbers for all
examples, which makes training on small pictures quick. A transposed view hides this from all other
code.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.dtypes import floats
from cnnviz.functional.receptive_field import ReceptiveField, Taps
from cnnviz.nn.layers.parameter import Parameter

if TYPE_CHECKING:
    from cnnviz.nn.network import Sequential
    from cnnviz.nn.summary import Row

__all__ = ["Layer", "Sight"]

Floats: TypeAlias = NDArray[np.floating]
Shape: TypeAlias = tuple[int, ...]
Fields: TypeAlias = tuple[ReceptiveField, ReceptiveField]  # vertical, horizontal


class Sight(NamedTuple):
    """What one cell of a layer's output sees of its input.

    Parameters
    ----------
    windows : (vertical, horizontal), or None
        The `Taps` of each axis; None for all cells.
    groups : int
        The channels of input and output are split into this many groups, and a cell sees only the
        channels of its own group.

    Examples
    --------
    >>> from cnnviz.nn import MaxPool2d
    >>> sight = MaxPool2d(3, 2).sight((16, 8, 8))
    >>> sight.windows[0], sight.groups
    (Taps(kernel_size=3, stride=2, before=0, dilation=1), 16)
    """

    windows: tuple[Taps, Taps] | None
    groups: int


ITSELF = Taps(1)


class Layer:
    """One step of a network; each layer of this package overrides what is specific to it.

    Attributes
    ----------
    kind : str
        Its name in a summary, such as "conv".
    settings : mapping
        The arguments it was made with, named as in `torch.nn`.
    training : bool
        Whether it is in training mode; this affects only batch normalisation and dropout.
    branches : tuple of Sequential
        The chains of layers inside, if any.
    """

    kind: ClassVar[str]
    branches: "tuple[Sequential, ...]" = ()

    def __init__(self, **settings: Any) -> None:  # whatever the layer takes
        self.settings: Mapping[str, Any] = settings
        self.training = False
        self._memory: tuple[Shape, Any] | None = None  # of the output, and what `_back` needs

    def parameters(self) -> dict[str, Parameter]:
        """Return the parameters that the layer learns, by name."""
        return {}

    def buffers(self) -> dict[str, Floats]:
        """Return the arrays that are stored with the weights but not learned."""
        return {}

    @property
    def factors(self) -> str:
        """The parameter count as a formula, such as "8 × 1 × 3 × 3 + 8"; empty for none."""
        return ""

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of one output, (C, H, W) or (features,), for one input of `shape`.

        Raises
        ------
        ValueError
            If such an input does not fit; the message names the numbers.
        """
        return shape

    def multiply_adds(self, shape: Shape) -> int:
        """Return how many multiplications by a weight one input takes; others are not counted."""
        return 0

    def fields(self, before: "Row") -> Fields:
        """Return the receptive fields of the output cells; `before` is the input's summary row."""
        return before.fields

    def rows_inside(self, before: "Row") -> "tuple[list[Row], ...]":
        """Return the summary rows of each of the `branches`, which follow the input's row."""
        return ()

    def sight(self, shape: Shape) -> Sight:
        """Return which cells an output cell sees in an input of `shape`."""
        return Sight((ITSELF, ITSELF), shape[0])

    def forward(self, x: ArrayLike, *, remember: bool = False) -> Floats:
        """Return the outputs for a batch; `backward` needs a pass with `remember`."""
        x = self._batch(x)
        if not remember:
            return self._compute(x)
        out, memory = self._compute_and_remember(x)
        self._memory = out.shape, memory
        return out

    @overload
    def backward(self, grad: ArrayLike, *, to_input: Literal[True] = True) -> Floats: ...
    @overload
    def backward(self, grad: ArrayLike, *, to_input: bool) -> Floats | None: ...
    def backward(self, grad: ArrayLike, *, to_input: bool = True) -> Floats | None:
        """Set the gradients of the parameters, and return that of the last remembered input.

        Parameters
        ----------
        grad : array-like
            The gradient of the loss with respect to the output of that pass, of its shape.
        to_input : bool
            If false, nothing is returned, which saves the work.
        """
        if self._memory is None:
            raise ValueError(f"{self} has nothing remembered; use forward(x, remember=True).")
        shape, memory = self._memory
        grad = floats(grad, "grad")
        if grad.shape != shape:
            raise ValueError(f"grad must have the shape of the output, {shape}, got {grad.shape}.")
        return self._back(grad, memory, to_input)

    def forget(self) -> None:
        """Release the memory of the last remembered pass, and the gradients with it."""
        self._memory = None
        for parameter in self.parameters().values():
            parameter.grad = None

    def _batch(self, x: ArrayLike) -> Floats:
        """Return `x` as floats if this layer can take it, or raise an error that says why not."""
        x = floats(x)
        if x.ndim not in (2, 4):
            raise ValueError(f"x must be (N, C, H, W) or (N, features), got shape {x.shape}.")
        self.output_shape(x.shape[1:])
        return x

    def _compute(self, x: Floats) -> Floats:
        raise NotImplementedError

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        """Return the output, and whatever `_back` needs: the input, if nothing else is said."""
        return self._compute(x), x

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        raise NotImplementedError

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        return f"{type(self).__name__}({settings})"


def planes(shape: Shape, layer: Layer) -> tuple[int, int, int]:
    """Return (C, H, W), or say that `layer` cannot take `shape`."""
    if len(shape) != 3:
        raise ValueError(f"{type(layer).__name__} needs maps (C, H, W), got shape {shape}.")
    channels, height, width = shape
    return channels, height, width


def to_batch_last(x: Floats) -> Floats:
    """Return (N, C, H, W) as a contiguous (C, H, W, N)."""
    return np.ascontiguousarray(x.transpose(1, 2, 3, 0))


def to_batch_first(x: Floats) -> Floats:
    """Return a view (N, C, H, W) of (C, H, W, N)."""
    return x.transpose(3, 0, 1, 2)
