"""Bring high dynamic range pictures into the range of an ordinary screen.

Sources: the transfer curves are those of ITU-R BT.2100, their code numbers those of ITU-T H.273. No
standard fixes what to do with light above white; like Chromium, this follows the curve for the
reference white of SMPTE ST 2094-50. The colours are within 2 levels of 255 of Chromium's for peaks
of up to 2000 nits, and within 4 for 4000. For peaks of at most white, which Chromium does not dim,
a dark level of a colour that the screen cannot show may be up to 29 levels away.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.images.colour_profiles import SRGB_PRIMARIES, to_xyz

PQ, HLG = 16, 18  # code numbers of the transfer curves
USUAL_PEAK = 1000.0  # nits
_WHITE = 203.0  # nits: a sheet of paper in such a picture
BT2020_PRIMARIES = (0.708, 0.292, 0.17, 0.797, 0.131, 0.046, 0.3127, 0.329)
_TO_XYZ = to_xyz(BT2020_PRIMARIES)
_BEND = 0.65  # where the curve bends between knee and peak

Light = NDArray[np.float64]


class HighRange(NamedTuple):
    """What the levels of a picture mean: its primaries, its curve, its brightest light in nits."""

    primaries: tuple[float, ...]
    transfer: int
    peak: float


def to_sdr(image: Image.Image, meaning: HighRange) -> Image.Image:
    """Return an RGB or RGBA image in the colours that an sRGB screen shows.

    Examples
    --------
    Paper white, about 203 nits, and 1000 nits, the brightest here:

    >>> image = Image.new("RGB", (2, 1), (148, 148, 148))
    >>> image.putpixel((1, 0), (192, 192, 192))
    >>> shown = to_sdr(image, HighRange(SRGB_PRIMARIES, PQ, 1000))
    >>> shown.getpixel((0, 0)), shown.getpixel((1, 0))
    ((187, 187, 187), (255, 255, 255))
    """
    levels = np.asarray(image.convert("RGB"))
    steps = np.arange(256) / 255
    light = (_pq(steps) if meaning.transfer == PQ else _hlg(steps))[levels]
    light = light @ (np.linalg.inv(_TO_XYZ) @ to_xyz(meaning.primaries)).T
    if meaning.transfer == HLG:
        light *= _system_gain(light)
    light *= _gain(light.max(axis=-1, keepdims=True), meaning.peak)
    light = light @ (np.linalg.inv(to_xyz(SRGB_PRIMARIES)) @ _TO_XYZ).T
    shown = Image.fromarray(np.rint(255 * _srgb(light)).astype(np.uint8))
    if image.mode == "RGBA":
        shown.putalpha(image.getchannel("A"))
    return shown


def _pq(level: Light) -> Light:
    """Return the light, 1 for white, of levels from 0 to 1: perceptual steps up to 10 000 nits."""
    root = level ** (32 / 2523)
    part = np.maximum(root - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * root)
    return part ** (16384 / 2610) * 10_000 / _WHITE


def _hlg(level: Light) -> Light:
    """Return the scene light, from 0 to 1, of levels from 0 to 1."""
    bright = (np.exp((level - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return np.where(level <= 0.5, level**2 / 3, bright)


def _system_gain(scene: Light) -> Light:
    """Return the factor by which a screen of 1000 nits scales scene light (…, 3), white at 1."""
    luminance = scene @ _TO_XYZ[1]
    return USUAL_PEAK / _WHITE * np.maximum(luminance, 0)[..., None] ** 0.2


def _gain(brightest: Light, peak: float) -> Light:
    """Return the factor for light that brings the peak down to 1.

    Up to white, all light is dimmed by the same factor, more for a brighter peak; above white the
    curve is a parabola that reaches 1 at the peak. A peak of at most white changes nothing.
    """
    top = peak / _WHITE
    if top <= 1:
        return np.ones_like(brightest)
    knee = 1 - 0.5 * min(math.log(top) / math.log(USUAL_PEAK / _WHITE), 1)
    bend_x, bend_y = 1 + _BEND * (1 / knee - 1), knee + _BEND * (1 - knee)
    a, b = 1 - 2 * bend_x + top, bend_x - 1
    x = np.clip(brightest, 1, top)
    # how far along the curve x is: a t² + 2 b t + 1 = x, solved in the form that allows a = 0
    t = (x - 1) / np.maximum(b + np.sqrt(np.maximum(b * b + a * (x - 1), 0)), 1e-12)
    y = knee * (1 - t) ** 2 + 2 * bend_y * t * (1 - t) + t**2
    return np.where(brightest <= 1, knee, y / np.maximum(brightest, 1))


def _srgb(light: Light) -> Light:
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
