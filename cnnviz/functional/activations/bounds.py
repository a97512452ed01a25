"""The range of each activation function, and its largest slope."""

from math import inf
from typing import NamedTuple

from cnnviz.functional.activations import derivatives, functions

# Where the slope is 0, and where it is largest; GELU's slope, Φ(x) + x φ(x), peaks exactly at √2.
GELU_LOWEST, GELU_STEEPEST = -0.7517915246935645, 2**0.5
SILU_LOWEST, SILU_STEEPEST = -1.2784645427610738, 2.3993572805205467


class Bounds(NamedTuple):
    """The range of a function, and its largest slope.

    Parameters
    ----------
    low, high : float
        −∞ or ∞ where it is unbounded.
    reached : bool
        Whether the function reaches its bounds, or only approaches them.
    slope : float
        The largest slope, or its limit.
    """

    low: float
    high: float
    reached: bool
    slope: float


def identity_bounds() -> Bounds:
    """Return (−∞, ∞): any number."""
    return Bounds(-inf, inf, True, 1.0)


def relu_bounds() -> Bounds:
    """Return [0, ∞)."""
    return Bounds(0.0, inf, True, 1.0)


def relu6_bounds() -> Bounds:
    """Return [0, 6]."""
    return Bounds(0.0, 6.0, True, 1.0)


def hardsigmoid_bounds() -> Bounds:
    """Return [0, 1]."""
    return Bounds(0.0, 1.0, True, 1 / 6)


def hardswish_bounds() -> Bounds:
    """Return [−3/8, ∞), lowest at −3/2; the slope approaches 3/2 at 3."""
    return Bounds(-0.375, inf, True, 1.5)


def leaky_relu_bounds(negative_slope: float = 0.01) -> Bounds:
    """Return (−∞, ∞) if the slope is above 0, else [0, ∞).

    >>> leaky_relu_bounds(0.01), leaky_relu_bounds(0)
    (Bounds(low=-inf, high=inf, reached=True, slope=1.0),
     Bounds(low=0.0, high=inf, reached=True, slope=1.0))
    """
    return Bounds(-inf if negative_slope > 0 else 0.0, inf, True, max(1.0, negative_slope))


def prelu_bounds(weight: float) -> Bounds:
    """Return (−∞, ∞) if the slope is above 0, else [0, ∞)."""
    return leaky_relu_bounds(weight)


def elu_bounds(alpha: float = 1.0) -> Bounds:
    """Return (−α, ∞)."""
    return Bounds(-max(alpha, 0.0), inf, alpha <= 0, max(1.0, alpha))


def selu_bounds() -> Bounds:
    """Return (−λα, ∞); the slope is λα just below 0, and λ above."""
    most = functions.SELU_SCALE * functions.SELU_ALPHA
    return Bounds(-most, inf, False, most)


def sigmoid_bounds() -> Bounds:
    """Return (0, 1)."""
    return Bounds(0.0, 1.0, False, 0.25)


def tanh_bounds() -> Bounds:
    """Return (−1, 1)."""
    return Bounds(-1.0, 1.0, False, 1.0)


def gelu_bounds() -> Bounds:
    """Return [−0.17, ∞), rounded.

    >>> round(gelu_bounds().low, 4), round(gelu_bounds().slope, 4)
    (-0.17, 1.1289)
    """
    low, slope = functions.gelu(GELU_LOWEST), derivatives.gelu_derivative(GELU_STEEPEST)
    return Bounds(float(low), inf, True, float(slope))


def silu_bounds() -> Bounds:
    """Return [−0.278, ∞), rounded.

    >>> round(silu_bounds().low, 4), round(silu_bounds().slope, 4)
    (-0.2785, 1.0998)
    """
    low, slope = functions.silu(SILU_LOWEST), derivatives.silu_derivative(SILU_STEEPEST)
    return Bounds(float(low), inf, True, float(slope))


def softplus_bounds() -> Bounds:
    """Return (0, ∞)."""
    return Bounds(0.0, inf, False, 1.0)
