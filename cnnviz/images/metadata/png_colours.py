"""The colour information of a PNG file, as a profile.

Sources: W3C PNG (Third Edition); primaries and curves are numbered as in ITU-T H.273.
"""

import struct
import zlib
from collections.abc import Collection, Container, Mapping
from contextlib import suppress

from cnnviz.images.colour_profiles import (
    MAX_PROFILE,
    SRGB_PRIMARIES,
    checked_profile,
    curve,
    matrix_profile,
)
from cnnviz.images.high_range import BT2020_PRIMARIES, HLG, PQ, USUAL_PEAK, HighRange

_SMPTE_170M = (0.63, 0.34, 0.31, 0.595, 0.155, 0.07, 0.3127, 0.329)
PRIMARIES = {  # x and y of red, green, blue and white, by their number
    1: SRGB_PRIMARIES,
    4: (0.67, 0.33, 0.21, 0.71, 0.14, 0.08, 0.31, 0.316),
    5: (0.64, 0.33, 0.29, 0.6, 0.15, 0.06, 0.3127, 0.329),
    6: _SMPTE_170M,
    7: _SMPTE_170M,
    8: (0.681, 0.319, 0.243, 0.692, 0.145, 0.049, 0.31, 0.316),
    9: BT2020_PRIMARIES,
    11: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.314, 0.351),
    12: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.329),
    22: (0.63, 0.34, 0.295, 0.605, 0.155, 0.077, 0.3127, 0.329),
}
_POWER, _SCALED_POWER, _LINE_THEN_POWER = 0, 1, 3  # kinds of curves
CURVES = {  # from levels to light, by their number
    **dict.fromkeys((1, 6, 11, 14, 15), curve(_POWER, 2.4)),  # as BT.1886 shows video
    4: curve(_POWER, 2.2),
    5: curve(_POWER, 2.8),
    7: curve(_LINE_THEN_POWER, 1 / 0.45, 1 / 1.1115, 0.1115 / 1.1115, 1 / 4, 0.0912),
    8: curve(_POWER, 1.0),
    13: curve(_LINE_THEN_POWER, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045),
    17: curve(_SCALED_POWER, 2.6, (52.37 / 48) ** (1 / 2.6), 0.0),  # used in cinemas
}
_LIKE_SRGB = (0.95 / 2.2, 1.05 / 2.2)  # a bare gamma in this range just means sRGB


def colour_profile(chunks: Mapping[bytes, bytes], spaces: Collection[bytes]) -> bytes:
    """Return the profile from the first valid chunk among cICP, iCCP, sRGB and gAMA.

    Empty if that is sRGB, or if there is no such chunk.
    """
    for kind, read in _READERS:
        if kind in chunks:
            with suppress(ValueError, struct.error, zlib.error):
                return read(chunks, spaces)
    return b""


def high_range(chunks: Mapping[bytes, bytes]) -> HighRange | None:
    """Return what the levels of a high dynamic range picture mean, or None if it is not one."""
    with suppress(KeyError, ValueError):
        primaries, transfer = _code(chunks[b"cICP"], (PQ, HLG))
        return HighRange(PRIMARIES[primaries], transfer, _peak(chunks))
    return None


def _peak(chunks: Mapping[bytes, bytes]) -> float:
    """Return the brightest light in nits: of the picture, or of the screen it was made on."""
    for kind, form in ((b"cLLI", ">I4x"), (b"mDCV", ">16xI4x")):
        with suppress(KeyError, struct.error):
            (peak,) = struct.unpack(form, chunks[kind])
            if peak:
                return float(peak) / 10_000
    return USUAL_PEAK


def _code(chunk: bytes, transfers: Container[int]) -> tuple[int, int]:
    """Return the numbers of primaries and curve; raise ValueError for unknown ones."""
    primaries, transfer, matrix, full_range = chunk
    if matrix or full_range != 1 or primaries not in PRIMARIES or transfer not in transfers:
        raise ValueError("no colours that we know")
    return primaries, transfer


def _cicp(chunks: Mapping[bytes, bytes], _: Collection[bytes]) -> bytes:
    primaries, transfer = _code(chunks[b"cICP"], CURVES)
    return matrix_profile(PRIMARIES[primaries], CURVES[transfer])


def _iccp(chunks: Mapping[bytes, bytes], spaces: Collection[bytes]) -> bytes:
    _, _, packed = chunks[b"iCCP"].partition(b"\0")
    # one byte too many is refused, so a small chunk can never unpack to more than that
    return checked_profile(zlib.decompressobj().decompress(packed[1:], MAX_PROFILE + 1), spaces)


def _srgb(_: Mapping[bytes, bytes], __: Collection[bytes]) -> bytes:
    return b""


def _gama(chunks: Mapping[bytes, bytes], _: Collection[bytes]) -> bytes:
    (gamma,) = struct.unpack(">I", chunks[b"gAMA"])
    gamma /= 100_000
    if not 0.01 <= gamma <= 100:
        raise ValueError(f"a gamma of {gamma}")
    if b"cHRM" in chunks:
        with suppress(ValueError, struct.error):
            white_first = [part / 100_000 for part in struct.unpack(">8I", chunks[b"cHRM"])]
            return matrix_profile(white_first[2:] + white_first[:2], curve(_POWER, 1 / gamma))
    if _LIKE_SRGB[0] <= gamma <= _LIKE_SRGB[1]:
        return b""
    return matrix_profile(SRGB_PRIMARIES, curve(_POWER, 1 / gamma))


_READERS = ((b"cICP", _cicp), (b"iCCP", _iccp), (b"sRGB", _srgb), (b"gAMA", _gama))
COLOUR_CHUNKS = (*(kind for kind, _ in _READERS), b"cHRM", b"cLLI", b"mDCV")
