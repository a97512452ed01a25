"""The pictures that come with the app: photos from `assets/samples`, and small drawn ones."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.functional.checks import check_memory, whole
from cnnviz.images.crop import square
from cnnviz.images.picture import Picture
from cnnviz.resources import ASSETS

FOLDER = ASSETS / "samples"


@dataclass(frozen=True)
class Sample:
    """A picture in the picker: its name in links, its title on screen, and how to load it.

    `load()` returns uint8 pixels, (H, W) or (H, W, 3).
    """

    name: str
    title: str
    load: Callable[[], NDArray[np.uint8]]


def photo(name: str) -> NDArray[np.uint8]:
    """Return the stored photo of that name."""
    with Image.open(FOLDER / f"{name}.webp") as image:
        return np.asarray(image.convert("RGB"))


def checkerboard() -> NDArray[np.uint8]:
    """Return 32 × 32 pixels in black and white squares of 4; the top left one is black."""
    squares = np.indices((8, 8)).sum(axis=0) % 2 * 255
    return np.kron(squares, np.ones((4, 4))).astype(np.uint8)


def ramp() -> NDArray[np.uint8]:
    """Return 16 × 16 pixels that rise from 0 on the left to 255 on the right, 17 a column."""
    return np.tile(np.arange(0, 256, 17, dtype=np.uint8), (16, 1))


def impulse() -> NDArray[np.uint8]:
    """Return 11 × 11 black pixels with a white one in the middle.

    Its feature map is the kernel itself, turned by 180°.
    """
    pixels = np.zeros((11, 11), np.uint8)
    pixels[5, 5] = 255
    return pixels


def letter_x() -> NDArray[np.uint8]:
    """Return the X of the X-and-O lesson: 9 × 9, white strokes on black, a border of 1.

    With white as +1 and black as −1, a 3 × 3 main-diagonal feature matches like this:

    >>> x = letter_x() / 127.5 - 1
    >>> feature = 2 * np.eye(3) - 1
    >>> windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3))
    >>> ((windows * feature).sum(axis=(2, 3)) / 9).round(2)[0]
    array([ 0.78, -0.11,  0.11,  0.33,  0.56, -0.11,  0.33])
    """
    stroke = np.eye(7, dtype=bool)
    return _white_on_black(stroke | stroke[::-1])


def letter_o() -> NDArray[np.uint8]:
    """Return the O of the X-and-O lesson: 9 × 9, white strokes on black, a border of 1."""
    rows, columns = np.indices((7, 7)) - 3
    return _white_on_black(np.isin(rows**2 + columns**2, (8, 9, 10)))


def _white_on_black(stroke: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.pad(stroke * np.uint8(255), 1)


def _photo_sample(name: str, title: str) -> Sample:
    return Sample(name, title, partial(photo, name))


SAMPLES: dict[str, Sample] = {
    sample.name: sample
    for sample in (
        _photo_sample("astronaut", "Astronaut"),
        _photo_sample("camera", "Photographer"),
        _photo_sample("cat", "Cat"),
        _photo_sample("coffee", "Coffee"),
        _photo_sample("coins", "Coins"),
        _photo_sample("brick", "Bricks"),
        _photo_sample("text", "Handwriting"),
        _photo_sample("gravel", "Gravel"),
        Sample("checkerboard", "Checkerboard", checkerboard),
        Sample("ramp", "Ramp", ramp),
        Sample("impulse", "Impulse", impulse),
        Sample("x", "Letter X", letter_x),
        Sample("o", "Letter O", letter_o),
    )
}
DEFAULT_SAMPLE = "astronaut"


@cache
def sample_picture(name: str) -> Picture:
    """Return the sample of that name, loaded once for all sessions.

    >>> sample_picture("x").pixels.shape
    (9, 9, 3)
    """
    if name not in SAMPLES:
        raise ValueError(f"There is no sample {name!r}; there are {', '.join(SAMPLES)}.")
    return Picture.from_pixels(SAMPLES[name].load(), name)


@cache
def sample_thumbnail(name: str) -> bytes:
    """Return the thumbnail of the sample of that name as a WebP file."""
    return thumbnail(sample_picture(name).pixels)


def thumbnail(pixels: NDArray[np.uint8], side: int = 96) -> bytes:
    """Return the middle square of a (H, W) or (H, W, 3) picture, `side` pixels wide, as WebP.

    Small pictures are enlarged without smoothing, so that their pixels stay visible as squares. A
    photo takes about 3 kB, a sixth of what it takes as PNG: the first message to every browser
    holds all thumbnails.
    """
    side = whole(side, "side")
    check_memory((side, side, 3), "The thumbnail")
    small = min(pixels.shape[:2]) <= side
    file = io.BytesIO()
    Image.fromarray(square(pixels, side)).save(file, "WEBP", lossless=small, quality=80)
    return file.getvalue()
