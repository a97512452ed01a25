"""Numbers that are learned, and how they start."""

from collections.abc import Callable
from math import prod, sqrt
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.checks import check_memory, real, whole
from cnnviz.functional.dtypes import floats

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


INITIALISATIONS: dict[str, Callable[[int, int], float]] = {"he": he, "xavier": xavier}


class Parameter:
    """An array that is learned, with its gradient; it takes no memory until it is asked for.

    Parameters
    ----------
    shape : tuple of int
    make : callable
        Gets the shape and returns the array; called once, when `value` is first read.

    Attributes
    ----------
    value : array of `shape`
        An optimiser changes it in place.
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
        """The count of numbers."""
        return prod(self.shape)

    @property
    def value(self) -> Floats:
        """The numbers as they are now."""
        if self._value is None:
            check_memory(self.shape, "This parameter")
            self._value = self._make(self.shape)
        return self._value

    @value.setter
    def value(self, value: ArrayLike) -> None:
        value = floats(value, "value")
        if value.shape != self.shape:
            raise ValueError(f"This parameter has shape {self.shape}, got {value.shape}.")
        self._value = value

    def __repr__(self) -> str:
        return f"Parameter{self.shape}"


def drawn(shape: tuple[int, ...], init: str | float, seed: Seed) -> Parameter:
    """Return a parameter (outputs, inputs, …) drawn from a normal distribution around 0.

    The spread is that of a name in `INITIALISATIONS`, or a number. The draw depends on the seed
    alone, not on when it is made: a generator given as a seed hands out a child for it.
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
    sequence: Any = np.random.default_rng(seed).bit_generator.seed_seq  # one that can be split
    (child,) = sequence.spawn(1)

    def make(shape: tuple[int, ...]) -> Floats:
        values = np.random.default_rng(child).standard_normal(shape, np.float32)
        values *= np.float32(std)
        return values

    return Parameter(shape, make)


def zeros(count: int) -> Parameter:
    """Return a parameter (count,) that starts at 0."""
    return Parameter((count,), lambda shape: np.zeros(shape, np.float32))


def ones(count: int) -> Parameter:
    """Return a parameter (count,) that starts at 1."""
    return Parameter((count,), lambda shape: np.ones(shape, np.float32))
