"""Turn the bytes of any file into a safe picture, or say in one sentence why not.

Nothing here writes to disk, and the original bytes are dropped once the pixels are read.
"""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from cnnviz.functional.checks import megabytes
from cnnviz.images.decoding import (
    MAX_JPEG_PIXELS,
    MAX_PIXELS,
    MAX_PROGRESSIVE_PIXELS,
    MAX_SCANS,
    MAX_SIDE,
    MAX_WEBP_PIXELS,
    WORKING_SIDE,
    decode,
)
from cnnviz.images.metadata import PNG_SIGNATURE
from cnnviz.images.picture import Picture, PictureError, encode_png, fit, grey, planes

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

Source = bytes | bytearray | memoryview | str | os.PathLike[str] | BinaryIO

MAX_BYTES = 10 * 2**20
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
_LIST = f"{', '.join(FORMATS[:-1])} and {FORMATS[-1]}"

_DECODES_AT_ONCE = 2
_PATIENCE = 20.0  # seconds a picture may wait for its turn
_turns = threading.BoundedSemaphore(_DECODES_AT_ONCE)


def load_picture(data: Source, name: str = "") -> Picture:
    """Read a PNG, JPEG, WebP, GIF or BMP file and return its first frame as a `Picture`.

    The picture is turned upright, laid on white where it is transparent, converted to sRGB if it
    declares other colours, and shrunk to a longest side of `WORKING_SIDE` pixels. At most two files
    are decoded at once; others wait their turn.

    Parameters
    ----------
    data : bytes, bytearray, memoryview, path or open binary file
        A file or its path. A `str` is a path.
    name : str
        The picture's name; if empty and `data` is a path, the file's own name.

    Raises
    ------
    PictureError
        When the file is too large, not one of the five formats, damaged, or built to exhaust
        the machine. The message is a sentence for the user.
    OSError
        When there is no such file.
    TypeError
        When no bytes can be read from `data`.

    >>> from cnnviz.images.samples import sample_picture
    >>> load_picture(encode_png(sample_picture("x").pixels), "x").pixels.shape
    (9, 9, 3)
    """
    if isinstance(data, str | os.PathLike):
        path = Path(data)
        try:
            file = path.open("rb")
        except ValueError:  # not a possible name, for instance with a zero byte
            raise PictureError(f"No file can have the name {str(path)!r}.") from None
        with file:
            return load_picture(file, name or path.name)
    data = _bytes_of(data)
    form = _recognise(data)
    with turn():
        try:
            return decode(data, form, name)
        except PictureError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            # Pillow's own limit is far above ours, and is checked before ours
            raise PictureError(
                f"This picture has far more than {MAX_PIXELS // 10**6} million pixels; "
                "make it smaller first."
            ) from None
        except Exception:  # decoders raise all kinds of errors on damaged files
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


def _bytes_of(source: bytes | bytearray | memoryview | BinaryIO) -> bytes:
    """Return the bytes of a file in memory, or the unread rest of an open one."""
    if isinstance(source, bytes | bytearray | memoryview):
        length = memoryview(source).nbytes
        if length > MAX_BYTES:
            raise _too_long(megabytes(length))
        return bytes(source)
    if not hasattr(source, "read"):
        raise TypeError(
            "a picture is read from bytes, from a path or from an open file, "
            f"not from {type(source).__name__}"
        )
    data = source.read(MAX_BYTES + 1)
    if not isinstance(data, bytes):
        raise TypeError(f"the file gives {type(data).__name__}, not bytes: open it with 'rb'")
    if len(data) > MAX_BYTES:
        raise _too_long(f"more than {megabytes(MAX_BYTES)}")
    return data


def _too_long(size: str) -> PictureError:
    return PictureError(
        f"This file has {size}; at most {megabytes(MAX_BYTES)} work, "
        "so make the picture smaller first."
    )


def _recognise(data: bytes) -> str:
    """Return Pillow's name for the format, found by the first bytes, not by the file's ending."""
    if not data:
        raise PictureError("This file is empty; choose another one.")
    for form, start in _STARTS.items():
        if start.match(data):
            return form
    for kind, start in _REFUSED.items():
        if start.match(data):
            raise PictureError(f"{kind} files do not work here; save or share it as JPEG.")
    raise PictureError(f"This file is not a picture we can read; {_LIST} files work.")
