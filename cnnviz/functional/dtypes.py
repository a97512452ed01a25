"""The number types that everything is computed in."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.checks import real_array

FLOATS = (np.dtype(np.float32), np.dtype(np.float64))


def floats(x: ArrayLike, name: str = "x") -> NDArray[np.floating]:
    """Return `x` as an array of its `float_type`.

    Integers are converted before anything is computed, so that nothing wraps around.
    """
    if type(x) is np.ndarray and x.dtype in FLOATS and x.size:
        return x  # the common case: between layers, many times per training step
    array = real_array(x, name)
    return array.astype(float_type(array), copy=False)


def float_type(array: NDArray[np.generic]) -> np.dtype[np.floating]:
    """Return float32 for an array of float32 or float16, and float64 for anything else.

    Examples
    --------
    >>> float_type(np.float16([0.5])), float_type(np.uint8([255]))
    (dtype('float32'), dtype('float64'))
    """
    small = array.dtype.kind == "f" and array.itemsize <= 4
    return np.dtype(np.float32 if small else np.float64)


def ieee() -> np.errstate:
    """Return a context, or a decorator, in which the results of IEEE 754 need no warning.

    Underflow to 0, overflow to ∞ and ∞ − ∞ = NaN are what they should be.

    >>> with np.errstate(all="raise"), ieee():
    ...     (np.float32([1e-30, 1e30]) ** 2).tolist()
    [0.0, inf]
    """
    return np.errstate(under="ignore", over="ignore", invalid="ignore")
