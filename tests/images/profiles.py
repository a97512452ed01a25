"""Colour profiles made in code for the tests, from ICC.1 and without using the package."""

import struct

import numpy as np
from PIL import Image

from tests.images.pictures import jpeg_segment

D50 = (0.9642, 1.0, 0.8249)
# X, Y and Z of red, green and blue under D50, as published
SCREENS = {
    "sRGB": [(0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7142)],
    "Display P3": [(0.5151, 0.2412, -0.0011), (0.292, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841)],
    "Adobe RGB": [(0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446)],
    "ProPhoto": [(0.7977, 0.288, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249)],
    "BT.2020": [(0.6735, 0.279, -0.0019), (0.1657, 0.6753, 0.03), (0.1251, 0.0456, 0.7969)],
}


def numbers(*values):
    return b"".join(struct.pack(">i", round(value * 65_536)) for value in values)


def xyz(values):
    return b"XYZ \0\0\0\0" + numbers(*values)


def gamma(exponent):
    return b"para\0\0\0\0\0\0\0\0" + numbers(exponent)


SRGB_CURVE = b"para\0\0\0\0\0\3\0\0" + numbers(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def profile(tags, space=b"RGB ", connection=b"XYZ ", version=4):
    index, body, start = b"", b"", 132 + 12 * len(tags)
    for name, tag in tags.items():
        index += struct.pack(">4sII", name, start + len(body), len(tag))
        body += tag + bytes(-len(tag) % 4)
    kind = b"prtr" if space == b"CMYK" else b"mntr"
    head = struct.pack(">I4x4B4s4s4s", start + len(body), version, 0, 0, 0, kind, space, connection)
    head = head.ljust(36, b"\0") + b"acsp" + bytes(28) + numbers(*D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + index + body


def screen(name, curve=SRGB_CURVE, more=()):
    columns = dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(xyz, SCREENS[name]), strict=True))
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return profile({**columns, **curves, b"wtpt": xyz(D50), **dict(more)})


def greys(exponent):
    return profile({b"kTRC": gamma(exponent), b"wtpt": xyz(D50)}, b"GRAY")


def table(channels, colour, steps=3):
    """Return the lookup table that gives each mix of `channels`, from 0 to 1, the Lab `colour`."""
    grid = np.stack(np.meshgrid(*[np.linspace(0, 1, steps)] * channels, indexing="ij"), axis=-1)
    lab = np.array([colour(*mix) for mix in grid.reshape(-1, channels)])
    levels = np.rint(lab * (652.8, 256, 256) + (0, 32_768, 32_768)).clip(0, 65_535)
    line = b"\0\0\xff\xff"
    return (
        b"mft2\0\0\0\0"
        + bytes([channels, 3, steps, 0])
        + numbers(1, 0, 0, 0, 1, 0, 0, 0, 1)
        + struct.pack(">HH", 2, 2)
        + line * channels
        + levels.astype(">u2").tobytes()
        + line * 3
    )


def press():
    """Return the profile of a printing press with invented inks, whose black is not fully black."""

    def lab(cyan, magenta, yellow, black):
        light = 1 - 0.9 * black
        lightness = 100 * (1 - 0.35 * cyan - 0.45 * magenta - 0.08 * yellow)
        a, b = 70 * magenta - 35 * cyan, 90 * yellow - 45 * cyan
        return light * np.array([max(lightness, 0), a, b])

    return profile({b"A2B0": table(4, lab)}, b"CMYK", b"Lab ", version=2)


def profile_segments(data, number=1):
    """Return a profile as `number` segments of a JPEG."""
    step = -(-len(data) // number)
    parts = [data[at : at + step] for at in range(0, len(data), step)]
    return [
        jpeg_segment(0xE2, b"ICC_PROFILE\0" + bytes([index, number]) + part)
        for index, part in enumerate(parts, 1)
    ]


def flat(colour, mode="RGB"):
    return Image.new(mode, (16, 16), colour)
