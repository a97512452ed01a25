"""Layers built around the weights in a file."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.nn.formats.errors import ModelError
from cnnviz.nn.layers.affine import Affine, PReLU
from cnnviz.nn.layers.convolution import Conv2d
from cnnviz.nn.layers.layer import Layer
from cnnviz.nn.layers.normalisation import BatchNorm2d
from cnnviz.nn.layers.pointwise import Linear
from cnnviz.nn.layers.transposed import ConvTranspose2d

__all__ = ["affine", "conv", "conv_transposed", "linear", "norm", "prelu", "weights"]

Array = NDArray[Any]
MAX_WINDOW = 256  # cells a side of a kernel, stride, padding or dilation


def weights(array: ArrayLike, *shape: int) -> NDArray[np.float32]:
    """Return an array as contiguous float32 of a shape; -1 stands for any length.

    Raises
    ------
    ModelError
        If it has another shape, or does not hold real numbers.
    """
    array = np.asarray(array)
    wanted = [
        mine if mine >= 0 else theirs for mine, theirs in zip(shape, array.shape, strict=False)
    ]
    if array.shape != tuple(wanted) or len(shape) != array.ndim:
        raise ModelError(f"The layer takes weights of shape {shape}; the file holds {array.shape}.")
    if array.dtype.kind not in "fiub":
        raise ModelError(f"The weights must be real numbers, got {array.dtype}.")
    with np.errstate(over="ignore"):  # a weight beyond float32 becomes ∞, which is reported
        return np.ascontiguousarray(array, np.float32)


def conv(weight: Array, bias: Array | None, **settings: Any) -> Conv2d:
    """Return a convolution with the weight (F, C / groups, kH, kW) and a bias (F,)."""
    return _filters(Conv2d, weight, bias, settings)


def conv_transposed(weight: Array, bias: Array | None, **settings: Any) -> ConvTranspose2d:
    """Return a transposed convolution with the weight (C, F / groups, kH, kW) and a bias (F,)."""
    return _filters(ConvTranspose2d, weight, bias, settings)


def _filters(kind: type[Layer], weight: Array, bias: Array | None, settings: dict[str, Any]) -> Any:
    weight = weights(weight, -1, -1, -1, -1)
    whole, part, *kernel = weight.shape
    groups = _whole(settings.pop("groups", 1))
    check_windows(kernel, settings)
    channels, filters = (part * groups, whole) if kind is Conv2d else (whole, part * groups)
    layer = made(
        kind, channels, filters, tuple(kernel), groups=groups, bias=bias is not None, **settings
    )
    return _filled(layer, weight, bias, filters)


def linear(weight: Array, bias: Array | None) -> Linear:
    """Return a dense layer with the weight (outputs, inputs) and a bias (outputs,)."""
    weight = weights(weight, -1, -1)
    outputs, inputs = weight.shape
    layer = made(Linear, inputs, outputs, bias is not None)
    return _filled(layer, weight, bias, outputs)


def norm(weight: Array, bias: Array, mean: Array, var: Array, eps: float, maps: bool) -> Layer:
    """Return batch normalisation for maps; for vectors, the equivalent scale and shift."""
    count = np.asarray(weight).size
    gamma, beta, mean, var = (weights(each, count) for each in (weight, bias, mean, var))
    if (var < 0).any() or (var + eps <= 0).any() or not 0 <= eps < np.inf:
        raise ModelError(f"A batch normalisation has a variance of {var.min():.3g}, below 0.")
    if not maps:
        with np.errstate(all="ignore"):
            scale = gamma / np.sqrt(var.astype(np.float64) + eps)
            return affine(scale, beta - mean * scale)
    layer = made(BatchNorm2d, count, float(eps))
    layer.weight.value, layer.bias.value = gamma, beta
    layer.running_mean, layer.running_var = mean.copy(), var.copy()  # not views of the file
    return layer


def affine(weight: ArrayLike, bias: ArrayLike) -> Affine:
    """Return a scale and shift layer, with numbers (C,) or one of each for all channels."""
    weight, bias = (np.atleast_1d(np.asarray(each)) for each in (weight, bias))
    count = max(weight.size, bias.size)
    layer = made(Affine, count)
    layer.weight.value, layer.bias.value = (
        weights(np.broadcast_to(each, (count,)), count) for each in (weight, bias)
    )
    return layer


def prelu(weight: Array) -> PReLU:
    """Return a PReLU layer with the slopes (C,), or one for all channels."""
    weight = weights(np.ravel(weight), -1)
    layer = made(PReLU, weight.size)
    layer.weight.value = weight
    return layer


def _filled(layer: Any, weight: Array, bias: Array | None, count: int) -> Any:
    layer.weight.value = weight
    if bias is not None:
        layer.bias.value = weights(np.ravel(bias), count)
    return layer


def made(kind: type[Layer], *args: Any, **settings: Any) -> Any:  # a layer of that kind
    try:
        return kind(*args, **settings)
    except (ValueError, TypeError) as error:
        raise ModelError(f"A layer in this file cannot be made: {error}") from None


def _whole(number: Any) -> int:  # whatever a file says
    if not isinstance(number, int | np.integer) or not 1 <= number <= 2**16:
        raise ModelError(f"The groups of a convolution must be a whole number, got {number!r}.")
    return int(number)


def check_windows(kernel: Sequence[int], settings: dict[str, Any]) -> None:
    """Refuse sizes that no real network has and that would take ages to compute."""
    for name, given in {"kernel_size": kernel, **settings}.items():
        found = [0] if isinstance(given, str) else np.ravel(given)
        if not np.size(found) or np.max(found) > MAX_WINDOW:
            raise ModelError(
                f"A layer in this file has a {name} of {given}; at most {MAX_WINDOW} is read."
            )
