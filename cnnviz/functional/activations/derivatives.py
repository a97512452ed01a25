"""The slopes of the activation functions, by which backpropagation multiplies a gradient.

At a kink at 0, the slope is the one from below: 0 for ReLU.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.activations.functions import (
    SELU_ALPHA,
    SELU_SCALE,
    normal_cdf,
    sigmoid,
    slopes,
)
from cnnviz.functional.checks import real
from cnnviz.functional.dtypes import floats, ieee

Floats = NDArray[np.floating]


def identity_derivative(x: ArrayLike) -> Floats:
    """Return 1."""
    return _with_one_above_zero(floats(x), 1.0)


def relu_derivative(x: ArrayLike) -> Floats:
    """Return 1 above 0, else 0."""
    return _with_one_above_zero(floats(x), 0.0)


def relu6_derivative(x: ArrayLike) -> Floats:
    """Return 1 between 0 and 6, else 0."""
    x = floats(x)
    return np.where(x >= 6, 0, relu_derivative(x)).astype(x.dtype, copy=False)[()]


def hardsigmoid_derivative(x: ArrayLike) -> Floats:
    """Return 1/6 between −3 and 3, else 0."""
    return relu6_derivative(floats(x) + 3) / 6


@ieee()
def hardswish_derivative(x: ArrayLike) -> Floats:
    """Return x / 3 + 1/2 between −3 and 3, 0 below and 1 above."""
    x = floats(x)
    line = np.clip(x, -3, 3) / 3 + x.dtype.type(0.5)
    return np.where(x <= -3, 0, np.where(x >= 3, 1, line)).astype(x.dtype, copy=False)[()]


def leaky_relu_derivative(x: ArrayLike, negative_slope: float = 0.01) -> Floats:
    """Return 1 above 0, else `negative_slope`."""
    return _with_one_above_zero(floats(x), real(negative_slope, "negative_slope"))


def prelu_derivative(x: ArrayLike, weight: ArrayLike = 0.25) -> Floats:
    """Return 1 above 0, else `weight`."""
    x = floats(x)
    return _with_one_above_zero(x, slopes(weight, x))


@ieee()
def elu_derivative(x: ArrayLike, alpha: float = 1.0) -> Floats:
    """Return 1 above 0, else α e^x."""
    x = floats(x)
    return _with_one_above_zero(x, real(alpha, "alpha") * np.exp(np.minimum(x, 0)))


@ieee()
def selu_derivative(x: ArrayLike) -> Floats:
    """Return λ above 0, else λ α e^x."""
    return SELU_SCALE * elu_derivative(x, SELU_ALPHA)


@ieee()
def sigmoid_derivative(x: ArrayLike) -> Floats:
    """Return e^−x / (1 + e^−x)², which is σ (1 − σ) and symmetric about 0."""
    tail = np.exp(-abs(floats(x)))
    return tail / (1 + tail) ** 2


@ieee()
def tanh_derivative(x: ArrayLike) -> Floats:
    """Return 1 − tanh², which is 4 σ(2x) (1 − σ(2x)), exact where tanh rounds to 1."""
    return 4 * sigmoid_derivative(2 * floats(x))


@ieee()
def gelu_derivative(x: ArrayLike) -> Floats:
    """Return Φ(x) + x φ(x), with φ the density of the standard normal distribution."""
    x = floats(x)
    near = np.clip(x, -50, 50)  # beyond, the density is 0
    return normal_cdf(x) + near * np.exp(-(near**2) / 2) / (2 * np.pi) ** 0.5


@ieee()
def silu_derivative(x: ArrayLike) -> Floats:
    """Return σ + x σ (1 − σ)."""
    x = floats(x)
    near = np.clip(x, -1000, 1000)  # beyond, the second term is 0
    return sigmoid(x) + near * sigmoid_derivative(x)


def softplus_derivative(x: ArrayLike) -> Floats:
    """Return the sigmoid."""
    return sigmoid(x)


def _with_one_above_zero(x: Floats, below: float | Floats) -> Floats:
    """Return 1 where x > 0, `below` where not, and NaN where x is NaN."""
    slope = np.where(x > 0, x.dtype.type(1), np.asarray(below, x.dtype))
    return np.where(np.isnan(x), x, slope)[()]
