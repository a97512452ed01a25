"""Picture files made in code, valid and broken, for the tests."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

COLOUR_TYPES = {"grey": 0, "colour": 2, "palette": 3, "grey with alpha": 4, "colour with alpha": 6}


def encoded(pixels, form, mode=None, **options):
    """Return an array or a Pillow image as a file."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(np.asarray(pixels))
    file = io.BytesIO()
    (image.convert(mode) if mode else image).save(file, form, **options)
    return file.getvalue()


def noise(height=20, width=24, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def png_chunk(kind, payload=b""):
    body = kind + payload
    return struct.pack(">I", len(payload)) + body + struct.pack(">I", zlib.crc32(body))


def png(rows, *, depth=8, colour="grey", extra=b"", size=None):
    """Return a PNG whose rows of bytes are `rows`, whatever size its header claims."""
    rows = [bytes(row) for row in rows]
    claimed = size or (len(rows[0]) * 8 // depth, len(rows))
    header = struct.pack(">IIBBBBB", *claimed, depth, COLOUR_TYPES[colour], 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + extra
        + png_chunk(b"IDAT", data)
        + png_chunk(b"IEND")
    )


def exif(orientation):
    block = Image.Exif()
    block[0x0112] = orientation
    return block.tobytes()


def jpeg_segment(marker, payload):
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def with_segments(jpeg, *segments):
    """Return a JPEG with more segments right after its start."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def with_scans(progressive_jpeg, number):
    """Return a progressive JPEG that repeats its last scan until it has `number` scans."""
    last = progressive_jpeg[progressive_jpeg.rindex(b"\xff\xda") : -2]
    more = number - progressive_jpeg.count(b"\xff\xda")
    return progressive_jpeg[:-2] + last * more + b"\xff\xd9"


PHOTO = noise()
FILES = {
    "PNG": encoded(PHOTO, "PNG"),
    "JPEG": encoded(PHOTO, "JPEG"),
    "JPEG progressive": encoded(PHOTO, "JPEG", progressive=True),
    "WEBP": encoded(PHOTO, "WEBP"),
    "WEBP lossless": encoded(PHOTO, "WEBP", lossless=True),
    "GIF": encoded(PHOTO, "GIF"),
    "BMP": encoded(PHOTO, "BMP"),
}
