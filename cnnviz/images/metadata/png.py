"""The part of a PNG file that its decoder needs.

Source: W3C PNG (Third Edition).
"""

import struct
import zlib
from collections.abc import Iterator

from cnnviz.images.colour_profiles import GREY, RGB
from cnnviz.images.metadata.png_colours import COLOUR_CHUNKS, colour_profile, high_range
from cnnviz.images.metadata.stripped import Stripped

MAX_CHUNKS = 20_000  # a file of the full size has 1 300 of the customary 8 kB
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
_GREY_TYPES, _PALETTE = (0, 4), 3
_CLEAR_BYTES = {0: 2, 2: 6}  # of the transparent colour, by the type of colours


def strip_png(data: bytes) -> Stripped:
    """Keep the still picture of a PNG file, and add its end if that is missing.

    Raises ValueError, IndexError or struct.error when a chunk is damaged or missing.
    """
    kept, kind = [PNG_SIGNATURE], b""
    read: dict[bytes, bytes] = {}
    for chunk in _chunks(data):
        kind, body = chunk[4:8], chunk[8:-4]
        sound = zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:])
        if kind in _KEPT:
            if not sound:
                raise ValueError("a chunk does not match its checksum")
            kept.append(_for_the_decoder(chunk, kept[1]) if kind == b"tRNS" else chunk)
        elif sound and (kind == b"eXIf" or (kind in COLOUR_CHUNKS and b"IDAT" not in read)):
            read.setdefault(kind, body)
        if kind == b"IDAT":
            read[kind] = b""  # colour chunks after this are ignored
    if kind != b"IEND":
        kept.append(_chunk(b"IEND"))
    spaces = (GREY, RGB) if kept[1][17] in _GREY_TYPES else (RGB,)
    high = high_range(read)
    profile = b"" if high else colour_profile(read, spaces)
    return Stripped(b"".join(kept), read.get(b"eXIf", b""), profile, high)


def _chunks(data: bytes) -> Iterator[bytes]:
    """Yield one chunk after the other, including pixel data that is cut short."""
    at = len(PNG_SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if len(data) - at < 8:
            return
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + length + 12]
        at += length + 12
        if len(chunk) == length + 12:
            yield chunk
        elif kind == b"IDAT":  # the decoder will find out whether the picture is complete
            yield _chunk(kind, chunk[8 : 8 + length])
        if kind == b"IEND":
            return
    raise ValueError("no end after so many chunks")


def _chunk(kind: bytes, body: bytes = b"") -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def _for_the_decoder(clear: bytes, header: bytes) -> bytes:
    """Return the transparent colour's chunk in the levels that Pillow compares it with.

    Pillow's levels have 8 bits where the file has 2 or 4. A level too large for the file matches no
    pixel, and browsers leave out a colour of the wrong length.
    """
    depth, colour_type = header[16], header[17]
    if colour_type == _PALETTE:
        return clear
    if len(clear) - 12 != _CLEAR_BYTES.get(colour_type):
        return b""
    levels = list(struct.unpack(f">{len(clear) // 2 - 6}H", clear[8:-4]))
    if max(levels) >= 2**depth:
        return b""
    if depth in (2, 4):
        levels = [level * 255 // (2**depth - 1) for level in levels]
    return _chunk(b"tRNS", struct.pack(f">{len(levels)}H", *levels))
