"""The colours of a WebP file, and its end.

Source: Google's WebP container.
"""

import struct

from cnnviz.images.colour_profiles import RGB, sound_profile
from cnnviz.images.metadata.stripped import Stripped

MAX_CHUNKS = 20_000  # to look at; an animation has one a frame

_FIRST = 12  # where the first chunk begins
_HEAD = struct.Struct("<4sI")


def strip_webp(data: bytes) -> Stripped:
    """Read the profile of a WebP file, and drop a last chunk that is cut short."""
    profile, at = b"", _FIRST
    for _ in range(MAX_CHUNKS):
        if len(data) - at < _HEAD.size:
            break
        kind, size = _HEAD.unpack_from(data, at)
        body = at + _HEAD.size
        if body + size > len(data):
            kept = data[_FIRST:at]
            data = b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WEBP" + kept
            break
        if kind == b"ICCP":
            profile = profile or data[body : body + size]
        at = body + size + size % 2
    return Stripped(data, profile=sound_profile(profile, (RGB,)))
