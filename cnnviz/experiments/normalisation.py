"""Batch normalisation of one feature map with its own mean and variance."""

from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.experiments.rectification import Step, rectified
from cnnviz.functional.activations import batch_norm
from cnnviz.functional.dtypes import floats

Floats: TypeAlias = NDArray[np.floating]

ROUNDING = 1e-12  # as a share of the largest value; maps that vary less are constant


class Moments(NamedTuple):
    """The mean and the variance of a map."""

    mean: float
    variance: float


def moments(x: ArrayLike) -> Moments:
    """Return mean and variance of a map.

    A constant map has its own value and no variance: the rounding error of a mean would give it a
    tiny one, and dividing by its root would blow that up.

    Examples
    --------
    >>> moments([[1.0, 3.0]]), moments([[0.1, 0.1, 0.1]])
    (Moments(mean=2.0, variance=1.0), Moments(mean=0.1, variance=0.0))
    """
    x = floats(x)
    if np.ptp(x) <= ROUNDING * abs(x).max():
        return Moments(float(x.flat[0]), 0.0)
    return Moments(float(x.mean(dtype=np.float64)), float(x.var(dtype=np.float64)))


def normalised(x: ArrayLike, gamma: float = 1.0, beta: float = 0.0) -> Floats:
    """Return a map normalised to mean β and standard deviation γ.

    In training, mean and variance are taken over a channel of the whole batch; here the batch is
    one picture, so they are the map's own. A constant map becomes β everywhere.

    Parameters
    ----------
    x : array-like (H, W)
        The map.
    gamma, beta : float
        The scale and shift that a network learns.

    Examples
    --------
    >>> normalised([[1.0, 3.0], [5.0, 7.0]]).round(3).tolist()
    [[-1.342, -0.447], [0.447, 1.342]]
    """
    x = floats(x)
    mean, variance = moments(x)
    return batch_norm(x[np.newaxis], [mean], [variance], [gamma], [beta])[0]


class Order(NamedTuple):
    """A map after each of two steps, normalisation and activation, in either order."""

    normalised: Floats
    activated: Floats


def in_order(
    features: ArrayLike,
    step: Step,
    place: Literal["before", "after"],
    gamma: float = 1.0,
    beta: float = 0.0,
) -> Order:
    """Normalise a map before its activation, or after it.

    Examples
    --------
    >>> in_order([[1.0, 3.0]], ("relu", {}), "before").activated.round(3).tolist()
    [[0.0, 1.0]]
    >>> in_order([[1.0, 3.0]], ("relu", {}), "after").normalised.round(3).tolist()
    [[-1.0, 1.0]]
    """
    if place == "before":
        first = normalised(features, gamma, beta)
        return Order(first, rectified(first, step).activated)
    if place == "after":
        activated = rectified(features, step).activated
        return Order(normalised(activated, gamma, beta), activated)
    raise ValueError(f"place must be 'before' or 'after', got {place!r}.")
