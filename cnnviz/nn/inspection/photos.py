"""The photo network: how to prepare its input, and how to group its 1000 classes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from cnnviz.functional.checks import real
from cnnviz.functional.dtypes import floats
from cnnviz.images.picture import checked_pixels
from cnnviz.nn.pretrained import photo_groups
from cnnviz.nn.stacks.squeezenet import SIDE

__all__ = ["Crop", "brightest", "darkest", "group_shares", "photo_input", "photo_pixels", "square"]

# Subtracted from the photos in its training: their mean blue, green and red, out of 255.
MEANS = np.array([104, 117, 123], np.float32)[:, None, None]
SMALLEST = 0.1  # part of the shorter side that a crop must keep

darkest = -MEANS  # (3, 1, 1): the input for black, and for white
brightest = 255 - MEANS


class Crop(NamedTuple):
    """A square of a picture, in pixels, which need not be whole."""

    left: float
    top: float
    side: float


def square(
    size: tuple[int, int], *, across: float = 0.5, down: float = 0.5, part: float = 1.0
) -> Crop:
    """Return a square inside a picture of `size` (H, W).

    Parameters
    ----------
    across, down : float
        Its position, from 0 at the left or the top to 1.
    part : float
        Its side as a fraction of the picture's shorter side, from 0.1 to 1.

    Examples
    --------
    >>> square((300, 450)), square((300, 450), across=1, part=0.5)
    (Crop(left=75.0, top=0.0, side=300.0), Crop(left=300.0, top=75.0, side=150.0))
    """
    height, width = size
    across, down = (real(value, name, 0, 1) for value, name in ((across, "across"), (down, "down")))
    side = max(min(size) * real(part, "part", SMALLEST, 1), 1.0)
    return Crop((width - side) * across, (height - side) * down, side)


def photo_input(pixels: NDArray[np.uint8], crop: Crop | None = None) -> NDArray[np.float32]:
    """Cut a square out of a picture (H, W, 3) and bring it into the form the network takes.

    Parameters
    ----------
    crop : Crop, optional
        By default, the largest square in the middle.

    Returns
    -------
    array (3, 224, 224)
        Blue, green and red, less the mean of each in the photos it was trained on.

    Examples
    --------
    >>> grey = np.full((50, 100, 3), 128, np.uint8)
    >>> photo_input(grey)[:, 0, 0].tolist()
    [24.0, 11.0, 5.0]
    """
    pixels = checked_pixels(pixels)
    left, top, side = crop or square(pixels.shape[:2])
    picture = Image.fromarray(pixels).convert("RGB")
    box = (left, top, left + side, top + side)
    small = picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box)
    blue_first = np.asarray(small, np.float32)[:, :, ::-1].transpose(2, 0, 1)
    return np.ascontiguousarray(blue_first) - MEANS


def photo_pixels(image: ArrayLike) -> NDArray[np.uint8]:
    """Return an input (3, H, W) of the network as a picture (H, W, 3).

    >>> photo_pixels(photo_input(np.full((9, 9, 3), 200, np.uint8)))[0, 0].tolist()
    [200, 200, 200]
    """
    colours = np.clip(np.rint(floats(image, "image") + MEANS), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(colours[::-1].transpose(1, 2, 0))


def group_shares(shares: ArrayLike) -> dict[str, float]:
    """Add up the shares of the 1000 classes by coarse group, the largest group first.

    >>> found = group_shares(np.full(1000, 0.001))
    >>> next(iter(found)), round(found["dog"], 3)
    ('dog', 0.118)
    """
    together: dict[str, float] = {}
    for group, share in zip(photo_groups().values(), np.asarray(shares).tolist(), strict=True):
        together[group] = together.get(group, 0.0) + share
    return dict(sorted(together.items(), key=lambda item: -item[1]))
