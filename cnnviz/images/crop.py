"""The middle of a picture, for what takes only one size."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.functional.checks import whole

__all__ = ["square"]


def square(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Cut the largest square out of the middle of a (H, W, 3) picture; return it at `side` pixels.

    Unlike `cnnviz.images.loading.fit` this also enlarges: the pixels then show as squares.

    Examples
    --------
    >>> square(np.zeros((30, 90, 3), np.uint8), 16).shape
    (16, 16, 3)
    >>> ramp = np.arange(8, dtype=np.uint8).reshape(2, 4)[..., None].repeat(3, axis=2)
    >>> square(ramp, 2)[..., 0].tolist()
    [[1, 2], [5, 6]]
    """
    side = whole(side, "side")
    height, width = pixels.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    middle = Image.fromarray(pixels[top : top + short, left : left + short])
    how = Image.Resampling.LANCZOS if side < short else Image.Resampling.NEAREST
    return np.asarray(middle.resize((side, side), how))
