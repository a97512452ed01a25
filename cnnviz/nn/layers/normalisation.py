"""The batch normalisation layer."""

from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from cnnviz.functional.activations import batch_norm
from cnnviz.functional.checks import check_memory, count_of, real, whole
from cnnviz.nn.layers.layer import Floats, Layer, Shape, planes
from cnnviz.nn.layers.parameter import Parameter, ones, zeros

__all__ = ["BatchNorm2d"]

OVER_BATCH = (0, 2, 3)  # the axes of (N, C, H, W) that a channel's mean runs over


class BatchNorm2d(Layer):
    """Normalise every channel to mean 0 and variance 1, then to a learned spread and mean.

    In training, mean and variance are those of the batch, and a running mean of both is kept;
    otherwise the running ones are used. The running variance is the unbiased one, as in PyTorch.
    Source: Ioffe & Szegedy, "Batch normalization" (2015).

    Parameters
    ----------
    num_features : int
        The number of channels.
    eps : float
        Keeps the division finite for a constant channel.
    momentum : float
        The weight of a new batch in the running mean.

    Examples
    --------
    >>> layer = BatchNorm2d(1)
    >>> layer.training = True
    >>> layer.forward([[[[1.0, 3.0]]]]).round(3).tolist()
    [[[[-1.0, 1.0]]]]
    """

    kind: ClassVar[str] = "norm"

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        channels = whole(num_features, "num_features")
        check_memory((channels,), "The mean of the channels")
        eps, momentum = real(eps, "eps", low=0), real(momentum, "momentum", low=0, high=1)
        super().__init__(num_features=channels, eps=eps, momentum=momentum)
        self.weight, self.bias = ones(channels), zeros(channels)

    # Like the weights, these two take no memory until they are first read.
    @cached_property
    def running_mean(self) -> Floats:
        """The running mean of each channel, (C,)."""
        return np.zeros(self.settings["num_features"], np.float32)

    @cached_property
    def running_var(self) -> Floats:
        """The running variance of each channel, (C,)."""
        return np.ones(self.settings["num_features"], np.float32)

    def parameters(self) -> dict[str, Parameter]:
        """Return the weight γ and the bias β, (C,) each."""
        return {"weight": self.weight, "bias": self.bias}

    def buffers(self) -> dict[str, Floats]:
        """Return the running mean and variance, (C,) each."""
        return {"running_mean": self.running_mean, "running_var": self.running_var}

    @property
    def factors(self) -> str:
        """Two for each channel."""
        return f"2 × {self.settings['num_features']}"

    def output_shape(self, shape: Shape) -> Shape:
        """Return `shape`."""
        channels, *_ = planes(shape, self)
        if channels != self.settings["num_features"]:
            raise ValueError(
                f"BatchNorm2d takes {count_of(self.settings['num_features'], 'channel')}, got "
                f"{channels} in an input of shape {shape}."
            )
        return shape

    def _compute(self, x: Floats) -> Floats:
        # A diverged training goes on with NaN, while `batch_norm` would refuse such a variance.
        if self.training or not np.isfinite(self.running_var).all():
            return self._compute_and_remember(x)[0]
        return batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.weight.value,
            self.bias.value,
            self.settings["eps"],
        )

    def _compute_and_remember(self, x: Floats) -> tuple[Floats, Any]:
        mean, var = self._batch_statistics(x) if self.training else self.buffers().values()
        scale = 1 / np.sqrt(var.astype(x.dtype) + x.dtype.type(self.settings["eps"]))
        normal = (x - _each(mean, x)) * _each(scale, x)
        out = normal * _each(self.weight.value, x) + _each(self.bias.value, x)
        return out, (normal, scale, self.training)

    def _batch_statistics(self, x: Floats) -> tuple[Floats, Floats]:
        """Return mean and variance of the batch, and update the running ones."""
        count = x.size // x.shape[1]
        if count == 1:
            raise ValueError(
                f"BatchNorm2d in training needs more than 1 number in a channel, got {x.shape}."
            )
        mean = _mean(x)
        var = _mean((x - _each(mean, x)) ** 2)
        part = self.settings["momentum"]
        unbiased = var * (count / (count - 1))
        # New arrays, not changed ones: a network `with_own_memory` keeps its own statistics.
        self.running_mean = _blend(self.running_mean, mean, part)
        self.running_var = _blend(self.running_var, unbiased, part)
        return mean, var

    def _back(self, grad: Floats, memory: Any, to_input: bool) -> Floats | None:
        normal, scale, training = memory
        self.weight.grad, self.bias.grad = _sum(grad * normal), _sum(grad)
        if not to_input:
            return None
        if training:  # mean and variance depend on the input, so they pass gradient back too
            count = grad.size // grad.shape[1]
            grad = grad - _each(self.bias.grad / count, grad)
            grad = grad - normal * _each(self.weight.grad / count, grad)
        return grad * _each(self.weight.value * scale, grad)


def _mean(x: Floats) -> Floats:
    """Return the mean of each channel, added up in float64: there may be millions of numbers."""
    return x.mean(axis=OVER_BATCH, dtype=np.float64).astype(x.dtype, copy=False)


def _sum(x: Floats) -> Floats:
    return x.sum(axis=OVER_BATCH, dtype=np.float64).astype(x.dtype, copy=False)


def _blend(old: Floats, new: Floats, part: float) -> Floats:
    return (old + part * (new - old)).astype(np.float32)


def _each(values: Floats, x: Floats) -> Floats:
    """Return one value per channel in a shape that broadcasts with `x` (N, C, H, W)."""
    return values.astype(x.dtype, copy=False)[:, None, None]
