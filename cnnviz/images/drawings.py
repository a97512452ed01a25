"""Drawings as text: strokes of a pen and of an eraser, short enough for a link, and their ink.

A stroke is its tool, "d" for the pen and "e" for the eraser, and its points, each x and y in two
hexadecimal digits; strokes are joined by dots. The pad runs from 0 to 255 in both directions.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

SHEET = 256  # units a side
WIDTHS = {"d": 22, "e": 52}  # units, as in static/components/drawing-pad
FINE = 4  # lines are drawn this many times larger and averaged, for smooth edges

STROKES = re.compile(r"[de](?:[0-9a-f]{4})+(?:\.[de](?:[0-9a-f]{4})+)*")


class Stroke(NamedTuple):
    """One unbroken line: its tool, "d" or "e", and its points (x, y) in units."""

    tool: str
    points: Sequence[tuple[int, int]]


def strokes(text: str) -> list[Stroke]:
    """Return the strokes that a text encodes, in the order in which they were drawn.

    Raises
    ------
    ValueError
        When the text is not a drawing.

    Examples
    --------
    >>> strokes("d80208080.e4040")
    [Stroke(tool='d', points=[(128, 32), (128, 128)]), Stroke(tool='e', points=[(64, 64)])]
    """
    if not text:
        return []
    if not STROKES.fullmatch(text):
        raise ValueError("strokes as d or e and pairs of hexadecimal digits")
    return [Stroke(part[0], _points(bytes.fromhex(part[1:]))) for part in text.split(".")]


def _points(numbers: bytes) -> list[tuple[int, int]]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def ink(text: str, size: int = 112) -> NDArray[np.float32]:
    """Draw the strokes of a text: (size, size), from 0 for paper to 1 for ink.

    The eraser takes away what was drawn before it.

    Examples
    --------
    >>> upright = ink("d80208080", 8)
    >>> upright.shape, float(upright[:, 4].max()), float(upright[:, 0].max())
    ((8, 8), 0.5, 0.0)
    """
    sheet = Image.new("L", (FINE * size, FINE * size))
    pen = ImageDraw.Draw(sheet)
    scale = FINE * size / SHEET
    for tool, points in strokes(text):
        width, fill = WIDTHS[tool] * scale, 255 if tool == "d" else 0
        places = [((x + 0.5) * scale, (y + 0.5) * scale) for x, y in points]
        pen.line(places, fill=fill, width=round(width))
        for x, y in places:
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=fill)
    # Rows are summed first: five times as fast as taking the mean of each block.
    rows = np.asarray(sheet).reshape(size, FINE, size * FINE).sum(axis=1, dtype=np.float32)
    return rows.reshape(size, size, FINE).sum(axis=2) / np.float32(255 * FINE**2)
