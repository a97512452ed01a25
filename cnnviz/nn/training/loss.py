"""The loss: how wrong the scores are."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnviz.functional.dtypes import floats, ieee

__all__ = ["cross_entropy"]


@ieee()
def cross_entropy(scores: ArrayLike, labels: ArrayLike) -> tuple[float, NDArray[np.floating]]:
    """Return the mean of −ln(softmax share of the right class), and its gradient.

    Parameters
    ----------
    scores : array (N, classes)
        Before any softmax; computed this way, nothing overflows.
    labels : integers (N,)
        The right class of each.

    Returns
    -------
    loss : float
        Infinite if the right class has the score −∞. As in PyTorch, NaN if a score is NaN or +∞, or
        all of a row are −∞: there is no softmax of them.
    gradient : array (N, classes)
        By the scores. Where there is no softmax, the row is NaN.

    Raises
    ------
    ValueError
        If the scores are not (N, classes), or the labels not N numbers of classes.

    Examples
    --------
    Ten equal scores are a guess, with the loss ln 10.

    >>> loss, grad = cross_entropy(np.zeros((1, 10)), [3])
    >>> round(loss, 4), grad.round(1).tolist()
    (2.3026, [[0.1, 0.1, 0.1, -0.9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]])
    """
    scores, labels = floats(scores, "scores"), np.asarray(labels)
    if scores.ndim != 2:
        raise ValueError(f"scores must be (N, classes), got shape {scores.shape}.")
    count, classes = scores.shape
    if labels.shape != (count,) or labels.dtype.kind not in "iu":
        raise ValueError(
            f"labels must be {count} whole numbers, one for each row of scores, got an array of "
            f"{labels.dtype} with shape {labels.shape}."
        )
    if labels.min() < 0 or labels.max() >= classes:
        raise ValueError(
            f"labels must be from 0 to {classes - 1} for {classes} classes, got {labels.min()} "
            f"to {labels.max()}."
        )
    right = np.arange(count), labels
    shifted = scores - scores.max(axis=1, keepdims=True)
    shares = np.exp(shifted)
    total = shares.sum(axis=1, keepdims=True)
    loss = float((np.log(total[:, 0]) - shifted[right]).mean())
    shares /= total
    shares[right] -= 1
    shares /= count
    return loss, shares
