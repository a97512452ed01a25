"""Optimisers: turn gradients into new weights."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.checks import real
from cnnviz.nn.layers.parameter import Parameter

__all__ = ["SGD", "Adam", "Optimiser"]

Parameters: TypeAlias = Iterable[Parameter] | Mapping[str, Parameter]


class Optimiser(Protocol):
    """Anything with a learning rate that can take a step."""

    learning_rate: float

    def step(self) -> None:
        """Change every parameter by its gradient."""


class SGD:
    """Gradient descent with momentum: v ← μ v + g, w ← w − η v.

    Parameters
    ----------
    parameters : iterable of Parameter, or mapping to them
        Such as `network.parameters()`.
    learning_rate : float
        η; it may be changed between steps.
    momentum : float
        μ, from 0 to 1. As in PyTorch, η does not enter v.

    Examples
    --------
    >>> weight = Parameter((1,), np.ones)
    >>> weight.grad = np.array([0.5])
    >>> SGD([weight], 0.1).step()
    >>> weight.value.tolist()
    [0.95]
    """

    def __init__(
        self, parameters: Parameters, learning_rate: float = 0.1, momentum: float = 0.0
    ) -> None:
        self.parameters = _own(parameters)
        self.learning_rate = real(learning_rate, "learning_rate", low=0)
        self.momentum = real(momentum, "momentum", low=0, high=1)
        self._velocities = [np.zeros_like(parameter.value) for parameter in self.parameters]

    def step(self) -> None:
        """Change every parameter by its gradient."""
        for parameter, velocity in zip(self.parameters, self._velocities, strict=True):
            velocity *= self.momentum
            velocity += _gradient(parameter)
            parameter.value -= self.learning_rate * velocity


class Adam:
    """Gradient descent with steps divided by the recent size of the gradient.

    Source: Kingma & Ba, "Adam: a method for stochastic optimization" (2015).

    Parameters
    ----------
    parameters : iterable of Parameter, or mapping to them
        Such as `network.parameters()`.
    learning_rate : float
        About the size of a step; it may be changed between steps.
    betas : (float, float)
        The decay rates of the means of the gradient and of its square, from 0 to below 1.
    eps : float
        Keeps the division finite.

    Examples
    --------
    The first step has the size of the learning rate, whatever the size of the gradient.

    >>> weight = Parameter((1,), np.ones)
    >>> weight.grad = np.array([1000.0])
    >>> Adam([weight], 0.01).step()
    >>> weight.value.round(6).tolist()
    [0.99]
    """

    def __init__(
        self,
        parameters: Parameters,
        learning_rate: float = 0.001,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        self.parameters = _own(parameters)
        self.learning_rate = real(learning_rate, "learning_rate", low=0)
        self.betas = _rates(betas)
        self.eps = real(eps, "eps", low=0)
        self.steps = 0
        self._means = [np.zeros_like(parameter.value) for parameter in self.parameters]
        self._squares = [np.zeros_like(parameter.value) for parameter in self.parameters]

    def step(self) -> None:
        """Change every parameter by its gradient."""
        self.steps += 1
        slow, slower = self.betas
        # Both means start at 0; dividing by these corrects the bias.
        rate = self.learning_rate / (1 - slow**self.steps)
        unbias = (1 - slower**self.steps) ** -0.5
        for parameter, mean, square in zip(
            self.parameters, self._means, self._squares, strict=True
        ):
            grad = _gradient(parameter)
            mean *= slow
            mean += (1 - slow) * grad
            square *= slower
            square += (1 - slower) * grad**2
            parameter.value -= rate * mean / (np.sqrt(square) * unbias + self.eps)


def _rates(betas: Sequence[float]) -> tuple[float, float]:
    if not isinstance(betas, Sequence) or len(betas) != 2:
        raise ValueError(f"betas must be two numbers, got {betas!r}.")
    slow, slower = (real(beta, "beta", 0, 1) for beta in betas)
    if 1 in (slow, slower):
        raise ValueError(f"Each beta must be below 1, got {slow:g} and {slower:g}.")
    return slow, slower


def _own(parameters: Parameters) -> list[Parameter]:
    """Return the parameters, of which none may be shared with other users of the network."""
    own = list(parameters.values() if isinstance(parameters, Mapping) else parameters)
    for parameter in own:
        if not isinstance(parameter, Parameter):
            raise TypeError(f"An optimiser changes parameters, got {parameter!r:.60}.")
        parameter.check_own()
    return own


def _gradient(parameter: Parameter) -> NDArray[np.floating]:
    if parameter.grad is None:
        raise ValueError(f"A parameter of shape {parameter.shape} has no gradient yet.")
    return parameter.grad
