"""The part of a JPEG file that its decoder needs.

Sources: ITU-T T.81; for profiles in several segments, ICC.1:2022, annex B.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from cnnviz.images.colour_profiles import CMYK, GREY, RGB, sound_profile
from cnnviz.images.metadata.stripped import Stripped

MAX_SEGMENTS = 1000  # before the picture; a photo has ten to two hundred

_MARKER = re.compile(rb"\xff([\x01-\xfe])")
_EXIF, _PROFILE, _COMMENT, _SCAN = 0xE1, 0xE2, 0xFE, 0xDA
_START_OF_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_APP = range(0xE0, 0xF0)
_APP_KEPT = {0xE0, 0xEE}  # JFIF and Adobe say what the components mean
_SEQUENTIAL = {0xC0, 0xC1}
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
_SPACES = {1: (GREY, RGB), 3: (RGB,), 4: (CMYK,)}  # by the number of components

# Two endings with more bits than a decoder reads ahead, each the complement of the other: a decoder
# that still needs bits gets different ones from the two.
_BITS = bytes(range(0x10, 0xF0, 7))
_ENDS = _BITS, bytes(0xFF - byte for byte in _BITS)


def strip_jpeg(data: bytes) -> Stripped:
    """Keep the first picture of a JPEG file.

    Raises ValueError or IndexError when its segments do not fit together.
    """
    kept, exif, frame = [data[:2]], b"", b""
    parts: dict[int, bytes] = {}
    for marker, start, end in _segments(data):
        segment, body = data[start:end], data[start + 4 : end]
        if marker == _SCAN and frame:
            picture = _picture(b"".join(kept), frame, data[start:])
            profile = sound_profile(_joined(parts), _SPACES.get(frame[9], ()))
            return replace(picture, exif=exif, profile=profile)
        if marker in _FRAMES:
            frame = segment
        elif marker == _EXIF and body.startswith(b"Exif\0\0"):
            exif = exif or body[6:]
        elif marker == _PROFILE and body.startswith(b"ICC_PROFILE\0") and len(body) > 14:
            parts.setdefault(body[12], body[13:])
        if marker in _APP_KEPT or (marker not in _APP and marker != _COMMENT):
            kept.append(segment)
    raise ValueError("no scan follows the segments")


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the marker, the start and the end of each segment."""
    at = 2
    for _ in range(MAX_SEGMENTS):
        found = _MARKER.search(data, at)
        if not found:
            return
        marker, start, at = found[1][0], found.start(), found.end()
        if marker not in _WITHOUT_LENGTH:
            at += int.from_bytes(data[at : at + 2])
            yield marker, start, at


def _joined(parts: Mapping[int, bytes]) -> bytes:
    """Join a profile whose parts begin with their total; return nothing if one is missing."""
    total = next(iter(parts.values()), b"\0")[0]
    numbers = range(1, total + 1)
    return b"".join(parts[number][1:] for number in numbers) if set(numbers) <= set(parts) else b""


def _picture(head: bytes, frame: bytes, rest: bytes) -> Stripped:
    """Return the picture whose first scan begins `rest`."""
    scans, end, _ = rest.partition(_END)
    progressive = frame[1] not in _SEQUENTIAL or scans[4] != frame[9]  # or several scans
    about: dict[str, Any] = {
        "refused": _refused(frame),
        "scans": scans.count(_START_OF_SCAN),
        "progressive": progressive,
    }
    if end:
        return Stripped(head + scans + end, **about)
    if progressive and not _has_all_bits(frame, scans):
        raise ValueError("the file ends before its last scan")
    # a decoder cannot know where a single scan ends: it would invent missing pixels
    one, other = (
        head + scans.removesuffix(b"\xff") + bits + (_END if progressive else b"") for bits in _ENDS
    )
    return Stripped(one, with_other_end=other, **about)


def _refused(frame: bytes) -> str:
    """Return the name of a coding that browsers cannot read either, or nothing."""
    coding, precision = frame[1], frame[4]
    if coding > 0xC8:
        return "arithmetic-coded"
    if coding > 0xC3:
        return "hierarchical"
    if coding == 0xC3:
        return "lossless"
    return "12-bit" if precision == 12 else ""


def _has_all_bits(frame: bytes, scans: bytes) -> bool:
    """Whether there is a scan for the last bit of each coefficient of each component."""
    missing = {(component, place) for component in frame[10::3] for place in range(64)}
    for found in islice(re.finditer(_START_OF_SCAN, scans), MAX_SEGMENTS):
        at = found.end() + 3
        components = scans[at : at + 2 * scans[at - 1] : 2]
        first, last, bits = scans[at + 2 * scans[at - 1] :][:3]
        if bits & 15 == 0:
            missing -= {(name, place) for name in components for place in range(first, last + 1)}
    return not missing
