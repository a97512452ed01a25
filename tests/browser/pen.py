"""Draw digits with the mouse on the sheet of the Inside page."""

import re

import numpy as np

ONE = [(0.5, 0.12), (0.5, 0.88)]


CIRCLE = [(0.5 + 0.22 * np.sin(turn), 0.5 - 0.36 * np.cos(turn))
          for turn in np.linspace(0, 2 * np.pi, 25)]  # fmt: skip


STROKES = "d80208080808080e0"


def place(canvas, x, y):
    box = canvas.bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def draw(page, places):
    """Draw a line with the mouse, through points given as fractions of the sheet."""
    canvas = page.locator("canvas.sheet")
    page.mouse.move(*place(canvas, *places[0]))
    page.mouse.down()
    for each in places[1:]:
        page.mouse.move(*place(canvas, *each), steps=3)
    page.mouse.up()


def says(page, name):
    page.locator("p", has_text=re.compile(rf"^It says {name},")).wait_for()
