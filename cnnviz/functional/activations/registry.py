"""The activation functions in one table: name, formula, function, slope, bounds and parameters."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.activations import bounds, derivatives, functions
from cnnviz.functional.activations.bounds import Bounds
from cnnviz.functional.dtypes import floats
from cnnviz.functional.hyperparameter import Hyperparameter


@dataclass(frozen=True)
class Activation:
    """A function that is applied to every number of a feature map.

    Parameters
    ----------
    name, title : str
        In snake_case, and as shown on screen.
    formula : str
        In LaTeX.
    function, derivative : callable
        Both take an array and the `parameters` by name, which have defaults.
    bounds : callable
        Takes the `parameters`, and returns the range of values and the largest slope.
    parameters : tuple of Hyperparameter
        Empty for most.

    Examples
    --------
    >>> elu = ACTIVATIONS["elu"]
    >>> elu.function([-1.0, 1.0], alpha=2.0).round(3).tolist()
    [-1.264, 1.0]
    >>> elu.derivative([-1.0, 1.0], alpha=2.0).round(3).tolist()
    [0.736, 1.0]
    """

    name: str
    title: str
    formula: str
    function: Callable[..., NDArray[np.floating]]
    derivative: Callable[..., NDArray[np.floating]]
    bounds: Callable[..., Bounds]
    parameters: tuple[Hyperparameter, ...] = ()

    @property
    def defaults(self) -> dict[str, float]:
        """The default of each parameter, by name."""
        return {parameter.name: parameter.default for parameter in self.parameters}


def _identity(x: ArrayLike) -> NDArray[np.floating]:
    """Return `x` as it is."""
    return floats(x)[()]


def prelu(x: ArrayLike, weight: ArrayLike = 0.25) -> NDArray[np.floating]:
    """Return `functions.prelu`; every function in the table can be called with just `x`."""
    return functions.prelu(x, weight)


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation(
            "none", "None", r"x", _identity, derivatives.identity_derivative, bounds.identity_bounds
        ),
        Activation(
            "relu",
            "ReLU",
            r"\max(0, x)",
            functions.relu,
            derivatives.relu_derivative,
            bounds.relu_bounds,
        ),
        Activation(
            "leaky_relu",
            "Leaky ReLU",
            r"\max(0, x) + s \min(0, x)",
            functions.leaky_relu,
            derivatives.leaky_relu_derivative,
            bounds.leaky_relu_bounds,
            (Hyperparameter("negative_slope", "Slope s", 0.01, 0.0, 1.0, 0.01),),
        ),
        Activation(
            "prelu",
            "PReLU",
            r"\max(0, x) + a \min(0, x)",
            prelu,
            derivatives.prelu_derivative,
            bounds.prelu_bounds,
            (Hyperparameter("weight", "Slope a", 0.25, -1.0, 1.0, 0.05),),
        ),
        Activation(
            "elu",
            "ELU",
            r"\max(0, x) + \alpha \left(e^{\min(0, x)} - 1\right)",
            functions.elu,
            derivatives.elu_derivative,
            bounds.elu_bounds,
            (Hyperparameter("alpha", "α", 1.0, 0.1, 3.0, 0.1),),
        ),
        Activation(
            "selu",
            "SELU",
            r"\lambda \left(\max(0, x) + \alpha \left(e^{\min(0, x)} - 1\right)\right)",
            functions.selu,
            derivatives.selu_derivative,
            bounds.selu_bounds,
        ),
        Activation(
            "sigmoid",
            "Sigmoid",
            r"\frac{1}{1 + e^{-x}}",
            functions.sigmoid,
            derivatives.sigmoid_derivative,
            bounds.sigmoid_bounds,
        ),
        Activation(
            "tanh",
            "Tanh",
            r"\tanh x",
            functions.tanh,
            derivatives.tanh_derivative,
            bounds.tanh_bounds,
        ),
        Activation(
            "gelu",
            "GELU",
            r"x \, \Phi(x)",
            functions.gelu,
            derivatives.gelu_derivative,
            bounds.gelu_bounds,
        ),
        Activation(
            "silu",
            "SiLU",
            r"\frac{x}{1 + e^{-x}}",
            functions.silu,
            derivatives.silu_derivative,
            bounds.silu_bounds,
        ),
        Activation(
            "softplus",
            "Softplus",
            r"\ln\left(1 + e^x\right)",
            functions.softplus,
            derivatives.softplus_derivative,
            bounds.softplus_bounds,
        ),
        Activation(
            "relu6",
            "ReLU6",
            r"\min(\max(0, x), 6)",
            functions.relu6,
            derivatives.relu6_derivative,
            bounds.relu6_bounds,
        ),
        Activation(
            "hardsigmoid",
            "Hard sigmoid",
            r"\min\left(\max\left(0, \frac{x}{6} + \frac{1}{2}\right), 1\right)",
            functions.hardsigmoid,
            derivatives.hardsigmoid_derivative,
            bounds.hardsigmoid_bounds,
        ),
        Activation(
            "hardswish",
            "Hard swish",
            r"x \, \min\left(\max\left(0, \frac{x}{6} + \frac{1}{2}\right), 1\right)",
            functions.hardswish,
            derivatives.hardswish_derivative,
            bounds.hardswish_bounds,
        ),
    )
}
