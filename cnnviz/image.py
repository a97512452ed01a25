"""Turn the bytes of a stranger's file into a safe picture, or say in one sentence why not.

Nothing here writes to disk, and the original bytes are dropped once the pixels are read.
"""

import hashlib
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MAX_BYTES = 10_000_000
MAX_PIXELS = 16_000_000
MAX_JPEG_PIXELS = 64_000_000  # a JPEG can be decoded at a fraction of its size
MAX_SIDE = 12_000
MAX_SCANS = 100  # a progressive JPEG has about ten; each further one costs a pass over the picture
WORKING_SIDE = 1024
FORMATS = ("PNG", "JPEG", "WebP", "GIF", "BMP")

_DECODES_AT_ONCE = 2
_PATIENCE = 10.0  # seconds a picture waits for its turn
_turns = threading.BoundedSemaphore(_DECODES_AT_ONCE)

_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_WORKING_FORMATS = "PNG, JPEG, WebP, GIF and BMP work"


class PictureError(ValueError):
    """A file that cannot become a picture; its text is one sentence for the person."""


@dataclass(frozen=True)
class Picture:
    """A picture that is safe to compute with.

    Attributes
    ----------
    pixels : uint8 array, (H, W, 3)
        Red, green and blue intensity, 0 to 255. Read-only.
    name : str
        What the person or the sample list calls it.
    digest : str
        BLAKE2b of the shape and the pixels, in hexadecimal: equal pixels have equal digests,
        whatever file they came from. A key for caches.
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
        if pixels.ndim == 2:
            pixels = np.repeat(pixels[..., None], 3, axis=2)
        raw = pixels.tobytes()
        # an array over bytes can never be made writable again, so a cache may hand it out
        frozen = np.frombuffer(raw, np.uint8).reshape(pixels.shape)
        height, width = pixels.shape[:2]
        key = hashlib.blake2b(repr(pixels.shape).encode() + raw, digest_size=16).hexdigest()
        return cls(frozen, name, key, original_size or (width, height))

    def resized(self, longest_side: int) -> NDArray[np.uint8]:
        """Return the pixels with their longest side at most `longest_side`; never enlarge."""
        return fit(self.pixels, longest_side)


def load_picture(data: bytes, name: str = "") -> Picture:
    """Read a PNG, JPEG, WebP, GIF or BMP file and return its first frame as a `Picture`.

    The picture is turned upright, laid on white where it is transparent, and shrunk to a longest
    side of `WORKING_SIDE` pixels. At most two files are decoded at once; others wait their turn.

    Raises
    ------
    PictureError
        When the file is too large, not one of the five formats, damaged, or built to exhaust
        the machine. Its text is a sentence for the person.
    """
    _check_bytes(data)
    with _turn():
        try:
            return _decode(data, name)
        except PictureError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise PictureError(
                f"This picture has too many pixels; at most {MAX_PIXELS // 10**6} million work."
            ) from None
        except Exception:
            raise PictureError(
                "This picture is damaged or incomplete; try to save it again as PNG or JPEG."
            ) from None


def fit(pixels: NDArray[np.uint8], longest_side: int) -> NDArray[np.uint8]:
    """Shrink a (H, W) or (H, W, 3) picture until its longest side is `longest_side`.

    A picture that fits already comes back as it is: small pictures are never enlarged.

    >>> fit(np.zeros((300, 1, 3), np.uint8), 100).shape
    (100, 1, 3)
    """
    height, width = pixels.shape[:2]
    size = _fitted((width, height), longest_side)
    if size == (width, height):
        return pixels
    return np.asarray(_shrink(Image.fromarray(pixels), size))


def grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the luma of a (H, W, 3) picture, (H, W), rounded to whole intensities.

    0.299 R + 0.587 G + 0.114 B, after ITU-R BT.601.

    >>> grey(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8))
    array([[ 76, 150,  29]], dtype=uint8)
    """
    # in thousandths the sum is exact, so a half rounds up on every machine
    thousandths = pixels.astype(np.int32) @ np.array([299, 587, 114], np.int32)
    return ((thousandths + 500) // 1000).astype(np.uint8)


def planes(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a (H, W, 3) picture as its red, green and blue planes, (3, H, W)."""
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Return a (H, W) or (H, W, 3) picture as a PNG file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def _check_bytes(data: bytes) -> None:
    if not data:
        raise PictureError("This file is empty.")
    if len(data) > MAX_BYTES:
        raise PictureError(
            f"This file has {len(data) / 1e6:.1f} MB; at most {MAX_BYTES // 10**6} MB work."
        )
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > MAX_SCANS:
        raise PictureError(
            f"This JPEG has more than {MAX_SCANS} scans; save it again as an ordinary JPEG."
        )


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=_PATIENCE):
        raise PictureError("Too many pictures are being read right now; try again in a moment.")
    try:
        yield
    finally:
        _turns.release()


def _decode(data: bytes, name: str) -> Picture:
    try:
        image = Image.open(io.BytesIO(data), formats=[form.upper() for form in FORMATS])
    except Image.UnidentifiedImageError:
        raise PictureError(f"This file is not a picture we can read; {_WORKING_FORMATS}.") from None
    _check_size(image)
    original_size = image.size
    target = _fitted(image.size, WORKING_SIDE)
    image.draft("RGB", target)
    orientation = image.getexif().get(_ORIENTATION_TAG, 1)
    image = _shrink(_to_eight_bit(image), target)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    if orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[orientation])
        if orientation >= 5:
            original_size = original_size[::-1]
    return Picture.from_pixels(np.asarray(image.convert("RGB")), name, original_size)


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    limit = MAX_JPEG_PIXELS if image.format in ("JPEG", "MPO") else MAX_PIXELS
    if width * height > limit:
        raise PictureError(
            f"This picture has {width} × {height} pixels, {width * height / 1e6:.1f} million; "
            f"at most {limit // 10**6} million work."
        )
    if max(width, height) > MAX_SIDE:
        raise PictureError(
            f"This picture has {width} × {height} pixels; at most {MAX_SIDE} a side work."
        )


def _to_eight_bit(image: Image.Image) -> Image.Image:
    """Return the image as RGB, or as RGBA where something is transparent."""
    if image.mode.startswith("I"):
        values = np.asarray(image).astype(np.float32)
        image = Image.fromarray(np.rint(values * (255 / 65535)).astype(np.uint8))
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _fitted(size: tuple[int, int], longest_side: int) -> tuple[int, int]:
    longest = max(size)
    if longest <= longest_side:
        return size
    width, height = (max(1, round(side * longest_side / longest)) for side in size)
    return width, height


def _shrink(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    # the gap lets a box filter do the first, coarse part of a large step
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
