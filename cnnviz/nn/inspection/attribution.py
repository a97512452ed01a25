"""What a network looks at: three ways to find the pixels that are evidence for a class.

They answer different questions: how much would the score change if a pixel changed a little
(saliency), how much does it lose if a patch is covered (occlusion), and where do the maps of the
last convolution raise it (Grad-CAM). All take one image (C, H, W) and leave the network unchanged.
All work on the scores, before a final Softmax.
"""

from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from cnnviz.functional.checks import Pair, one_of, pair, real
from cnnviz.functional.checks import whole as whole_number
from cnnviz.functional.dtypes import floats
from cnnviz.nn.layers.layer import Floats, Layer
from cnnviz.nn.network import Sequential

__all__ = [
    "Covered",
    "Rivals",
    "covered_scores",
    "grad_cam",
    "occlusion",
    "rivals",
    "saliency",
]

MOST_AT_ONCE = 64  # images with a patch covered
MOST_CELLS = 2**20  # in a layer, for the whole batch


def saliency(
    network: Sequential, image: ArrayLike, label: int, *, against: int | None = None
) -> Floats:
    """Return the derivative of the score of class `label` with respect to every pixel.

    Source: Simonyan, Vedaldi & Zisserman, "Deep inside convolutional networks" (2014), who show its
    absolute value, maximised over the channels.

    Parameters
    ----------
    against : int, optional
        Subtract the score of this class: the evidence for one class rather than the other.

    Returns
    -------
    array (C, H, W), signed

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> network = small_cnn((1, 8, 8), "0123456789")
    >>> saliency(network, np.ones((1, 8, 8)), label=3).shape
    (1, 8, 8)
    """
    image, scorer = _image(image), _scorer(network)
    scores = scorer.forward(image[None], remember=True)
    return scorer.backward(_direction(scores, label, against))[0]


class Covered(NamedTuple):
    """The scores of an image with a patch covered, for each position of the patch.

    `whole` (classes,) are the scores of the image itself, `scores` (H, W, classes) those with a
    patch around each pixel covered.
    """

    whole: Floats
    scores: Floats

    def fall(self, label: int, against: int | None = None) -> Floats:
        """Return (H, W): by how much the score of `label`, less that of `against`, falls."""
        direction = _direction(self.whole[None], label, against)[0]
        return self.whole @ direction - self.scores @ direction


def covered_scores(
    network: Sequential,
    image: ArrayLike,
    *,
    size: Pair = 3,
    fill: float = 0.0,
    step: int = 1,
) -> Covered:
    """Cover a patch of an image at every position in turn, and return the scores for each.

    Parameters
    ----------
    size : int or (vertical, horizontal)
        Size of the patch, in pixels; at the edges part of it lies outside.
    fill : float
        The value to cover it with; 0 is paper.
    step : int
        Pixels from one position to the next; pixels in between get the scores of the nearest one.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> covered_scores(small_cnn((1, 8, 8), "0123456789"), np.ones((1, 8, 8))).scores.shape
    (8, 8, 10)
    """
    image, scorer = _image(image), _scorer(network)
    tall, wide = pair(size, "size")
    fill = real(fill, "fill")
    height, width = image.shape[1:]
    step = min(whole_number(step, "step"), max(height, width))
    whole = scorer.forward(image[None])[0]
    middles = [_middles(side, step) for side in (height, width)]
    places = np.stack(np.meshgrid(*middles, indexing="ij"), axis=-1).reshape(-1, 2)
    at_once = _batch(scorer, image)
    scores = []
    for start in range(0, len(places), at_once):
        batch = places[start : start + at_once]
        covered = np.repeat(image[None], len(batch), axis=0)
        for one, (row, column) in zip(covered, batch.tolist(), strict=True):
            top, left = row - (tall - 1) // 2, column - (wide - 1) // 2
            lines, columns = (slice(max(s, 0), s + n) for s, n in ((top, tall), (left, wide)))
            one[:, lines, columns] = fill
        scores.append(scorer.forward(covered))
    grid = np.concatenate(scores).reshape(*map(len, middles), -1)
    return Covered(whole, grid.repeat(step, axis=0).repeat(step, axis=1)[:height, :width])


def _middles(side: int, step: int) -> NDArray[np.int64]:
    """Return the middle of each strip of `step` pixels; the last one may have fewer."""
    starts = np.arange(0, side, step)
    return (starts + np.minimum(starts + step, side)) // 2


