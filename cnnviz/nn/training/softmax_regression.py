"""A last layer, learned from a few pictures: softmax regression with a penalty on weights.

The loss is the mean of −ln(share of the right class) plus l2 / 2 · Σ weight², which has a single
minimum, found by gradient descent on all pictures at once, with Nesterov's momentum. Several such
problems, each without one of the pictures, are solved side by side.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.activations import softmax
from cnnviz.functional.checks import real, whole
from cnnviz.functional.dtypes import floats

__all__ = ["Head", "fit_head", "leave_one_out"]

Floats: TypeAlias = NDArray[np.floating]

CLOSE = 2e-5  # a head counts as learned once no slope is larger
CLOSE_ENOUGH = 1e-4  # the same for a head that only classifies its left-out picture
MOST_STEPS = 600
L2 = 0.001


class Head(NamedTuple):
    """A dense layer for features (N, F): `weight` (classes, F), `bias` (classes,).

    `steps` is how many steps training took.
    """

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    steps: int

    def shares(self, features: ArrayLike) -> Floats:
        """Return the share of each class, (N, classes)."""
        return softmax(np.asarray(features) @ self.weight.T + self.bias, axis=1)


class _Problem(NamedTuple):
    """Pictures in the few coordinates in which they differ."""

    points: Floats  # (N, R), around 0, of mean square length 1
    basis: Floats  # (R, F): points @ basis gives the features, less their mean, divided by scale
    mean: Floats
    scale: float
    truth: Floats  # (N, classes): 1 for the right class


def fit_head(features: ArrayLike, labels: ArrayLike, classes: int, *, l2: float = L2) -> Head:
    """Learn to tell `classes` from the features (N, F) of pictures and their labels (N,).

    Parameters
    ----------
    l2 : float
        The penalty on weights, for features of mean square length 1: a higher one gives softer
        answers.

    Raises
    ------
    ValueError
        If a class has no picture, labels and features do not match, or a feature is not finite.

    Examples
    --------
    >>> head = fit_head([[0.0, 1.0], [0.0, 2.0], [3.0, 0.0]], [0, 0, 1], 2)
    >>> head.shares([[0.0, 1.5], [3.0, 0.0]]).argmax(axis=1).tolist()
    [0, 1]
    """
    problem = _prepared(features, labels, classes)
    all_of_them = np.ones((1, len(problem.points)))
    weights, bias, steps = _descend(problem, all_of_them, real(l2, "l2", low=1e-6))
    weight = (weights[:, 0].T @ problem.basis) / problem.scale
    shift = bias[0] - weight @ problem.mean
    return Head(weight.astype(np.float32), shift.astype(np.float32), steps)


def leave_one_out(
    features: ArrayLike, labels: ArrayLike, classes: int, *, l2: float = L2
) -> Floats:
    """Return the shares (N, classes) of each picture from a head trained on the others.

    Examples
    --------
    >>> shares = leave_one_out([[0.0, 1.0], [0.0, 2.0], [3.0, 0.0], [4.0, 0.0]], [0, 0, 1, 1], 2)
    >>> shares.argmax(axis=1).tolist()
    [0, 0, 1, 1]
    """
    problem, l2 = _prepared(features, labels, classes), real(l2, "l2", low=1e-6)
    count = len(problem.points)
    start = _descend(problem, np.ones((1, count)), l2)
    weights, bias, _ = _descend(problem, 1 - np.eye(count), l2, start[:2], CLOSE_ENOUGH)
    scores = np.einsum("nr,rnk->nk", problem.points, weights) + bias
    return softmax(scores, axis=1)


def _prepared(features: ArrayLike, labels: ArrayLike, classes: int) -> _Problem:
    features, labels = _numbers(features), np.asarray(labels)
    classes = whole(classes, "classes", minimum=0)
    if features.ndim != 2 or labels.shape != features.shape[:1] or labels.dtype.kind not in "iu":
        raise ValueError(
            "Features (N, F) need N whole numbers as labels, got shapes "
            f"{features.shape} and {labels.shape}."
        )
    countable = labels.size and labels.min() >= 0
    found = np.bincount(labels, minlength=classes) if countable else np.zeros(0, np.int64)
    if len(found) != classes or classes < 2 or not np.all(found):
        raise ValueError(
            f"Each of {classes} classes needs a picture, and there must be two classes or more; "
            f"the labels are {sorted(set(labels.tolist()))}."
        )
    mean = features.mean(axis=0)
    scale = float(np.sqrt(((features - mean) ** 2).sum(axis=1).mean())) or 1.0
    left, sizes, basis = np.linalg.svd((features - mean) / scale, full_matrices=False)
    return _Problem(left * sizes, basis, mean, scale, np.eye(classes)[labels])


def _numbers(features: ArrayLike) -> Floats:
    if isinstance(features, np.ndarray) and features.shape[:1] == (0,):
        return features.astype(np.float64)  # of no pictures: the check of the labels refuses that
    array = floats(features, "features").astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError("features must hold finite numbers.")
    return array


def _descend(
    problem: _Problem,
    counted: Floats,
    l2: float,
    start: tuple[Floats, Floats] | None = None,
    close: float = CLOSE,
) -> tuple[Floats, Floats, int]:
    """Find the minimum of each of M losses; `counted` (M, N) says which pictures each includes.

    Returns weights (R, M, classes), biases (M, classes), and the steps taken.
    """
    points, truth = problem.points, problem.truth
    shape = len(counted), truth.shape[1]
    weights, bias = start or (np.zeros((points.shape[1], 1, shape[1])), np.zeros((1, shape[1])))
    weights = np.broadcast_to(weights, (points.shape[1], *shape)).copy()
    bias = np.broadcast_to(bias, shape).copy()
    part = (counted / counted.sum(axis=1, keepdims=True)).T[..., None]  # (N, M, 1)
    # The gradient changes by at most half as much as the scores; the bias is one more coordinate of
    # every point.
    steepest = 0.5 * (np.linalg.norm(points, 2) ** 2 / max(counted.sum(axis=1).min(), 1) + 1) + l2
    ratio = np.sqrt(l2 / steepest)
    momentum = (1 - ratio) / (1 + ratio)
    ahead, ahead_bias = weights, bias
    for step in range(1, MOST_STEPS + 1):  # noqa: B007 - used below
        scores = (points @ ahead.reshape(len(ahead), -1)).reshape(-1, *shape) + ahead_bias
        scores -= scores.max(axis=2, keepdims=True)
        shares = np.exp(scores, out=scores)
        shares /= shares.sum(axis=2, keepdims=True)
        wrong = (shares - truth[:, None]) * part
        slope = (points.T @ wrong.reshape(len(points), -1)).reshape(ahead.shape) + l2 * ahead
        slope_bias = wrong.sum(axis=0)
        new, new_bias = ahead - slope / steepest, ahead_bias - slope_bias / steepest
        ahead = new + momentum * (new - weights)
        ahead_bias = new_bias + momentum * (new_bias - bias)
        weights, bias = new, new_bias
        if max(abs(slope).max(), abs(slope_bias).max()) < close:
            break
    return weights, bias, step
