"""What a network looks at: three ways to ask which pixels speak for a class.

They answer different questions: how much would the score move if a pixel moved a little
(saliency), how much does it lose if a patch is covered (occlusion), and which maps of the last
convolution carry it (Grad-CAM). All take one image (C, H, W) and leave the network as it is.
Scores are meant, from before a last Softmax.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

from cnnviz._floats import floats
from cnnviz.geometry import Pair, pair
from cnnviz.nn.layer import Floats
from cnnviz.nn.network import Sequential

__all__ = ["Rivals", "grad_cam", "occlusion", "rivals", "saliency"]


def saliency(
    network: Sequential, image: ArrayLike, label: int, *, against: int | None = None
) -> Floats:
    """Return the derivative of the score of class `label` with respect to every pixel.

    Source: Simonyan, Vedaldi & Zisserman, "Deep inside convolutional networks" (2014), who show
    its absolute value, the largest of the channels.

    Parameters
    ----------
    against : int, optional
        Take the score of this class off: what speaks for the one rather than for the other.

    Returns
    -------
    array (C, H, W), signed

    Examples
    --------
    >>> from cnnviz.nn.presets import small_cnn
    >>> network = small_cnn((1, 8, 8), "0123456789")
    >>> saliency(network, np.ones((1, 8, 8)), label=3).shape
    (1, 8, 8)
    """
    image, scorer = _image(image), _scorer(network)
    scores = scorer.forward(image[None], remember=True)
    return scorer.backward(_direction(scores, label, against))[0]


def occlusion(
    network: Sequential,
    image: ArrayLike,
    label: int,
    *,
    size: Pair = 3,
    fill: float = 0.0,
    against: int | None = None,
) -> Floats:
    """Return by how much the score of class `label` falls if a patch around each pixel is covered.

    Above 0 the covered part spoke for the class, below 0 against it. Source: Zeiler & Fergus,
    "Visualizing and understanding convolutional networks" (2014).

    Parameters
    ----------
    size : int or (vertical, horizontal)
        Of the patch, in pixels; at the edges a part of it hangs over.
    fill : float
        What it is covered with: 0 is paper.
    against : int, optional
        As for `saliency`.

    Returns
    -------
    array (H, W), signed
    """
    image, scorer = _image(image), _scorer(network)
    tall, wide = pair(size, "size")
    height, width = image.shape[1:]
    fall = np.empty((height, width), image.dtype)
    whole = scorer.forward(image[None])
    whole = float((whole * _direction(whole, label, against)).sum())
    for row in range(height):  # a row at a time, so that the batch stays small
        covered = np.repeat(image[None], width, axis=0)
        top = row - (tall - 1) // 2
        for column in range(width):
            left = column - (wide - 1) // 2
            rows, columns = (slice(max(s, 0), s + n) for s, n in ((top, tall), (left, wide)))
            covered[column, :, rows, columns] = fill
        scores = scorer.forward(covered)
        fall[row] = whole - (scores * _direction(scores[:1], label, against)).sum(axis=1)
    return fall


def grad_cam(
    network: Sequential, image: ArrayLike, label: int, *, layer: int | None = None
) -> Floats:
    """Return where the maps of a layer speak for class `label`, enlarged to the image.

    Each map is weighted by the mean of the derivative of the score with respect to it; what is
    negative in their sum is cut off. Source: Selvaraju et al., "Grad-CAM" (2017).

    Parameters
    ----------
    layer : int, optional
        Its number. If left out, the last before the maps get coarser behind the last
        convolution, which is the activation after it.

    Returns
    -------
    array (H, W), at least 0
    """
    image, scorer = _image(image), _scorer(network)
    layer = _last_maps(scorer, image) if layer is None else layer
    front, back = scorer[: layer + 1], scorer[layer + 1 :]
    maps = front.forward(image[None])
    if maps.ndim != 4:
        raise ValueError(
            f"Grad-CAM needs maps; {network.names[layer]} gives an output of shape "
            f"{maps.shape[1:]}."
        )
    scores = back.forward(maps, remember=True)
    weights = back.backward(_direction(scores, label)).mean(axis=(2, 3))[0]
    together = np.maximum((weights[:, None, None] * maps[0]).sum(axis=0), 0)
    return _enlarged(together, image.shape[1:])


class Rivals(NamedTuple):
    """The two classes that a network hesitates between.

    `margin` is the score of the first less that of the second; `evidence` (H, W) is by how much
    it falls if a patch around a pixel is covered. Above 0 the patch speaks for the first class,
    below 0 for the second; where it exceeds the margin, covering it makes the network change
    its mind.
    """

    first: int
    second: int
    margin: float
    evidence: Floats


def rivals(network: Sequential, image: ArrayLike, *, size: Pair = 3) -> Rivals:
    """Return the two strongest classes, and which parts of the image decide between them."""
    scores = _scorer(network).forward(_image(image)[None])[0]
    second, first = np.argsort(scores, kind="stable")[-2:].tolist()
    evidence = occlusion(network, image, first, size=size, against=second)
    return Rivals(first, second, float(scores[first] - scores[second]), evidence)


def _image(image: ArrayLike) -> Floats:
    image = floats(image, "image")
    if image.ndim != 3:
        raise ValueError(f"image must be (C, H, W), got shape {image.shape}.")
    return image


def _scorer(network: Sequential) -> Sequential:
    """Return the network without a last Softmax, free to remember, as in use."""
    return network.without_softmax().with_own_memory().eval()


def _direction(scores: Floats, label: int, against: int | None = None) -> Floats:
    """Return the derivative of what is asked about with respect to the scores (1, classes)."""
    direction = np.zeros_like(scores)
    for index, sign in (label, 1), (against, -1):
        if index is None:
            continue
        if not 0 <= index < scores.shape[1]:
            raise ValueError(f"label must be from 0 to {scores.shape[1] - 1}, got {index}.")
        direction[0, index] += sign
    return direction


def _last_maps(network: Sequential, image: Floats) -> int:
    """Return the number of the last layer whose maps are as fine as those of a convolution."""
    rows = network.summary(image.shape)
    convolutions = [index for index, layer in enumerate(network) if layer.kind == "conv"]
    if not convolutions:
        raise ValueError("Grad-CAM needs a convolution, and this network has none.")
    shape = rows[convolutions[-1]].output_shape
    return max(index for index, row in enumerate(rows) if row.output_shape == shape)


def _enlarged(map_: Floats, size: tuple[int, int]) -> Floats:
    """Return a map (H', W') at `size` (H, W), with straight lines between its cells."""
    picture = Image.fromarray(map_.astype(np.float32))
    return np.asarray(picture.resize(size[::-1], Image.Resampling.BILINEAR))
