"""Text on a picture in Pillow's built-in font, which lacks a few arithmetic signs.

No system font is used, so an animation looks the same wherever it is made.
"""

from functools import lru_cache

from PIL import ImageDraw, ImageFont

Colour = tuple[int, int, int]
DRAWN = "−×→·╲╱"  # signs that the font lacks: drawn as lines, as wide as a digit
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789−", strict=True))  # and exponents: small, above
SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
LINE = 0.07  # as a share of the font size


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("This Pillow was built without FreeType, and cannot write.")
    return font


def width_of(text: str, size: int) -> float:
    """Return the width of a text in pixels."""
    return sum(_advance(sign, size) for sign in text)


def write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    size: int,
    colour: Colour,
    anchor: str = "l",
) -> None:
    """Write a line of text that starts, is centred ("m") or ends ("r") at (x, middle)."""
    x, middle = at
    x -= {"l": 0.0, "m": 0.5, "r": 1.0}[anchor] * width_of(text, size)
    for one in text:
        sign, letters = _as_drawn(one, size)
        height = middle - 0.3 * size if one in RAISED else middle
        if sign in DRAWN:
            _draw(draw, sign, x, height, letters, colour)
        else:
            draw.text((x, height), sign, colour, _font(letters), "lm")
        x += _advance(one, size)


def _as_drawn(sign: str, size: int) -> tuple[str, int]:
    """Return the sign that stands for one in the font, and its size."""
    if sign in RAISED:
        return RAISED[sign], round(0.65 * size)
    return " " if sign in SPACES else sign, size


def _advance(sign: str, size: int) -> float:
    sign, size = _as_drawn(sign, size)
    return _font(size).getlength("0" if sign in DRAWN else sign)


def _draw(
    draw: ImageDraw.ImageDraw, sign: str, x: float, middle: float, size: int, colour: Colour
) -> None:
    """Draw one of the signs that the font lacks."""
    room = _advance(sign, size)
    left, right, thick = x + 0.12 * room, x + 0.88 * room, max(1, round(LINE * size))
    half = (right - left) / 2
    if sign == "·":
        dot, centre = 0.09 * size, (left + right) / 2
        draw.ellipse((centre - dot, middle - dot, centre + dot, middle + dot), colour)
        return
    lines = {
        "−": [(left, middle, right, middle)],
        "×": [
            (left, middle - half, right, middle + half),
            (left, middle + half, right, middle - half),
        ],
        "╲": [(left, middle - half, right, middle + half)],
        "╱": [(left, middle + half, right, middle - half)],
        "→": [
            (left, middle, right, middle),
            (right - half * 0.8, middle - half * 0.8, right, middle),
            (right - half * 0.8, middle + half * 0.8, right, middle),
        ],
    }
    for line in lines[sign]:
        draw.line(line, colour, thick)
