"""Adversarial noise: too small to see, made to change the answer."""

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.functional.activations import softmax
from cnnviz.functional.checks import one_of, real
from cnnviz.functional.dtypes import floats
from cnnviz.nn.inspection.classifiers import ending
from cnnviz.nn.layers.layer import Floats
from cnnviz.nn.network import Sequential

__all__ = ["fooled", "fooling_noise"]


def fooling_noise(
    network: Sequential, image: ArrayLike, label: int, *, towards: int | None = None
) -> Floats:
    """Return the direction, −1, 0 or 1 per number of an image, that lowers class `label` most.

    It is the sign of the gradient of the loss, −ln(share of the class). Source: Goodfellow, Shlens
    & Szegedy, "Explaining and harnessing adversarial examples" (2015), arXiv 1412.6572.

    Parameters
    ----------
    network : Sequential
        With or without a final Softmax; after a sigmoid, each class has its own share.
    image : array (C, H, W)
    towards : int, optional
        Raise the share of this class, instead of lowering that of `label`.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> network, image = small_cnn((1, 8, 8), "0123456789"), np.full((1, 8, 8), 0.5)
    >>> noise = fooling_noise(network, image, 3)
    >>> before, after = (network.forward(x[None])[0, 3] for x in (image, image + 0.1 * noise))
    >>> bool(after < before)
    True
    """
    image = floats(image, "image")
    scorer = network.scorer().with_own_memory().eval()
    scores = scorer.forward(image[None], remember=True)
    wanted, sign = one_of(label, "label", scores.shape[1]), 1
    if towards is not None:
        wanted, sign = one_of(towards, "towards", scores.shape[1]), -1
    if ending(network) == "sigmoid":  # the share depends on no other score
        slope: Floats = -np.eye(scores.shape[1])[[wanted]]
    else:
        # The slope for the class is share − 1, computed as minus the sum of all other shares: that
        # keeps its digits when the share is almost 1. The sign of the slope depends only on their
        # ratios.
        slope = softmax(scores.astype(np.float64), axis=1)
        slope[0, wanted] = 0
        slope[0, wanted] = -slope.sum()
        slope /= abs(slope).max() or 1.0
    return sign * np.sign(scorer.backward(slope.astype(scores.dtype))[0])


def fooled(
    image: ArrayLike,
    noise: ArrayLike,
    epsilon: float,
    *,
    darkest: ArrayLike = 0.0,
    brightest: ArrayLike = 1.0,
) -> Floats:
    """Return an image with `epsilon` times the noise added, clipped to valid values.

    Parameters
    ----------
    darkest, brightest : number, or array that broadcasts with the image
        The values of black and white; see `cnnviz.nn.inspection.photos`.

    Examples
    --------
    >>> fooled([[[0.5, 0.95]]], [[[-1, 1]]], 0.1).tolist()
    [[[0.4, 1.0]]]
    """
    image = floats(image, "image")
    noise = floats(noise, "noise").astype(image.dtype, copy=False)
    moved = image + image.dtype.type(real(epsilon, "epsilon", low=0)) * noise
    return np.clip(moved, darkest, brightest).astype(image.dtype, copy=False)
