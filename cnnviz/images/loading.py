"""Turn the bytes of a stranger's file into a safe picture, or say in one sentence why not.

Nothing here writes to disk, and the original bytes are dropped once the pixels are read.
"""

import io
import math
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image

from cnnviz.images.metadata import (
    PNG_SIGNATURE,
    Stripped,
    orientation,
    strip_gif,
    strip_jpeg,
    strip_png,
)
from cnnviz.images.picture import Picture, encode_png, fit, fitted_size, grey, planes, shrink

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "MAX_JPEG_PIXELS",
    "MAX_PIXELS",
    "MAX_PROGRESSIVE_PIXELS",
    "MAX_SCANS",
    "MAX_SIDE",
    "MAX_WEBP_PIXELS",
    "WORKING_SIDE",
    "Picture",
    "PictureError",
    "encode_png",
    "fit",
    "grey",
    "load_picture",
    "planes",
]

MAX_BYTES = 10 * 2**20
MAX_PIXELS = 16_000_000
MAX_JPEG_PIXELS = 64_000_000  # a JPEG can be decoded at a fraction of its size
MAX_PROGRESSIVE_PIXELS = 32_000_000  # unless it is progressive: 6 bytes a pixel, whatever the size
MAX_WEBP_PIXELS = 14_000_000  # 21 bytes a pixel, whatever is done
MAX_SIDE = 12_000
MAX_SCANS = 100  # a progressive JPEG has about ten; each costs a pass over the picture
WORKING_SIDE = 1024
FORMATS = ("PNG", "JPEG", "WebP", "GIF", "BMP")

_STARTS = {
    "PNG": re.compile(re.escape(PNG_SIGNATURE)),
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "WEBP": re.compile(rb"(?s)RIFF....WEBP"),
    "GIF": re.compile(rb"GIF8[79]a"),
    "BMP": re.compile(rb"BM"),
}
_REFUSED = {
    "AVIF": re.compile(rb"(?s)....ftyp.{0,40}avi[fs]"),
    "HEIC": re.compile(rb"(?s)....ftyp.{0,40}(hei|hev|mif1|msf1)"),
    "TIFF": re.compile(rb"II\*\0|MM\0\*"),
    "Photoshop": re.compile(rb"8BPS"),
    "PDF": re.compile(rb"%PDF"),
    "SVG": re.compile(rb"(?s)\s*<.{0,1000}svg"),
    "Icon": re.compile(rb"\0\0[\1\2]\0"),
    "Video": re.compile(rb"(?s)....ftyp"),
}
_STRIP = {"PNG": strip_png, "JPEG": strip_jpeg, "GIF": strip_gif}
_LIST = f"{', '.join(FORMATS[:-1])} and {FORMATS[-1]}"
_RUN_LENGTH = (1, 2)  # BMP compression, 8 and 4 bits

_DECODES_AT_ONCE = 2
_PATIENCE = 20.0  # seconds a picture waits for its turn
_turns = threading.BoundedSemaphore(_DECODES_AT_ONCE)

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# 65 535 becomes 255: scaled, not clipped
_EIGHT_OF_SIXTEEN_BITS = np.rint(np.arange(65_536) / 257).astype(np.uint8)


class PictureError(ValueError):
    """A file that cannot become a picture; its text is one sentence for the person."""


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
    form = _recognise(data)
    with turn():
        try:
            return _decode(data, form, name)
        except PictureError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            # Pillow's own limit lies far above ours, and it looks before we can
            raise PictureError(
                f"This picture has far more than {MAX_PIXELS // 10**6} million pixels; "
                "make it smaller first."
            ) from None
        except Exception:  # decoders raise whatever a damaged file makes them trip over
            raise PictureError(
                f"This {form} file is damaged or incomplete; save it again as PNG or JPEG."
            ) from None


@contextmanager
def turn() -> Iterator[None]:
    """Wait until fewer than two pictures are being read; raise PictureError if that takes long."""
    if not _turns.acquire(timeout=_PATIENCE):
        raise PictureError("Too many pictures are being read right now; try again in a moment.")
    try:
        yield
    finally:
        _turns.release()


def _recognise(data: bytes) -> str:
    """Return Pillow's name for the format the first bytes show; the file's ending says nothing."""
    if not data:
        raise PictureError("This file is empty; choose another one.")
    if len(data) > MAX_BYTES:
        megabytes = math.ceil(10 * len(data) / 2**20) / 10
        raise PictureError(
            f"This file has {megabytes} MB; at most {MAX_BYTES // 2**20} MB work, "
            "so make the picture smaller first."
        )
    for form, start in _STARTS.items():
        if start.match(data):
            return form
    for kind, start in _REFUSED.items():
        if start.match(data):
            raise PictureError(f"{kind} files do not work here; save or share it as JPEG.")
    raise PictureError(f"This file is not a picture we can read; {_LIST} files work.")


def _strip(data: bytes, form: str) -> Stripped:
    stripped = _STRIP.get(form, Stripped)(data)
    if stripped.scans > MAX_SCANS:
        raise PictureError(
            f"This JPEG has {stripped.scans} scans; at most {MAX_SCANS} work, "
            "so save it again as an ordinary JPEG."
        )
    return stripped


def _decode(data: bytes, form: str, name: str) -> Picture:
    stripped = _strip(data, form)
    image = Image.open(io.BytesIO(stripped.data), formats=[form])
    _check_size(image.size, form, stripped.progressive)
    if image.info.get("compression") in _RUN_LENGTH and form == "BMP":
        # Pillow unpacks these in Python: seconds in which nobody else gets an answer
        raise PictureError("This BMP is run-length compressed; save it again as PNG.")
    width, height = image.size
    target = fitted_size(image.size, WORKING_SIDE)
    image.draft("RGB", target)
    image = shrink(_to_eight_bit(image), target)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    turn = orientation(stripped.exif or image.info.get("exif", b""))
    if turn in _UPRIGHT:
        image = image.transpose(_UPRIGHT[turn])
    original_size = (height, width) if turn >= 5 else (width, height)
    return Picture.from_pixels(np.asarray(image.convert("RGB")), name, original_size)


def _check_size(size: tuple[int, int], form: str, progressive: bool) -> None:
    limit = {"JPEG": MAX_JPEG_PIXELS, "WEBP": MAX_WEBP_PIXELS}.get(form, MAX_PIXELS)
    if progressive:
        limit = MAX_PROGRESSIVE_PIXELS
    width, height = size
    if width * height > limit:
        raise PictureError(
            f"This picture has {width} × {height} pixels; "
            f"at most {limit // 10**6} million work, so make it smaller first."
        )
    if max(size) > MAX_SIDE:
        raise PictureError(
            f"This picture has {width} × {height} pixels; "
            f"at most {MAX_SIDE} a side work, so make it smaller first."
        )


def _to_eight_bit(image: Image.Image) -> Image.Image:
    """Return the image as RGB, or as RGBA where something is transparent."""
    if image.mode.startswith("I"):
        levels = np.asarray(image)
        clear = image.info.get("transparency")
        image = Image.fromarray(_EIGHT_OF_SIXTEEN_BITS[levels])
        if clear is not None:
            image.putalpha(Image.fromarray(np.uint8(255) * (levels != clear)))
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
