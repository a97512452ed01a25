"""Learned parameters, and how they are initialised."""

from collections.abc import Callable
from functools import partial
from math import prod, sqrt
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.checks import check_memory, real, real_array, whole
from cnnviz.functional.dtypes import float_type

__all__ = ["INITIALISATIONS", "Parameter", "Seed"]

Floats: TypeAlias = NDArray[np.floating]
Seed: TypeAlias = int | np.random.Generator


def he(fan_in: int, fan_out: int) -> float:
    """Return √(2 / fan-in), which keeps the spread from layer to layer under ReLU.

    Source: He et al., "Delving deep into rectifiers" (2015).
    """
    return sqrt(2 / fan_in)


def xavier(fan_in: int, fan_out: int) -> float:
    """Return √(2 / (fan-in + fan-out)), made for tanh and sigmoid.

    Source: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
    networks" (2010).
    """
    return sqrt(2 / (fan_in + fan_out))


SHARED = "These weights are shared and read-only: train or change copy.deepcopy(network)."
INITIALISATIONS: dict[str, Callable[[int, int], float]] = {"he": he, "xavier": xavier}


class Parameter:
    """A learned array with its gradient; it takes no memory until it is first read.

    Parameters
    ----------
    shape : tuple of int
    make : callable
        Gets the shape and returns the array; called once, when `value` is first read.

    Attributes
    ----------
    value : array of `shape`
        An optimiser changes it in place. What is assigned to it is copied, as float32 or float64.
    grad : array of `shape`, or None
        The gradient of the loss in the last backward pass; each pass replaces it.

    Examples
    --------
    >>> huge = Parameter((4096, 25088), np.zeros)
    >>> huge.size
    102760448
    """

    def __init__(self, shape: tuple[int, ...], make: Callable[[tuple[int, ...]], Floats]) -> None:
        self.shape = shape
        self.grad: Floats | None = None
        self._make = make
        self._value: Floats | None = None

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)

    @property
    def value(self) -> Floats:
        """The current numbers."""
        if self._value is None:
            check_memory(self.shape, "This parameter")
            self._value = self._make(self.shape)
        return self._value

    @value.setter
    def value(self, value: ArrayLike) -> None:
        if value is self._value:  # at the end of `parameter.value -= step`, which was in place
            return
        self.check_own()
        array = real_array(value, "value")
        if array.shape != self.shape:
            raise ValueError(f"This parameter has shape {self.shape}, got {array.shape}.")
        # A copy: training must neither change the array of the caller nor tie two layers to it.
        self._value = np.array(array, float_type(array), order="C")

    def share(self) -> None:
        """Make the numbers read-only, for a network that many use; a deep copy is free again."""
        self.value.flags.writeable = False

    def check_own(self) -> None:
        """Raise ValueError if the numbers are shared, and so cannot be trained or replaced."""
        if self._value is not None and not self._value.flags.writeable:
            raise ValueError(SHARED)

    def __repr__(self) -> str:
        return f"Parameter{self.shape}"


def drawn(shape: tuple[int, ...], init: str | float, seed: Seed) -> Parameter:
    """Return a parameter (outputs, inputs, …) drawn from a normal distribution around 0.

    `init` is a name in `INITIALISATIONS`, or the spread itself. The numbers depend only on the
    seed, not on when they are drawn: a generator passed as a seed spawns a child for them.
    """
    receptive = prod(shape[2:])
    fan_in, fan_out = shape[1] * receptive, shape[0] * receptive
    if isinstance(init, str):
        if init not in INITIALISATIONS:
            names = ", ".join(INITIALISATIONS)
            raise ValueError(f"init must be a number or one of {names}, got {init!r}.")
        std = INITIALISATIONS[init](fan_in, fan_out)
    else:
        std = real(init, "init", low=0)
    if not isinstance(seed, np.random.Generator):
        seed = whole(seed, "seed", minimum=0)
    sequence: Any = np.random.default_rng(seed).bit_generator.seed_seq  # can be split
    (child,) = sequence.spawn(1)

    return Parameter(shape, partial(_normal, child, std))


def _normal(seed: np.random.SeedSequence, std: float, shape: tuple[int, ...]) -> Floats:
    values = np.random.default_rng(seed).standard_normal(shape, np.float32)
    values *= np.float32(std)
    return values


def zeros(count: int) -> Parameter:
    """Return a parameter (count,) that starts at 0."""
    return filled(count, 0)


def ones(count: int) -> Parameter:
    """Return a parameter (count,) that starts at 1."""
    return filled(count, 1)


def filled(count: int, start: float) -> Parameter:
    """Return a parameter (count,) whose numbers all start at `start`."""
    return Parameter((count,), partial(np.full, fill_value=start, dtype=np.float32))
