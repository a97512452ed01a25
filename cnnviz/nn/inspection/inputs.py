"""What a classifier is given: drawings, pictures and held-out examples in the form it takes."""

from functools import cache
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from cnnviz.functional.dtypes import floats
from cnnviz.images.crop import middle
from cnnviz.nn.layers.layer import Shape
from cnnviz.nn.layers.pointwise import Softmax
from cnnviz.nn.network import Sequential
from cnnviz.nn.summary import Row, layer_names, with_branches
from cnnviz.nn.training.datasets import (
    SHAPES,
    Dataset,
    digit_from_drawing,
    digits,
    draw_shapes,
    shape_from_drawing,
)

__all__ = ["classifier", "fitted", "from_drawing", "from_picture", "held_out", "subject_of"]

KNOWN = {"digits": tuple("0123456789"), "shapes": tuple(SHAPES)}
HELD_OUT_SHAPES = 200

# What an untrusted network may cost: it runs while the user waits, many times for evidence.
MOST_OPERATIONS = 400_000_000  # multiply-adds, and cells compared by pooling, for one input
MOST_CELLS = 8 * 2**20  # of all maps
MOST_WEIGHTS = 16 * 2**20
MOST_SIDE = 256
MOST_CLASSES = 1000


def classifier(network: Sequential) -> Sequential:
    """Return `network` as one that gives every class a name and a share, for inputs (C, H, W).

    The layers are those of `network`, and a Softmax where it ends with scores.

    Raises
    ------
    ValueError
        If it is not a classifier of pictures, or too large to compute while the user waits.

    Examples
    --------
    >>> from cnnviz.nn import Flatten, Linear
    >>> network = Sequential([Flatten(), Linear(64, 3)], input_shape=(1, 8, 8))
    >>> made = classifier(network)
    >>> made.names, made.classes
    (('flatten1', 'linear1', 'softmax1'), ('class 0', 'class 1', 'class 2'))
    """
    shape = network.input_shape
    if shape is None or len(shape) != 3:
        raise ValueError(
            f"The network does not say which pictures (C, H, W) it is made for: its input shape "
            f"is {shape}."
        )
    if max(shape[1:]) > MOST_SIDE:
        raise ValueError(
            f"The network takes pictures of {shape[1]} × {shape[2]}; at most {MOST_SIDE} a side "
            "are computed here."
        )
    out = network.summary()[-1].output_shape if len(network) else shape
    if len(out) != 1 or not 2 <= out[0] <= MOST_CLASSES:
        raise ValueError(
            f"The network ends with an output of shape {out}; a classifier ends with one row of "
            f"2 to {MOST_CLASSES} scores."
        )
    _check_cost(network)
    classes = network.classes
    if len(classes) != out[0] or len(set(classes)) != out[0] or not all(classes):
        classes = tuple(f"class {number}" for number in range(out[0]))
    scorer = network.without_softmax()
    layers = [*scorer, Softmax()]
    names = [*scorer.names, layer_names(layers)[-1]]
    return Sequential(layers, input_shape=shape, classes=classes, names=names).eval()


def operations(network: Sequential) -> int:
    """Return the multiply-adds for one input, and the cells that pooling looks at."""
    return _operations(network, network.summary())


def _operations(network: Sequential, rows: list[Row]) -> int:
    total = 0
    for layer, row in zip(network, rows, strict=True):
        total += prod(row.output_shape)
        if layer.kind == "pool":
            # A global pooling has no size; it looks at each cell of the maps before it once.
            total += prod(row.output_shape) * prod(layer.settings.get("kernel_size", ()))
        total += sum(map(_operations, layer.branches, row.branches)) or row.multiply_adds
    return total


def _check_cost(network: Sequential) -> None:
    rows = network.summary()
    cells = sum(prod(row.output_shape) for row in with_branches(rows))
    weights = sum(row.parameters for row in rows)
    for found, most, what in (
        (operations(network), MOST_OPERATIONS, "operations for one picture"),
        (cells, MOST_CELLS, "cells in its maps"),
        (weights, MOST_WEIGHTS, "weights"),
    ):
        if found > most:
            raise ValueError(
                f"The network has {found:,} {what}; at most {most:,} are computed here."
            )


def subject_of(network: Sequential) -> str:
    """Return what the classes of a network are: "digits", "shapes", or "" for anything else."""
    return next((name for name, classes in KNOWN.items() if classes == network.classes), "")


@cache
def held_out(name: str) -> Dataset:
    """Return digits or shapes that the networks of this app have not learned from.

    Examples
    --------
    >>> len(held_out("digits")), len(held_out("shapes"))
    (360, 200)
    """
    return digits().split()[1] if name == "digits" else draw_shapes(HELD_OUT_SHAPES, seed=1)


def fitted(image: ArrayLike, shape: Shape) -> NDArray[np.float32]:
    """Bring an image (C', H', W') to a shape (C, H, W): each pixel the mean of what it covers.

    A different count of channels gets the mean of all, over and over.

    Examples
    --------
    >>> fitted([[[0.0, 1.0], [1.0, 2.0]]], (2, 1, 1)).tolist()
    [[[1.0]], [[1.0]]]
    """
    image = floats(image, "image").astype(np.float32)
    channels, height, width = shape
    if len(image) != channels:
        image = np.repeat(image.mean(axis=0, keepdims=True), channels, axis=0)
    if image.shape[1:] == (height, width):
        return image
    box = Image.Resampling.BOX
    resized = [Image.fromarray(plane).resize((width, height), box) for plane in image]
    return np.stack([np.asarray(plane) for plane in resized])


def from_drawing(drawing: ArrayLike, shape: Shape, subject: str = "") -> NDArray[np.float32]:
    """Bring a drawing (H', W') into the form of what a network has learned from.

    Digits for 8 × 8 pixels are cut out and stood up to full height, as the scanned ones were;
    all else keeps its place and size on the sheet.

    Parameters
    ----------
    shape : (C, H, W)
        Of the input of the network.
    subject : str
        As `subject_of` says it.

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
        For dark ink on light paper: 0 is white then.

    Examples
    --------
    >>> from_picture(np.full((4, 9, 3), 255, np.uint8), (1, 2, 2)).tolist()
    [[[1.0, 1.0], [1.0, 1.0]]]
    """
    channels, height, width = shape
    picture = Image.fromarray(pixels).convert("RGB" if channels == 3 else "L")
    box = middle(pixels.shape[:2], (height, width))
    small = np.asarray(picture.resize((width, height), Image.Resampling.BOX, box), np.float32)
    image = (small.transpose(2, 0, 1) if small.ndim == 3 else small[None]) / np.float32(255)
    return fitted(1 - image if inverted else image, shape)
