"""The training data: handwritten digits, and shapes drawn here."""

from dataclasses import dataclass
from functools import cache
from math import ceil

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from cnnviz.functional.checks import check_memory, count_of, generator, real, whole
from cnnviz.functional.dtypes import floats
from cnnviz.resources import ASSETS

__all__ = ["SHAPES", "Dataset", "digit_from_drawing", "digits", "draw_shapes", "shape_from_drawing"]

INK = 0.2  # share of the largest value that counts as drawn


@dataclass(frozen=True)
class Dataset:
    """Pictures with their classes.

    Parameters
    ----------
    images : array (N, C, H, W), float32
        From 0 for paper to 1 for ink.
    labels : array (N,) of int
        The class number of each picture.
    classes : tuple of str
        The names of the classes.
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, which: ArrayLike) -> "Dataset":
        """Return the pictures with these numbers, or those where a mask (N,) is true."""
        numbers = np.asarray(which)
        if not numbers.size:
            numbers = numbers.astype(np.int64)  # an empty list becomes an array of floats
        if numbers.dtype.kind not in "biu":
            raise TypeError(f"which must hold whole numbers, got an array of {numbers.dtype}.")
        try:
            return Dataset(self.images[numbers], self.labels[numbers], self.classes)
        except IndexError as error:
            pictures = count_of(len(self), "picture")
            raise ValueError(f"which does not fit {pictures}: {error}.") from None

    def split(self, held_out: float = 0.2, seed: int = 0) -> tuple["Dataset", "Dataset"]:
        """Return a training part, and a test part with a share of `held_out`.

        Examples
        --------
        >>> [len(part) for part in digits().split()]
        [1437, 360]
        """
        share = real(held_out, "held_out", low=0, high=1)
        order = generator(seed).permutation(len(self))
        count = ceil(round(len(self) * share, 9))  # 0.55 of 100 comes out as 55.00000000000001
        if not 0 < count < len(self):
            raise ValueError(
                f"held_out must leave pictures in both parts; {share} of {len(self)} is {count}."
            )
        return self.take(np.sort(order[count:])), self.take(np.sort(order[:count]))


@cache
def digits() -> Dataset:
    """Return 1 797 handwritten digits of 8 × 8 pixels, by 13 people.

    Source: E. Alpaydin & C. Kaynak, "Optical recognition of handwritten digits", UCI Machine
    Learning Repository (1998), CC BY 4.0: the part that scikit-learn distributes. Each pixel counts
    the ink in 4 × 4 pixels of the scan, here divided by 16.

    Examples
    --------
    >>> digits().images.shape
    (1797, 1, 8, 8)
    """
    table = np.loadtxt(ASSETS / "digits.csv.gz", np.uint8, delimiter=",")
    images = (table[:, :64] / np.float32(16)).astype(np.float32).reshape(-1, 1, 8, 8)
    labels = table[:, 64].astype(np.int64)
    images.flags.writeable = labels.flags.writeable = False  # all callers share the same arrays
    return Dataset(images, labels, tuple("0123456789"))


def digit_from_drawing(drawing: ArrayLike) -> NDArray[np.float32]:
    """Bring a drawing into the form of `digits`: cut out, scaled to full height, 8 × 8.

    Parameters
    ----------
    drawing : array (H, W)
        0 is paper, the largest number is ink.

    Returns
    -------
    array (8, 8), from 0 to 1
        All 0 if nothing is drawn.

    Examples
    --------
    An upright stroke fills the middle columns from top to bottom.

    >>> drawing = np.zeros((100, 100))
    >>> drawing[20:80, 10:25] = 1
    >>> digit_from_drawing(drawing).sum(axis=0).round(1).tolist()
    [0.0, 0.0, 0.0, 8.0, 8.0, 0.0, 0.0, 0.0]
    """
    drawing = _drawing(drawing)
    if not drawing.any():
        return np.zeros((8, 8), np.float32)
    rows, columns = (np.flatnonzero((drawing > INK).any(axis=axis)) for axis in (1, 0))
    cut = drawing[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    # The scans were 32 × 32: the digit is scaled into that, and the ink of each 4 × 4 counted.
    scale = 32 / max(cut.shape)
    height, width = (max(1, round(size * scale)) for size in cut.shape)
    small = Image.fromarray(cut).resize((width, height), Image.Resampling.BOX)
    scan = np.zeros((32, 32), np.float32)
    top, left = (32 - height) // 2, (32 - width) // 2
    scan[top : top + height, left : left + width] = np.asarray(small) > 0.5
    return scan.reshape(8, 4, 8, 4).mean(axis=(1, 3))


def shape_from_drawing(drawing: ArrayLike, size: int = 16) -> NDArray[np.float32]:
    """Bring a drawing into the form of `draw_shapes`: each pixel is the ink in its area.

    Examples
    --------
    >>> shape_from_drawing(np.eye(64)).shape
    (16, 16)
    """
    size = whole(size, "size")
    check_memory((size, size), "The drawing")
    small = Image.fromarray(_drawing(drawing)).resize((size, size), Image.Resampling.BOX)
    shape = np.asarray(small)
    return shape / max(float(shape.max()), np.finfo(np.float32).tiny)


def _drawing(value: ArrayLike) -> NDArray[np.float32]:
    """Return a drawing from 0 for paper to 1 for ink."""
    drawing = floats(value, "drawing")
    if drawing.ndim != 2:
        raise ValueError(f"drawing must be (H, W), got shape {drawing.shape}.")
    if not np.isfinite(drawing).all() or drawing.min() < 0:
        raise ValueError("drawing must hold finite numbers from 0, the paper, upwards.")
    return (drawing / (drawing.max() or 1)).astype(np.float32)


def _polygon(corners: int, turn: float = 0.0, radius: float = 1.0) -> NDArray[np.float64]:
    """Return the closed outline (corners + 1, 2) of (row, column) around the origin."""
    angles = 2 * np.pi * np.arange(corners + 1) / corners + np.deg2rad(turn)
    return radius * np.stack([-np.cos(angles), np.sin(angles)], axis=1)


# Each shape is a list of strokes; a stroke is a line from point to point, in units of the radius.
SHAPES: dict[str, list[NDArray[np.float64]]] = {
    "circle": [_polygon(24, radius=0.9)],
    "square": [_polygon(4, 45, 1.2)],
    "triangle": [_polygon(3, radius=1.1)],
    "cross": [np.array([[-1.0, 0], [1, 0]]), np.array([[0, -1.0], [0, 1]])],
    "line": [np.array([[-1.1, 0], [1.1, 0]])],
}


def draw_shapes(count: int, *, size: int = 16, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Draw circles, squares, triangles, crosses and lines, no two of them the same.

    The seed determines the position, size, rotation, stroke width and pixel noise; the classes take
    turns. Crosses and lines have any direction, the others are turned by up to 15°.

    Parameters
    ----------
    count : int
        How many pictures.
    size : int
        Their height and width in pixels, at least 8.
    noise : float
        The standard deviation of the noise added to every pixel; ink is 1.

    Examples
    --------
    >>> shapes = draw_shapes(10)
    >>> shapes.images.shape, shapes.classes[shapes.labels[1]]
    ((10, 1, 16, 16), 'square')
    """
    count, size = whole(count, "count"), whole(size, "size", minimum=8)
    noise = real(noise, "noise", low=0)
    check_memory((count, size, size), "The pictures")
    rng = generator(seed)
    labels = np.arange(count) % len(SHAPES)
    names = tuple(SHAPES)
    drawn = np.stack([_drawn(names[label], size, rng) for label in labels])
    drawn += noise * rng.standard_normal(drawn.shape)
    return Dataset(np.clip(drawn, 0, 1).astype(np.float32)[:, None], labels, names)


def _drawn(name: str, size: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return one picture (size, size): a pixel is as dark as the share that the stroke covers."""
    radius = rng.uniform(0.24, 0.36) * size
    room = size / 2 - 1 - radius
    middle = (size - 1) / 2 + rng.uniform(-room, room, 2) * 0.9
    most = 90 if name in ("cross", "line") else 15
    turn = np.deg2rad(rng.uniform(-most, most))
    width = rng.uniform(0.07, 0.12) * size
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    pixels = np.moveaxis(np.indices((size, size)), 0, -1)[..., None, :]
    distance = np.full((size, size), np.inf)
    for stroke in SHAPES[name]:
        points = middle + radius * stroke @ rotation
        start, along = points[:-1], np.diff(points, axis=0)
        share = ((pixels - start) * along).sum(axis=-1) / (along**2).sum(axis=-1)
        nearest = start + np.clip(share, 0, 1)[..., None] * along
        gaps = np.hypot(*np.moveaxis(pixels - nearest, -1, 0))
        distance = np.minimum(distance, gaps.min(axis=-1))
    return np.clip(width / 2 - distance + 0.5, 0, 1)
