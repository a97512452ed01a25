"""How signals and gradients propagate through a deep network before training.

Plain dense layers of equal width, each a matrix of normally distributed weights and an activation.
Sources: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
networks" (2010); He et al., "Delving deep into rectifiers" (2015).
"""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cnnviz.functional.activations import ACTIVATIONS, Activation
from cnnviz.functional.checks import generator, whole

Floats: TypeAlias = NDArray[np.floating]

WIDTH = 128
BATCH = 16  # such a small product stays on one thread, which is faster here than waking several


@dataclass(frozen=True)
class Initialisation:
    """How large the initial random weights are: their variance is `scale` / fan-in.

    Fan-in is the number of inputs of a neuron, here `WIDTH`; `title` is the name on screen.
    """

    name: str
    title: str
    scale: float


# With as many outputs as inputs, 2 / (fan-in + fan-out) of Glorot & Bengio is 1 / fan-in.
INITIALISATIONS = {
    one.name: one
    for one in (
        Initialisation("small", "Too small", 0.2),
        Initialisation("xavier", "Xavier", 1.0),
        Initialisation("he", "He", 2.0),
        Initialisation("large", "Too large", 8.0),
    )
}


class Propagation(NamedTuple):
    """The signal at each layer, arrays (depth,) from the first layer to the last.

    `spread` is the standard deviation of the activations; `gradient` the root mean square of the
    gradient at the weighted sums, if it is 1 at the output.
    """

    spread: Floats
    gradient: Floats


def propagate(activation: str, initialisation: str, depth: int, *, seed: int = 0) -> Propagation:
    """Send a random batch through a new network and a random gradient back.

    Parameters
    ----------
    activation : str
        A name in `ACTIVATIONS`, with its default parameters.
    initialisation : str
        A name in `INITIALISATIONS`.
    depth : int
        The number of layers.
    seed : int
        The same seed gives the same numbers.

    Examples
    --------
    He keeps a ReLU network level; with half the variance, every second layer halves the spread.

    >>> propagate("relu", "he", 20).spread[[0, 9, 19]].round(2)
    array([0.84, 0.66, 0.63])
    >>> propagate("relu", "xavier", 20).spread[[0, 9, 19]].round(4)
    array([0.5922, 0.0205, 0.0006])
    >>> level(propagate("sigmoid", "he", 20).gradient)
    False
    """
    step, scale = _asked(activation, initialisation)
    random = generator(seed)
    weights, sums, outputs = _forward(step, scale, whole(depth, "depth"), random)
    spread = [output.std() for output in outputs]
    gradients, gradient = [], random.standard_normal(outputs[-1].shape)
    for weight, total in zip(weights[::-1], sums[::-1], strict=True):
        at_sum = gradient * step.derivative(total, **step.defaults)
        gradients.append(np.sqrt(np.mean(at_sum**2)))
        gradient = at_sum @ weight.T
    return Propagation(np.array(spread), np.array(gradients[::-1]))


def activations(activation: str, initialisation: str, depth: int, *, seed: int = 0) -> Floats:
    """Return the output of each layer of the network in `propagate`.

    The arguments are those of `propagate`; the result is (depth, `BATCH`, `WIDTH`).

    Examples
    --------
    >>> made = activations("relu", "he", 20)
    >>> made.shape, bool(made[9].std() == propagate("relu", "he", 20).spread[9])
    ((20, 16, 128), True)
    """
    step, scale = _asked(activation, initialisation)
    random = generator(seed)
    return np.array(_forward(step, scale, whole(depth, "depth"), random)[2])


def _forward(
    step: Activation, scale: float, depth: int, random: np.random.Generator
) -> tuple[Floats, list[Floats], list[Floats]]:
    """Return the weights of a new network, and the sums and outputs of its layers."""
    x: Floats = random.standard_normal((BATCH, WIDTH))
    weights = random.standard_normal((depth, WIDTH, WIDTH)) * np.sqrt(scale / WIDTH)
    sums: list[Floats] = []
    outputs: list[Floats] = []
    for weight in weights:
        sums.append(x @ weight)
        x = step.function(sums[-1], **step.defaults)
        outputs.append(x)
    return weights, sums, outputs


def factor(gradient: Floats) -> float:
    """Return the factor by which each layer multiplies the gradient on its way back, on average.

    This is the geometric mean: as many layers, each with this factor, give the same result.

    Examples
    --------
    >>> factor(np.array([0.125, 0.25, 1.0]))
    0.3535533905932738
    """
    return float((gradient[0] / gradient[-1]) ** (1 / max(len(gradient) - 1, 1)))


def trend(signal: Floats) -> str:
    """Say whether a signal grows, shrinks or stays level from its first number to its last.

    Examples
    --------
    >>> trend(np.array([1.0, 0.5])), trend(np.array([1.0, 1e-6])), trend(np.array([1.0, 1e3]))
    ('level', 'shrinks', 'grows')
    """
    if level(signal):
        return "level"
    return "grows" if signal[-1] > signal[0] else "shrinks"


def level(signal: Floats, most: float = 10) -> bool:
    """Whether no layer's value is more than `most` times another's.

    Examples
    --------
    >>> level(np.array([1.0, 0.5, 2.0])), level(np.array([1.0, 1e-6]))
    (True, False)
    """
    return bool(signal.max() <= most * signal.min())


def _asked(activation: str, initialisation: str) -> tuple[Activation, float]:
    for name, table, what in (
        (activation, ACTIVATIONS, "activation"),
        (initialisation, INITIALISATIONS, "initialisation"),
    ):
        if name not in table:
            raise ValueError(f"There is no {what} {name!r}; there are {', '.join(table)}.")
    return ACTIVATIONS[activation], INITIALISATIONS[initialisation].scale