def _batch(network: Sequential, image: Floats) -> int:
    """Return how many images go through a network at once: many if its maps are small, else few."""
    cells = max((prod(row.output_shape) for row in network.summary(image.shape)), default=1)
    return min(max(MOST_CELLS // cells, 1), MOST_AT_ONCE)


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

    Above 0, the covered patch was evidence for the class; below 0, against it. Source: Zeiler &
    Fergus, "Visualizing and understanding convolutional networks" (2014).

    Parameters
    ----------
    size, fill
        As for `covered_scores`.
    against : int, optional
        As for `saliency`.

    Returns
    -------
    array (H, W), signed
    """
    return covered_scores(network, image, size=size, fill=fill).fall(label, against)


def grad_cam(
    network: Sequential, image: ArrayLike, label: int, *, layer: int | None = None
) -> Floats:
    """Return where the maps of a layer are evidence for class `label`, enlarged to the image.

    Each map is weighted by the mean of the derivative of the score with respect to it; negative
    values of their sum are set to 0. Source: Selvaraju et al., "Grad-CAM" (2017).

    Parameters
    ----------
    network : Sequential
    image : array (C, H, W)
    label : int
    layer : int, optional
        Its number. By default, the last layer before the maps get coarser after the last
        convolution: the activation after it.

    Returns
    -------
    array (H, W), at least 0

    Raises
    ------
    ValueError
        If the layer gives no maps.
    """
    image, scorer = _image(image), _scorer(network)
    layer = _last_maps(scorer, image) if layer is None else one_of(layer, "layer", len(network))
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
    """The two classes with the highest scores.

    `margin` is the score of the first less that of the second; `evidence` (H, W) is by how much it
    falls if a patch around a pixel is covered. Above 0 the patch is evidence for the first class,
    below 0 for the second; where it exceeds the margin, covering the patch changes the answer.
    """

    first: int
    second: int
    margin: float
    evidence: Floats


def rivals(
    network: Sequential, image: ArrayLike, *, size: Pair = 3, covered: Covered | None = None
) -> Rivals:
    """Return the two strongest classes, and which parts of the image decide between them.

    Pass the image's `covered_scores` if they are already computed, to save the work. A network with
    a single output has no rivals: ValueError.
    """
    found = covered or covered_scores(network, image, size=size)
    if len(found.whole) < 2:
        raise ValueError("Rivals are two classes, and this network has 1 output.")
    second, first = np.argsort(found.whole, kind="stable")[-2:].tolist()
    margin = float(found.whole[first] - found.whole[second])
    return Rivals(first, second, margin, found.fall(first, second))


def _image(image: ArrayLike) -> Floats:
    image = floats(image, "image")
    if image.ndim != 3:
        raise ValueError(f"image must be (C, H, W), got shape {image.shape}.")
    return image


def _scorer(network: Sequential) -> Sequential:
    """Return the network without a final softmax or sigmoid, with its own memory, for inference."""
    return network.scorer().with_own_memory().eval()


def _direction(scores: Floats, label: int, against: int | None = None) -> Floats:
    """Return (1, classes): the gradient of `label`'s score, less `against`'s, in the scores."""
    direction = np.zeros_like(scores)
    classes = scores.shape[1]
    direction[0, one_of(label, "label", classes)] += 1
    if against is not None:
        direction[0, one_of(against, "against", classes)] -= 1
    return direction


def _last_maps(network: Sequential, image: Floats) -> int:
    """Return the number of the last layer whose maps are as fine as the last convolution's."""
    rows = network.summary(image.shape)
    convolutions = [index for index, layer in enumerate(network) if _convolves(layer)]
    if not convolutions:
        raise ValueError("Grad-CAM needs a convolution, and this network has none.")
    shape = rows[convolutions[-1]].output_shape
    return max(index for index, row in enumerate(rows) if row.output_shape == shape)


def _convolves(layer: Layer) -> bool:
    inside = (one for branch in layer.branches for one in branch.all_layers())
    return any(one.kind == "conv" for one in (layer, *inside))


def _enlarged(map_: Floats, size: tuple[int, int]) -> Floats:
    """Return a map (H', W') at `size` (H, W), interpolated linearly between its cells."""
    picture = Image.fromarray(map_.astype(np.float32))
    return np.asarray(picture.resize(size[::-1], Image.Resampling.BILINEAR))
