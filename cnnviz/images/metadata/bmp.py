"""The colours of a BMP file.

Source: Microsoft's BITMAPV5HEADER.
"""

import struct

from cnnviz.images.colour_profiles import RGB, sound_profile
from cnnviz.images.metadata.stripped import Stripped

_HEADER = 14  # where the second header begins; its offsets count from here
_V5, _EMBEDDED = 124, b"DEBM"


def strip_bmp(data: bytes) -> Stripped:
    """Read the profile of a BMP file; raise struct.error when its headers are cut short."""
    profile = b""
    (size,) = struct.unpack_from("<I", data, _HEADER)
    if size >= _V5 and data[_HEADER + 56 : _HEADER + 60] == _EMBEDDED:
        start, length = struct.unpack_from("<II", data, _HEADER + 112)
        profile = data[_HEADER + start :][:length]
    return Stripped(data, profile=sound_profile(profile, (RGB,)))
