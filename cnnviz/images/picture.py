"""The picture that everything computes with: read-only pixels, and the operations on them."""

import hashlib
import io
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from cnnviz.functional.checks import check_unmasked


class PictureError(ValueError):
    """A file that cannot be read as a picture; the message is one sentence for the user."""


@dataclass(frozen=True)
class Picture:
    """A picture that is safe to compute with.

    Attributes
    ----------
    pixels : uint8 array, (H, W, 3)
        Red, green and blue intensity, 0 to 255. Read-only.
    name : str
        Its name, from the user or the sample list.
    digest : str
        BLAKE2b of the shape and the pixels, in hexadecimal: equal pixels have equal digests,
        whatever file they came from. Used as a cache key.
    original_size : (int, int)
        Width and height in pixels, upright, before the picture was shrunk.
    """

    pixels: NDArray[np.uint8] = field(compare=False, repr=False)
    name: str
    digest: str
    original_size: tuple[int, int]

    @classmethod
    def from_pixels(
        cls, pixels: NDArray[np.uint8], name: str = "", original_size: tuple[int, int] | None = None
    ) -> "Picture":
        """Wrap a grey (H, W) or colour (H, W, 3) uint8 array.

        >>> Picture.from_pixels(np.zeros((2, 3), np.uint8), "black").pixels.shape
        (2, 3, 3)
        """
        pixels = checked_pixels(pixels)
        if pixels.ndim == 2:
            pixels = np.repeat(pixels[..., None], 3, axis=2)
        frozen = _frozen(pixels)
        height, width = pixels.shape[:2]
        key = hashlib.blake2b(repr(pixels.shape).encode(), digest_size=16)
        key.update(frozen.data)
        return cls(frozen, name, key.hexdigest(), original_size or (width, height))

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over what a copy or an unpickled picture consists of, read-only again."""
        self.__dict__.update(state, pixels=_frozen(state["pixels"]))

    def resized(self, longest_side: int) -> NDArray[np.uint8]:
        """Return the pixels with their longest side at most `longest_side`; never enlarge."""
        return fit(self.pixels, longest_side)


def _frozen(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    # an array over bytes can never be made writable, so a cache can share it safely
    return np.frombuffer(pixels.tobytes(), np.uint8).reshape(pixels.shape)


def checked_pixels(pixels: ArrayLike) -> NDArray[np.uint8]:
    """Return a uint8 picture (H, W) or (H, W, 3), or say what it is instead."""
    check_unmasked(pixels, "pixels")
    array = np.asarray(pixels)
    fits = array.size and array.ndim > 1 and array.shape[2:] in ((), (3,))
    if array.dtype != np.uint8 or not fits:
        raise ValueError(
            "a picture is uint8 of shape (H, W) or (H, W, 3), "
            f"not {array.dtype} of shape {array.shape}"
        )
    return array


def fit(pixels: NDArray[np.uint8], longest_side: int) -> NDArray[np.uint8]:
    """Shrink a (H, W) or (H, W, 3) picture until its longest side is `longest_side`.

    A picture that already fits is returned unchanged: small pictures are never enlarged.

    >>> fit(np.zeros((300, 1, 3), np.uint8), 100).shape
    (100, 1, 3)
    """
    height, width = pixels.shape[:2]
    size = fitted_size((width, height), longest_side)
    if size == (width, height):
        return pixels
    return np.asarray(shrink(Image.fromarray(pixels), size))


def grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the luma of a (H, W, 3) picture, (H, W), rounded to whole intensities.

    0.299 R + 0.587 G + 0.114 B, after ITU-R BT.601.

    >>> grey(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8))
    array([[ 76, 150,  29]], dtype=uint8)
    """
    # in thousandths the sum is exact, so a half rounds up on every machine
    red, green, blue = (pixels[..., channel].astype(np.uint32) for channel in range(3))
    thousandths = 299 * red + 587 * green + 114 * blue
    return ((thousandths + 500) // 1000).astype(np.uint8)


def planes(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a (H, W, 3) picture as its red, green and blue planes, (3, H, W)."""
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Return a (H, W) or (H, W, 3) picture as a PNG file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def fitted_size(size: tuple[int, int], longest_side: int) -> tuple[int, int]:
    """Return a size of the same proportions, with sides from 1 to `longest_side`."""
    longest = max(size)
    if longest <= longest_side:
        return size
    width, height = (max(1, round(side * longest_side / longest)) for side in size)
    return width, height


def shrink(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the image in a smaller size, smoothed."""
    # the gap lets a box filter do the first, coarse part of a large step
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
