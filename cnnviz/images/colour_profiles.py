"""Check, make and apply colour profiles, which say what colours the numbers of a picture mean.

A profile is untrusted input and is read by C code. So its size is limited and it is parsed here:
the tags that define the colours are checked and put into a fresh profile; the rest is dropped.

Sources: profiles are ICC.1:2022, the adaptation to another white is Bradford's.
"""

import io
import struct
from collections.abc import Collection, Iterable
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageCms

MAX_PROFILE = 4 * 2**20  # bytes; the largest printer profiles have 3 MB
GREY, RGB, CMYK = b"GRAY", b"RGB ", b"CMYK"

_MATRIX = (b"rXYZ", b"gXYZ", b"bXYZ")
_CURVES = (b"rTRC", b"gTRC", b"bTRC")
_NEEDED = {GREY: (b"kTRC",), RGB: (*_MATRIX, *_CURVES), CMYK: (b"A2B0",)}
_TABLES = (b"A2B0", b"A2B1")  # where there are both, browsers take the first
_KINDS = {**dict.fromkeys(_MATRIX, (b"XYZ ",)), b"A2B0": (b"mft1", b"mft2", b"mAB ")}
_CURVE_KINDS = (b"curv", b"para")
_MAX_CURVE = 2**17 + 16  # bytes: 65 536 levels of 16 bits
_CHANNELS = {RGB: 3, CMYK: 4}
_CONNECTIONS = {GREY: (b"XYZ ",), RGB: (b"XYZ ", b"Lab "), CMYK: (b"XYZ ", b"Lab ")}
_MAX_TAGS = 100
_MODES = {RGB: "RGB", CMYK: "CMYK"}
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC  # as browsers do: white stays white

_HEADER = struct.Struct(">I4xI4s4s4s12x4s28x3i48xI")  # 128 bytes, and the number of tags
_ENTRY = struct.Struct(">4sII")
_VERSION = 0x04000000

# x and y of red, green, blue and white
SRGB_PRIMARIES = (0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329)
_D50 = (0.9642, 1.0, 0.8249)
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


def checked_profile(profile: bytes, spaces: Collection[bytes]) -> bytes:
    """Return a profile, `RGB` or `CMYK`, with only the tags that turn numbers into colours.

    `spaces` are those of `GREY`, `RGB` and `CMYK` that fit the picture. Raises ValueError or
    struct.error when the profile is for another space, too large, or damaged.
    """
    if len(profile) > MAX_PROFILE:
        raise ValueError(f"a profile of {len(profile)} bytes; at most {MAX_PROFILE} are read")
    _, version, _, space, connection, mark, *_, number = _HEADER.unpack_from(profile)
    if mark != b"acsp" or space not in spaces or connection not in _CONNECTIONS[space]:
        raise ValueError(f"no profile for {spaces}")
    entries = range(_HEADER.size, _HEADER.size + _ENTRY.size * min(number, _MAX_TAGS), _ENTRY.size)
    found = {}
    for name, start, size in (_ENTRY.unpack_from(profile, at) for at in entries):
        found[name] = profile[start : start + size]
    needed = _NEEDED[space]
    if space in _CHANNELS and (table := next(filter(found.get, _TABLES), None)):
        needed, found = _NEEDED[CMYK], {b"A2B0": found[table]}
    tags = {name: found.get(name, b"") for name in needed}
    for name, tag in tags.items():
        most = MAX_PROFILE if name == b"A2B0" else _MAX_CURVE
        if tag[:4] not in _KINDS.get(name, _CURVE_KINDS) or len(tag) > most:
            raise ValueError(f"the tag {name!r} is missing or damaged")
        if name == b"A2B0" and tuple(tag[8:10]) != (_CHANNELS[space], 3):
            raise ValueError("the table is for another number of channels")
    if space == GREY:
        # greys of a screen: the same as colours whose channels are equal
        return matrix_profile(SRGB_PRIMARIES, tags[b"kTRC"])
    return _profile(tags, space, connection, version)


