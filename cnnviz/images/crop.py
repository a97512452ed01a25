"""Cut out the middle of a picture, for thumbnails and for networks that take only one size."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.functional.checks import whole

__all__ = ["Box", "middle", "square"]


class Box(NamedTuple):
    """A part of a picture, in pixels that need not be whole."""

    left: float
    top: float
    right: float
    bottom: float


def middle(size: tuple[int, int], shape: tuple[int, int] = (1, 1)) -> Box:
    """Return the largest box in the middle of a picture of `size` (H, W) with the ratio of `shape`.

    Examples
    --------
    >>> middle((30, 90))
    Box(left=30.0, top=0.0, right=60.0, bottom=30.0)
    """
    (tall, wide), (height, width) = size, shape
    across, down = min(wide, tall * width / height), min(tall, wide * height / width)
    left, top = (wide - across) / 2, (tall - down) / 2
    return Box(left, top, left + across, top + down)


def square(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Cut the largest square out of the middle of a picture; return it at `side` pixels.

    Unlike `cnnviz.images.loading.fit` this also enlarges: the pixels then show as squares.

    Parameters
    ----------
    pixels : uint8 array, (H, W) or (H, W, 3)
    side : int

    Examples
    --------
    >>> square(np.zeros((30, 90, 3), np.uint8), 16).shape
    (16, 16, 3)
    >>> ramp = np.arange(8, dtype=np.uint8).reshape(2, 4)[..., None].repeat(3, axis=2)
    >>> square(ramp, 2)[..., 0].tolist()
    [[1, 2], [5, 6]]
    """
    side = whole(side, "side")
    left, top, *_ = map(int, middle(pixels.shape[:2]))
    short = min(pixels.shape[:2])
    cut = Image.fromarray(pixels[top : top + short, left : left + short])
    how = Image.Resampling.LANCZOS if side < short else Image.Resampling.NEAREST
    return np.asarray(cut.resize((side, side), how))
