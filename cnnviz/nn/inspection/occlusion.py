"""The scores of a picture with a patch covered: coarse patches first, then finer ones."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cnnviz.functional.checks import one_of, real
from cnnviz.functional.checks import whole as whole_number
from cnnviz.functional.dtypes import floats
from cnnviz.nn.layers.layer import Floats
from cnnviz.nn.network import Sequential

__all__ = ["Covering", "cover_step_by_step"]

SIZES = (56, 28, 14)  # side in pixels: 4, 8 and 16 patches across a photo of 224
AT_ONCE = 4  # pictures at once: a tenth of a second, after which the caller can stop


class Covering(NamedTuple):
    """The scores so far, and the progress.

    Parameters
    ----------
    size : int
        Side of the patches of the last grid, in pixels.
    whole : array (classes,)
        The scores of the picture itself.
    scores : array (rows, columns, classes)
        The scores with the patch at that place of the grid covered; where these are not computed
        yet, the scores of the coarser patch around it, and at first of the whole picture.
    done, total : int
        Patches covered so far, and in all grids together.
    """

    size: int
    whole: Floats
    scores: Floats
    done: int
    total: int

    def fall(self, label: int) -> Floats:
        """Return (rows, columns): by how much the score of class `label` falls."""
        label = one_of(label, "label", len(self.whole))
        return self.whole[label] - self.scores[..., label]


def cover_step_by_step(
    network: Sequential,
    image: ArrayLike,
    *,
    sizes: Sequence[int] = SIZES,
    fill: float = 0.0,
) -> Iterator[Covering]:
    """Cover every patch of a grid in turn, then of a finer grid; yield after every few patches.

    A caller that has seen enough simply stops iterating. Each step has its own arrays. Source:
    Zeiler & Fergus, "Visualizing and understanding convolutional networks" (2014).

    Parameters
    ----------
    network : Sequential
        Its scores are used, from before a final Softmax.
    image : array (C, H, W)
    sizes : sequence of int
        Sides of the patches, in pixels, the coarsest first.
    fill : float
        The value to cover a patch with; for the photo network, 0 is the mean grey.

    Raises
    ------
    ValueError
        If the image is not (C, H, W), or does not fit the network.

    Examples
    --------
    >>> from cnnviz.nn.stacks.presets import small_cnn
    >>> network = small_cnn((1, 8, 8), "0123456789")
    >>> steps = list(cover_step_by_step(network, np.ones((1, 8, 8)), sizes=(4, 2)))
    >>> [(step.done, step.total, step.scores.shape) for step in steps][::2]
    [(4, 20, (2, 2, 10)), (12, 20, (4, 4, 10)), (20, 20, (4, 4, 10))]
    """
    image, scorer = floats(image, "image"), network.scorer().with_own_memory().eval()
    if image.ndim != 3:
        raise ValueError(f"image must be (C, H, W), got shape {image.shape}.")
    sizes, fill = [whole_number(size, "size") for size in sizes], real(fill, "fill")
    size_of = image.shape[1:]
    whole = scorer.forward(image[None])[0]
    scores = np.broadcast_to(whole, (1, 1, len(whole)))
    grids = [tuple(-(-side // size) for side in size_of) for size in sizes]
    total, done = sum(rows * columns for rows, columns in grids), 0
    for size, grid in zip(sizes, grids, strict=True):
        scores = _finer(scores, grid)
        places = list(np.ndindex(grid))
        for start in range(0, len(places), AT_ONCE):
            some = places[start : start + AT_ONCE]
            covered = np.repeat(image[None], len(some), axis=0)
            for one, (row, column) in zip(covered, some, strict=True):
                one[:, row * size : (row + 1) * size, column * size : (column + 1) * size] = fill
            scores = scores.copy()
            scores[tuple(np.transpose(some))] = scorer.forward(covered)
            done += len(some)
            yield Covering(size, whole, scores, done, total)


def _finer(scores: Floats, grid: tuple[int, int]) -> Floats:
    """Return a coarser grid's scores on a finer grid: those of the patch around each centre."""
    rows, columns = (
        (2 * np.arange(count) + 1) * coarse // (2 * count)
        for count, coarse in zip(grid, scores.shape[:2], strict=True)
    )
    return scores[np.ix_(rows, columns)]