def sound_profile(profile: bytes, spaces: Collection[bytes]) -> bytes:
    """Return `checked_profile`, or nothing where the profile is broken."""
    try:
        return checked_profile(profile, spaces)
    except (ValueError, struct.error):
        return b""


def matrix_profile(primaries: ArrayLike, curve: bytes) -> bytes:
    """Return the profile of a screen with these primaries, and this curve in each channel.

    `primaries` are the x and y of red, green, blue and white, eight numbers. Raises ValueError
    when they span no colours.
    """
    light = to_xyz(primaries)
    columns = _to_d50(light.sum(axis=1)) @ light
    if not (np.abs(columns) < 100).all():
        raise ValueError("the primaries span no colours that a profile can hold")
    tags = {
        name: b"XYZ \0\0\0\0" + _fixed(column)
        for name, column in zip(_MATRIX, columns.T, strict=True)
    }
    return _profile({**tags, **dict.fromkeys(_CURVES, curve)}, RGB, b"XYZ ", _VERSION)


def to_xyz(primaries: ArrayLike) -> NDArray[np.float64]:
    """Return the matrix that turns light of these primaries into XYZ; raise as `matrix_profile`."""
    x, y = np.asarray(primaries, float).reshape(4, 2).T
    if (y <= 0).any():
        raise ValueError(f"the y of a primary must be above 0, not {y.min()}")
    colours = np.stack([x / y, np.ones(4), (1 - x - y) / y])
    colours, white = colours[:, :3], colours[:, 3]
    if abs(np.linalg.det(colours)) < 1e-6:
        raise ValueError("the primaries lie on one line")
    return colours * np.linalg.solve(colours, white)


def curve(kind: int, *numbers: float) -> bytes:
    """Return a parametric curve of kind 0 (level ** g) to 4, as numbered in ICC.1."""
    return struct.pack(">4s4xHH", b"para", kind, 0) + _fixed(numbers)


def _to_d50(white: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix that turns colours seen under `white` into those seen under D50."""
    gain = (_BRADFORD @ _D50) / (_BRADFORD @ white)
    return np.linalg.solve(_BRADFORD, gain[:, None] * _BRADFORD)


def _fixed(numbers: Iterable[float]) -> bytes:
    return b"".join(struct.pack(">i", round(float(number) * 65_536)) for number in numbers)


def _profile(tags: dict[bytes, bytes], space: bytes, connection: bytes, version: int) -> bytes:
    entries, body, start = b"", b"", _HEADER.size + _ENTRY.size * len(tags)
    for name, tag in tags.items():
        entries += _ENTRY.pack(name, start + len(body), len(tag))
        body += tag + bytes(-len(tag) % 4)
    kind = b"prtr" if space == CMYK else b"mntr"
    white = (round(part * 65_536) for part in _D50)
    size = start + len(body)
    head = _HEADER.pack(size, version, kind, space, connection, b"acsp", *white, len(tags))
    return head + entries + body


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return an RGB, RGBA or CMYK image in the colours that an sRGB screen shows.

    Colours that sRGB lacks are clipped. Nothing changes if Little CMS cannot use the profile, or if
    it is sRGB up to rounding.
    """
    mode = _MODES[profile[16:20]]
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        convert = ImageCms.ImageCmsTransform(source, _srgb(), mode, "RGB", _INTENT).apply
    except (OSError, ValueError):
        return image
    if mode == "RGB":
        change = np.asarray(convert(_cube()), int) - np.asarray(_cube())
        if np.abs(change).max() <= 1:
            return image
    converted = convert(image.convert(mode))
    if image.mode == "RGBA":
        converted.putalpha(image.getchannel("A"))
    return converted


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@cache
def _cube() -> Image.Image:
    """Return every colour whose channels are among 0, 15, 30 … 255."""
    steps = np.arange(0, 256, 15, dtype=np.uint8)
    return Image.fromarray(np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3))
