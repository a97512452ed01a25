"""Strip a picture file down to what its decoder needs, before the decoder sees it.

Metadata is where small files do harm: a PNG of 10 MB can hold colour profiles that take seconds to
unpack, and an Exif block can point at the same megabytes again and again. Colour profiles, text,
thumbnails, further frames and whatever follows the picture are left out; of the Exif data only the
orientation is read, here.

Sources: JPEG is ITU-T T.81, PNG is W3C PNG (Third Edition), GIF is CompuServe's GIF89a, Exif is
CIPA DC-008.
"""

import re
import struct
import zlib
from dataclasses import dataclass

MAX_SEGMENTS = 1000  # of a JPEG or GIF, before the picture; a photo has ten to two hundred
MAX_CHUNKS = 20_000  # of a PNG; a full file in the customary 8 kB has 1 300
MAX_BLOCKS = 5000  # of a GIF extension; a block has up to 255 bytes

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}

_JPEG_MARKER = re.compile(rb"\xff([\x01-\xfe])")
_APP1, _COMMENT, _SCAN, _END = 0xE1, 0xFE, 0xDA, b"\xff\xd9"
_APP = range(0xE0, 0xF0)
_APP_KEPT = {0xE0, 0xEE}  # JFIF and Adobe say what the components mean
_SEQUENTIAL = {0xC0, 0xC1}
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}

_GIF_EXTENSION, _GIF_FRAME, _GIF_CONTROL = 0x21, 0x2C, 0xF9

_ORIENTATION_TAG = 0x0112


@dataclass(frozen=True)
class Stripped:
    """A file without its metadata.

    Attributes
    ----------
    data : bytes
        The file that is left.
    exif : bytes
        Its first Exif block, empty where it has none.
    scans : int
        For a JPEG, how often the decoder has to pass over the picture.
    progressive : bool
        For a JPEG, whether the decoder must hold the whole picture before it can show any of it.
    """

    data: bytes
    exif: bytes = b""
    scans: int = 1
    progressive: bool = False


def strip_jpeg(data: bytes) -> Stripped:
    """Keep the first picture of a JPEG file.

    Raises ValueError, IndexError or struct.error when its segments do not fit together.
    """
    kept, exif, frame, at = [data[:2]], b"", b"", 2
    for _ in range(MAX_SEGMENTS):
        found = _JPEG_MARKER.search(data, at)
        if not found:
            break
        marker, start, at = found[1][0], found.start(), found.end()
        if marker in _WITHOUT_LENGTH:
            continue
        at += int.from_bytes(data[at : at + 2])
        segment = data[start:at]
        if marker == _SCAN and frame:
            end = data.index(_END, at) + 2
            one_scan_has_all = segment[4] == frame[9]
            return Stripped(
                data=b"".join([*kept, data[start:end]]),
                exif=exif,
                scans=data.count(b"\xff\xda", start, end),
                progressive=frame[1] not in _SEQUENTIAL or not one_scan_has_all,
            )
        if marker in _FRAMES:
            frame = segment
        if marker == _APP1 and segment[4:10] == b"Exif\0\0":
            exif = exif or segment[10:]
        if marker in _APP_KEPT or (marker not in _APP and marker != _COMMENT):
            kept.append(segment)
    raise ValueError("no scan follows the segments")


def strip_png(data: bytes) -> Stripped:
    """Keep the still picture of a PNG file.

    Raises ValueError or struct.error when a chunk is damaged or missing.
    """
    kept, exif, at = [PNG_SIGNATURE], b"", len(PNG_SIGNATURE)
    for _ in range(MAX_CHUNKS):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + length + 12]
        at += length + 12
        if kind in _PNG_KEPT:
            if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
                raise ValueError("a chunk does not match its checksum")
            kept.append(chunk)
        elif kind == b"eXIf":
            exif = exif or chunk[8:-4]
        if kind == b"IEND":
            return Stripped(b"".join(kept), exif)
    raise ValueError("no end after so many chunks")


def strip_gif(data: bytes) -> Stripped:
    """Keep the frames of a GIF file, and of what stands before them only the transparency.

    Raises ValueError or IndexError when there is no frame.
    """
    flags = data[10]
    at = 13 + (3 * 2 ** (1 + flags % 8) if flags & 0x80 else 0)
    header, control = data[:at], b""
    for _ in range(MAX_SEGMENTS):
        if data[at] == _GIF_FRAME:
            return Stripped(header + control + data[at:])
        if data[at] != _GIF_EXTENSION:
            break
        start, at = at, _end_of_blocks(data, at + 2)
        if data[start + 1] == _GIF_CONTROL:
            control = data[start:at]
    raise ValueError("no frame follows the extensions")


def _end_of_blocks(data: bytes, at: int) -> int:
    for _ in range(MAX_BLOCKS):
        length = data[at]
        at += 1 + length
        if not length:
            return at
    raise ValueError("an extension has too many blocks")


def orientation(exif: bytes) -> int:
    """Return the orientation in an Exif block, 1 to 8; 1, upright, where it gives none.

    >>> header, entry = struct.pack(">2sHI", b"MM", 42, 8), (0x0112, 3, 1, 6, 0)
    >>> orientation(header + struct.pack(">H", 1) + struct.pack(">HHIHH", *entry))
    6
    """
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", exif, 4)
        (entries,) = struct.unpack_from(order + "H", exif, start)
        for entry in range(entries):
            tag, _, _, value = struct.unpack_from(order + "HHIH", exif, start + 2 + 12 * entry)
            if tag == _ORIENTATION_TAG:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass  # a damaged block: the picture itself may be fine
    return 1
