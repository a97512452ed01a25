"""The part of a GIF file that its decoder needs.

Source: CompuServe's GIF89a.
"""

import re
import struct

from cnnviz.images.metadata.stripped import Stripped

MAX_SEGMENTS = 1000  # before the first frame
MAX_BLOCKS = 5000  # in an extension; a block has up to 255 bytes

_EXTENSION, _FRAME, _CONTROL = 0x21, 0x2C, 0xF9
_ZEROS = re.compile(rb"\0*")


def strip_gif(data: bytes) -> Stripped:
    """Keep the frames of a GIF file, and before them only the transparency.

    Raises ValueError, IndexError or struct.error when there is no frame.
    """
    flags = data[10]
    at = 13 + (3 * 2 ** (1 + flags % 8) if flags & 0x80 else 0)
    header, control = data[:at], b""
    for _ in range(MAX_SEGMENTS):
        zeros = _ZEROS.match(data, at)  # surplus block terminators, which some programs write
        at = zeros.end() if zeros else at
        if data[at] == _FRAME:
            left, top, width, height = struct.unpack_from("<4H", data, at + 1)
            box = left, top, left + width, top + height
            return Stripped(header + control + data[at:], box=box)
        if data[at] != _EXTENSION:
            break
        start, at = at, _end_of_blocks(data, at + 2)
        if data[start + 1] == _CONTROL:
            control = data[start:at]
    raise ValueError("no frame follows the extensions")


def _end_of_blocks(data: bytes, at: int) -> int:
    for _ in range(MAX_BLOCKS):
        length = data[at]
        at += 1 + length
        if not length:
            return at
    raise ValueError("an extension has too many blocks")
