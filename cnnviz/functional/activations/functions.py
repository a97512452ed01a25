"""The activation functions, softmax and batch normalisation, named as in `torch.nn.functional`.

All take an array of any shape, or one number, and return its like; float32 stays float32, integers
become float64, NaN stays NaN, and a finite result never overflows on the way.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.checks import LARGEST, count_of, real, whole
from cnnviz.functional.dtypes import floats, ieee

Floats = NDArray[np.floating]

# Klambauer et al., "Self-normalizing neural networks" (2017).
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


def relu(x: ArrayLike) -> Floats:
    """Return max(0, x).

    Examples
    --------
    >>> relu([-2.0, 0.5, -0.3, 1.2]).tolist()
    [0.0, 0.5, 0.0, 1.2]
    """
    return np.maximum(floats(x), 0)


def relu6(x: ArrayLike) -> Floats:
    """Return max(0, x), capped at 6.

    Source: Krizhevsky, "Convolutional deep belief networks on CIFAR-10" (2010).

    Examples
    --------
    >>> relu6([-2.0, 0.5, 7.0]).tolist()
    [0.0, 0.5, 6.0]
    """
    return np.clip(floats(x), 0, 6)


def hardsigmoid(x: ArrayLike) -> Floats:
    """Return x / 6 + 1/2, clipped to [0, 1]: a sigmoid made of straight lines.

    Examples
    --------
    >>> hardsigmoid([-4.0, 0.0, 1.5, 4.0]).tolist()
    [0.0, 0.5, 0.75, 1.0]
    """
    x = floats(x)
    return relu6(np.clip(x, -4, 4) + x.dtype.type(3)) / x.dtype.type(6)


@ieee()
def hardswish(x: ArrayLike) -> Floats:
    """Return x · hardsigmoid(x), and 0 below −3.

    Source: Howard et al., "Searching for MobileNetV3" (2019).

    Examples
    --------
    >>> hardswish([-4.0, -1.5, 0.0, 4.0]).tolist()
    [0.0, -0.375, 0.0, 4.0]
    """
    x = floats(x)
    return np.where(x <= -3, x.dtype.type(0), x * hardsigmoid(x))[()]


@ieee()
def leaky_relu(x: ArrayLike, negative_slope: float = 0.01) -> Floats:
    """Return x above 0 and `negative_slope` · x below.

    Examples
    --------
    >>> leaky_relu([-2.0, 0.5]).tolist()
    [-0.02, 0.5]
    """
    return _bent(floats(x), real(negative_slope, "negative_slope"))


@ieee()
def prelu(x: ArrayLike, weight: ArrayLike) -> Floats:
    """Return x above 0 and `weight` · x below.

    Parameters
    ----------
    x : array-like
        Any shape if `weight` is one number, else (C, H, W), (N, C, H, W) or (N, C).
    weight : float or array-like (C,)
        One slope for all, or one for each channel.

    Examples
    --------
    >>> prelu([[[-1.0]], [[-1.0]]], [0.25, 0.5]).ravel().tolist()
    [-0.25, -0.5]
    """
    x = floats(x)
    return _bent(x, slopes(weight, x))


@ieee()
def elu(x: ArrayLike, alpha: float = 1.0) -> Floats:
    """Return x above 0 and α (e^x − 1) below.

    Examples
    --------
    >>> elu([-1000.0, 2.0]).tolist()
    [-1.0, 2.0]
    """
    x = floats(x)
    return np.maximum(x, 0) + real(alpha, "alpha") * np.expm1(np.minimum(x, 0))


@ieee()
def selu(x: ArrayLike) -> Floats:
    """Return λ · elu(x, α), with the constants that keep mean 0 and variance 1.

    Examples
    --------
    >>> selu([-1000.0, 1.0]).round(4).tolist()
    [-1.7581, 1.0507]
    """
    return SELU_SCALE * elu(x, SELU_ALPHA)


@ieee()
def sigmoid(x: ArrayLike) -> Floats:
    """Return 1 / (1 + e^−x).

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 1000.0]).tolist()
    [0.0, 0.5, 1.0]
    """
    x = floats(x)
    # Multiplied above and below by e^min(x, 0): no exponent exceeds 0, so nothing overflows.
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-abs(x)))


@ieee()
def tanh(x: ArrayLike) -> Floats:
    """Return the hyperbolic tangent.

    Examples
    --------
    >>> tanh([-1000.0, 0.0, 1000.0]).tolist()
    [-1.0, 0.0, 1.0]
    """
    return np.tanh(floats(x))


@ieee()
def gelu(x: ArrayLike) -> Floats:
    """Return x · Φ(x), with Φ the cumulative distribution function of the standard normal.

    The exact form, PyTorch's default. Source: Hendrycks & Gimpel, "Gaussian error linear
    units" (2016).

    Examples
    --------
    >>> gelu([-1000.0, 1.0]).round(4).tolist()
    [-0.0, 0.8413]
    """
    x = floats(x)
    return _finite_below(x) * normal_cdf(x)


@ieee()
def silu(x: ArrayLike) -> Floats:
    """Return x · sigmoid(x), also known as swish.

    Examples
    --------
    >>> silu([-1000.0, 1.0]).round(4).tolist()
    [-0.0, 0.7311]
    """
    x = floats(x)
    return _finite_below(x) * sigmoid(x)


@ieee()
def softplus(x: ArrayLike) -> Floats:
    """Return ln(1 + e^x).

    Examples
    --------
    >>> softplus([-1000.0, 0.0, 1000.0]).round(4).tolist()
    [0.0, 0.6931, 1000.0]
    """
    x = floats(x)
    return np.maximum(x, 0) + np.log1p(np.exp(-abs(x)))


@ieee()
def softmax(x: ArrayLike, axis: int = -1, *, dim: int | None = None) -> Floats:
    """Return e^x divided by its sum along `axis`: positive shares that add to 1.

    As in PyTorch, which calls the axis `dim`, a NaN or +∞ makes its whole vector NaN.

    Raises
    ------
    ValueError
        If x has no such axis.

    Examples
    --------
    >>> softmax([1000.0, 1000.0, -1000.0]).tolist()
    [0.5, 0.5, 0.0]
    """
    x, axis = floats(x), whole(axis if dim is None else dim, "axis", minimum=-LARGEST)
    if x.ndim == 0 or not -x.ndim <= axis < x.ndim:
        axes = "the one axis" if x.ndim == 1 else f"one of the {x.ndim} axes"
        fits = f"axis must be {axes} of x {x.shape}, got {axis}."
        raise ValueError(fits if x.ndim else "x must have an axis, got a single number.")
    with np.errstate(over="ignore"):  # x − max may overflow to −∞, and e^−∞ is 0
        shares = np.exp(x - x.max(axis=axis, keepdims=True))
    return shares / shares.sum(axis=axis, keepdims=True)


@ieee()
def batch_norm(
    x: ArrayLike,
    mean: ArrayLike,
    var: ArrayLike,
    weight: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    eps: float = 1e-5,
) -> Floats:
    """Return (x − mean) / √(var + eps) · weight + bias, channel by channel.

    Parameters
    ----------
    x : array-like (C, H, W), (N, C, H, W) or (N, C)
    mean, var : array-like (C,)
        Mean and variance of the data the network was trained on.
    weight, bias : array-like (C,), optional
        The γ and β a network learns; 1 and 0 if left out.
    eps : float
        Keeps the division finite for a constant channel.

    Raises
    ------
    ValueError
        If there is not one number for each channel, or a variance is negative, or 0 with eps.

    Examples
    --------
    >>> batch_norm([[1.0, 10.0], [3.0, 30.0]], [2.0, 20.0], [1.0, 100.0], eps=0).tolist()
    [[-1.0, -1.0], [1.0, 1.0]]
    """
    x, eps = floats(x), real(eps, "eps", low=0)
    variance = _per_channel(var, x, "var")
    if not (variance >= 0).all() or not (variance + eps > 0).all():
        raise ValueError(
            f"var must not be negative, and var + eps must be above 0; got a smallest var of "
            f"{variance.min()} with eps = {eps}."
        )
    y = (x - _per_channel(mean, x, "mean")) / np.sqrt(variance + eps)
    if weight is not None:
        y = y * _per_channel(weight, x, "weight")
    return y if bias is None else y + _per_channel(bias, x, "bias")


def normal_cdf(x: Floats) -> Floats:
    """Return Φ(x), exact in both tails."""
    from scipy.special import erfc  # takes 0.1 s to import; nothing else here needs it

    return 0.5 * erfc(x * -(0.5**0.5))


def slopes(weight: ArrayLike, x: Floats) -> Floats:
    """Return the slopes of `prelu`, one or one per channel, in a shape that broadcasts with `x`."""
    weight = floats(weight, "weight")
    return weight.astype(x.dtype).reshape(()) if weight.size == 1 else _per_channel(weight, x)


def _bent(x: Floats, slope: float | Floats) -> Floats:
    return np.maximum(x, 0) + slope * np.minimum(x, 0)


def _finite_below(x: Floats) -> Floats:
    """Replace −∞ in `x` by the lowest finite number, so that its product with 0 is 0."""
    return np.maximum(x, np.finfo(x.dtype).min)


def _per_channel(values: ArrayLike, x: Floats, name: str = "weight") -> Floats:
    """Return one value per channel of `x`, in a shape that broadcasts with `x`."""
    values = floats(values, name)
    axis = {2: 1, 3: 0, 4: 1}.get(x.ndim)
    if axis is None:
        raise ValueError(
            f"x must be (N, C), (C, H, W) or (N, C, H, W) to have channels, got shape {x.shape}."
        )
    if values.shape != (x.shape[axis],):
        raise ValueError(
            f"{name} must hold {count_of(x.shape[axis], 'number')}, one for each channel of x "
            f"{x.shape}, got shape {values.shape}."
        )
    return values.astype(x.dtype).reshape(-1, *(1,) * (x.ndim - axis - 1))
