"""Decode a picture file: upright, on white, in the colours of sRGB, and not too large."""

import io
from typing import Any

import numpy as np
from PIL import Image

from cnnviz.images.colour_profiles import to_srgb
from cnnviz.images.high_range import to_sdr
from cnnviz.images.metadata import (
    Stripped,
    orientation,
    strip_bmp,
    strip_gif,
    strip_jpeg,
    strip_png,
    strip_webp,
)
from cnnviz.images.picture import Picture, PictureError, fitted_size, shrink

MAX_PIXELS = 16_000_000
MAX_JPEG_PIXELS = 64_000_000  # a JPEG can be decoded at a fraction of its size
MAX_PROGRESSIVE_PIXELS = 32_000_000  # unless it is progressive: 6 bytes a pixel, whatever the size
MAX_WEBP_PIXELS = 14_000_000  # 21 bytes a pixel in any case
MAX_SIDE = 12_000
MAX_SCANS = 100  # a progressive JPEG has about ten; each costs a pass over the picture
WORKING_SIDE = 1024

_STRIP = {
    "PNG": strip_png,
    "JPEG": strip_jpeg,
    "WEBP": strip_webp,
    "GIF": strip_gif,
    "BMP": strip_bmp,
}
_RUN_LENGTH = (1, 2)  # BMP compression, 8 and 4 bits
_SIXTEEN_BIT_COLOUR = "RGB;16B"  # as Pillow calls it

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


def decode(data: bytes, form: str, name: str) -> Picture:
    """Return the first frame of a PNG, JPEG, WEBP, GIF or BMP file.

    Raises PictureError when it is too large for its format or of a kind that cannot be read, and
    whatever Pillow raises when it is damaged.
    """
    stripped = _strip(data, form)
    image, (width, height) = _shrunk(stripped.data, form, stripped)
    if stripped.with_other_end:
        other, _ = _shrunk(stripped.with_other_end, form, stripped)
        if other.tobytes() != image.tobytes():
            raise ValueError("some of these pixels are not in the file")
    turn = orientation(stripped.exif or image.info.get("exif", b""))
    if stripped.profile:
        image = to_srgb(image, stripped.profile)
    if stripped.high_range:
        image = to_sdr(image, stripped.high_range)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    if turn in _UPRIGHT:
        image = image.transpose(_UPRIGHT[turn])
    original_size = (height, width) if turn >= 5 else (width, height)
    return Picture.from_pixels(np.asarray(image.convert("RGB")), name, original_size)


def _strip(data: bytes, form: str) -> Stripped:
    stripped = _STRIP[form](data)
    if stripped.refused:
        raise PictureError(
            f"This JPEG is {stripped.refused}, which browsers do not show either; "
            "save it again as an ordinary JPEG."
        )
    if stripped.scans > MAX_SCANS:
        raise PictureError(
            f"This JPEG has {stripped.scans} scans; at most {MAX_SCANS} work, "
            "so save it again as an ordinary JPEG."
        )
    return stripped


def _shrunk(data: bytes, form: str, stripped: Stripped) -> tuple[Image.Image, tuple[int, int]]:
    """Return an RGB, RGBA or CMYK image of at most `WORKING_SIDE`, and its original size."""
    image: Any = Image.open(io.BytesIO(data), formats=[form])  # Pillow's class of that format
    size = image.size
    _check_size(size, form, stripped.progressive)
    if image.info.get("compression") in _RUN_LENGTH and form == "BMP":
        # Pillow unpacks these in Python: for seconds, no other user would get an answer
        raise PictureError("This BMP is run-length compressed; save it again as PNG.")
    target = fitted_size(size, WORKING_SIDE)
    image.draft("RGB", target)
    if form == "PNG" and image.tile[0].args == _SIXTEEN_BIT_COLOUR:
        image = _with_clear_colour(image, data)
    if image.mode != "CMYK" or not stripped.profile:
        image = _to_eight_bit(image)
    if stripped.box not in (None, (0, 0, *size)) and image.mode == "RGB":
        covered = Image.new("L", size)
        covered.paste(255, stripped.box)
        image.putalpha(covered)
    return shrink(image, target), size


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
            f"the limit is {MAX_SIDE} per side, so make it smaller first."
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


def _with_clear_colour(image: Image.Image, data: bytes) -> Image.Image:
    """Return a PNG of 16-bit colour as RGBA if it has a transparent colour, else as it is.

    Pillow keeps the upper 8 bits of each number, but all 16 must match the transparent colour.
    """
    colour = image.info.pop("transparency", None)
    if colour is None:
        return image
    lower = Image.open(io.BytesIO(data), formats=["PNG"])
    lower.tile = [lower.tile[0]._replace(args="RGB;16L")]  # the second byte of each pair
    differs = np.zeros(image.size[::-1], bool)
    for channel, number in enumerate(colour):
        for part, byte in ((lower, number & 255), (image, number >> 8)):
            differs |= np.asarray(part.getchannel(channel)) != byte
    image.putalpha(Image.fromarray(differs * np.uint8(255)))
    return image
