"""What is shown to a network, brought into the form of what it has learned from."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from cnnviz._floats import floats
from cnnviz.nn.datasets import digit_from_drawing, shape_from_drawing
from cnnviz.nn.layer import Shape

__all__ = ["drawing_input", "ink_of_picture", "plane_input"]


def drawing_input(drawing: ArrayLike, shape: Shape, data: str = "") -> NDArray[np.float32]:
    """Bring a drawing (H', W') to the shape (C, H, W) of what a network takes, from 0 to 1.

    Parameters
    ----------
    drawing : array (H', W')
        0 is paper, the largest number is ink.
    shape : (C, H, W)
        All channels get the same.
    data : str
        What the network has learned from. "digits" of 8 × 8 pixels are cut out and stood up to
        full height, as the scanned ones were; all else keeps its place and size on the sheet.

    Examples
    --------
    >>> upright = np.zeros((64, 64))
    >>> upright[16:48, 30:34] = 1
    >>> drawing_input(upright, (1, 8, 8), "digits")[0].sum(axis=1).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    >>> drawing_input(upright, (1, 8, 8))[0].sum(axis=1).tolist()
    [0.0, 0.0, 2.0, 2.0, 2.0, 2.0, 0.0, 0.0]
    """
    channels, height, width = shape
    if data == "digits" and (height, width) == (8, 8):
        plane = digit_from_drawing(drawing)
    elif height == width:
        plane = shape_from_drawing(drawing, height)
    else:
        plane = plane_input(drawing, (height, width))
    return np.repeat(plane[None], channels, axis=0)


def plane_input(plane: ArrayLike, size: tuple[int, int]) -> NDArray[np.float32]:
    """Bring a plane (H', W') to `size` (H, W): each pixel is the mean of what it covers.

    Examples
    --------
    >>> plane_input([[0.0, 1.0], [1.0, 2.0]], (1, 1)).tolist()
    [[1.0]]
    """
    height, width = size
    picture = Image.fromarray(floats(plane, "plane").astype(np.float32))
    return np.asarray(picture.resize((width, height), Image.Resampling.BOX))


def ink_of_picture(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the ink of a grey picture (H, W): 1 where it is darkest, 0 where it is brightest.

    A picture of one brightness has none.

    Examples
    --------
    >>> ink_of_picture(np.array([[200, 100, 150]], np.uint8)).tolist()
    [[0.0, 1.0, 0.5]]
    """
    dark = int(grey.max()) - grey.astype(np.float32)
    return dark / max(float(dark.max()), 1.0)
