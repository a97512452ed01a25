"""Softmax in steps: exponentials, their sum, and each one's share of the sum."""

from math import ceil, floor
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.activations import softmax
from cnnviz.functional.checks import real
from cnnviz.functional.dtypes import floats

Floats: TypeAlias = NDArray[np.floating]


class SoftmaxSteps(NamedTuple):
    """The steps of softmax: x ÷ T, the exponentials, their sum, the shares."""

    scaled: Floats
    exponentials: Floats
    total: float
    shares: Floats


def softmax_steps(x: ArrayLike, temperature: float = 1.0) -> SoftmaxSteps:
    """Return e^(x/T) of a vector, the sum, and each share of the sum.

    Parameters
    ----------
    x : array-like (N,)
        The scores.
    temperature : float
        T, above 0. A low T gives nearly everything to the largest score, a high T evens the shares
        out.

    Raises
    ------
    ValueError
        If x is not a vector, or an exponential overflows, or all are too small for a float.

    Examples
    --------
    >>> steps = softmax_steps([0.0, np.log(3)])
    >>> steps.exponentials.round(6).tolist(), round(steps.total, 6)
    ([1.0, 3.0], 4.0)
    >>> steps.shares.round(6).tolist()
    [0.25, 0.75]
    """
    x, temperature = floats(x), real(temperature, "temperature")
    if x.ndim != 1:
        raise ValueError(f"x must be one row of numbers, got shape {x.shape}.")
    if temperature <= 0:
        raise ValueError(f"temperature must be above 0, got {temperature}.")
    scaled = x / temperature
    limits = np.finfo(scaled.dtype)
    least, most = np.log(limits.tiny), np.log(limits.max / x.size)
    if not least <= scaled.max() <= most:
        small = scaled.max() < least
        wrong = f"small: at least {ceil(least)}" if small else f"large: at most {floor(most)}"
        raise ValueError(
            f"The largest number divided by the temperature is {scaled.max():.8g}, and its "
            f"exponential is too {wrong} works."
        )
    exponentials = np.exp(scaled)
    return SoftmaxSteps(scaled, exponentials, float(exponentials.sum()), softmax(scaled))
