"""The inputs of a classifier: drawings, pictures and held-out examples in the form it takes."""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from cnnviz.functional.checks import sizes
from cnnviz.functional.dtypes import floats
from cnnviz.images.crop import middle
from cnnviz.images.picture import checked_pixels
from cnnviz.nn.layers.layer import Shape
from cnnviz.nn.network import Sequential
from cnnviz.nn.training.datasets import (
    SHAPES,
    Dataset,
    digit_from_drawing,
    digits,
    draw_shapes,
    shape_from_drawing,
)

__all__ = ["fitted", "from_drawing", "from_picture", "held_out", "subject_of"]

KNOWN = {"digits": tuple("0123456789"), "shapes": tuple(SHAPES)}
HELD_OUT_SHAPES = 200


def subject_of(network: Sequential) -> str:
    """Return what a network classifies: "digits", "shapes", or "" for anything else."""
    return next((name for name, classes in KNOWN.items() if classes == network.classes), "")


@cache
def held_out(name: str) -> Dataset:
    """Return digits or shapes that the app's networks were not trained on.

    Examples
    --------
    >>> len(held_out("digits")), len(held_out("shapes"))
    (360, 200)
    """
    return digits().split()[1] if name == "digits" else draw_shapes(HELD_OUT_SHAPES, seed=1)


def fitted(image: ArrayLike, shape: Shape) -> NDArray[np.float32]:
    """Resize an image (C', H', W') to a shape (C, H, W).

    Each pixel is the mean of those whose middle lies in its area; on an edge, the first gets it.
    If the number of channels differs, every channel is the mean of all.

    Raises
    ------
    ValueError
        If the image is not (C', H', W').

    Examples
    --------
    >>> fitted([[[0.0, 1.0], [1.0, 2.0]]], (2, 1, 1)).tolist()
    [[[1.0]], [[1.0]]]
    >>> fitted([[[0.0, 1.0, 8.0]]], (1, 1, 2)).tolist()
    [[[0.5, 8.0]]]
    """
    image = floats(image, "image").astype(np.float32)
    if image.ndim != 3:
        raise ValueError(f"image must be (C, H, W), got shape {image.shape}.")
    channels, height, width = sizes(shape, "shape")
    if len(image) != channels:
        image = np.repeat(image.mean(axis=0, keepdims=True), channels, axis=0)
    if image.shape[1:] == (height, width):
        return image
    box = Image.Resampling.BOX
    resized = [Image.fromarray(plane).resize((width, height), box) for plane in image]
    return np.stack([np.asarray(plane) for plane in resized])


def from_drawing(drawing: ArrayLike, shape: Shape, subject: str = "") -> NDArray[np.float32]:
    """Bring a drawing (H', W') into the form of a network's training pictures.

    Digits for 8 × 8 pixels are cut out and scaled to full height, as the scanned ones were;
    everything else keeps its place and size on the sheet.

    Parameters
    ----------
    shape : (C, H, W)
        Shape of the network's input.
    subject : str
        What `subject_of` returns for the network.

    Examples
    --------
    >>> from_drawing(np.eye(64), (1, 16, 16)).shape
    (1, 16, 16)
    """
    _, height, width = shape
    if subject == "digits" and (height, width) == (8, 8):
        return fitted(digit_from_drawing(drawing)[None], shape)
    if height == width:
        return fitted(shape_from_drawing(drawing, height)[None], shape)
    return fitted(floats(drawing, "drawing")[None], shape)


def from_picture(
    pixels: NDArray[np.uint8], shape: Shape, *, inverted: bool = False
) -> NDArray[np.float32]:
    """Cut the middle out of a picture (H', W', 3) and shrink it to (C, H, W), from 0 to 1.

    Parameters
    ----------
    inverted : bool
        For dark ink on light paper: then 0 is white.

    Examples
    --------
    >>> from_picture(np.full((4, 9, 3), 255, np.uint8), (1, 2, 2)).tolist()
    [[[1.0, 1.0], [1.0, 1.0]]]
    """
    pixels, (channels, height, width) = checked_pixels(pixels), shape
    picture = Image.fromarray(pixels).convert("RGB" if channels == 3 else "L")
    box = middle(pixels.shape[:2], (height, width))
    small = np.asarray(picture.resize((width, height), Image.Resampling.BOX, box), np.float32)
    image = (small.transpose(2, 0, 1) if small.ndim == 3 else small[None]) / np.float32(255)
    return fitted(1 - image if inverted else image, shape)
