"""Maps as figures for slides and worksheets: SVG with title, colour scale and kernel.

The cells are embedded as a PNG and stay sharp at any size; words stay text.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from itertools import chain, pairwise
from textwrap import wrap
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.images.colour_maps import COLOUR_MAPS, png, to_index
from cnnviz.ui.widgets.formatting import number

SIDE = 512  # longer side of a map, in px
EDGE = 20  # margin around everything
TILE, GAP = 96, 8  # side of a map on a sheet
COLUMNS = 8
CELL = 34  # px per cell of a kernel, at most
LARGEST = 320  # px per side of a kernel, at most
WIDE = 0.6  # width of a letter on average, as a share of its size
SMALLEST = 7  # smallest size of letters for weights, in px
LUMA = (0.299, 0.587, 0.114)
FONT = "Inter, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"


class Scale(NamedTuple):
    """A colour scale: its table in `COLOUR_MAPS`, and the labels of its ends and its middle."""

    table: str
    legend: Sequence[str]


class Laid(NamedTuple):
    """A kernel as it lies on the picture: its title, and its weights (kH, kW)."""

    title: str
    weights: NDArray


class Tile(NamedTuple):
    """A map of a sheet: its PNG, and the kernel (kH, kW) that contributes most, if there is one."""

    png: bytes
    kernel: NDArray | None = None


def figure(
    title: str,
    lines: Iterable[str],
    picture: bytes,
    size: tuple[int, int],
    scale: Scale,
    kernels: Sequence[Laid] = (),
) -> str:
    """Return one map (H, W) as a figure.

    Examples
    --------
    >>> grey = Scale("grey", ("0", "", "255"))
    >>> text = figure("Input", ["2 × 2"], png(to_index([[0, 1]], 0, 1), COLOUR_MAPS["grey"]),
    ...     (1, 2), grey)
    >>> text.startswith("<svg"), "Input" in text, "255" in text
    (True, True, True)
    """
    height, width = (max(1, round(cells * SIDE / max(size))) for cells in size)
    page = _Page(max(width, SIDE), title, lines)
    page.image(picture, EDGE, width, height)
    page.top += height + 12
    page.scale(scale)
    if kernels:
        page.kernels(kernels)
    return page.svg()


def sheet(title: str, lines: Iterable[str], tiles: Sequence[Tile], scale: Scale) -> str:
    """Return all maps of a layer as one figure, numbered, each with its kernel."""
    columns = min(COLUMNS, len(tiles))
    page = _Page(max(columns * (TILE + GAP) - GAP, SIDE), title, lines)
    below = TILE // 2 if any(tile.kernel is not None for tile in tiles) else 0
    start = page.top
    for index, tile in enumerate(tiles):
        row, column = divmod(index, COLUMNS)
        left = EDGE + column * (TILE + GAP)
        page.top = start + row * (TILE + below + 30)
        page.image(tile.png, left, TILE, TILE)
        page.text(str(index), left, page.top + TILE + 14, 12)
        if tile.kernel is not None:
            page.thumbnail(tile.kernel, left + TILE - below, page.top + TILE + 4, below)
    page.top += TILE + below + 34
    page.scale(scale)
    return page.svg()


class _Page:
    """A figure that grows downwards from `top`."""

    def __init__(self, width: int, title: str, lines: Iterable[str]) -> None:
        self.width, self.top = width, EDGE
        self.parts: list[str] = []
        self.title = title
        self.top += 18
        size = min(18, int(width / (WIDE * max(1, len(title)))))
        self.text(title, EDGE, self.top, size, bold=True)
        for line in chain.from_iterable(wrap(each, int(width / (WIDE * 13))) for each in lines):
            self.top += 20
            self.text(line, EDGE, self.top, 13)
        self.top += 14

    def text(
        self, text: str, left: float, base: float, size: int, *, bold: bool = False,
        anchor: str = "start", colour: str = "#1b1f25",
    ) -> None:  # fmt: skip
        weight = ' font-weight="700"' if bold else ""
        self.parts.append(
            f'<text x="{left:g}" y="{base:g}" font-size="{size}" text-anchor="{anchor}" '
            f'fill="{colour}"{weight}>{escape(text)}</text>'
        )

    def image(self, data: bytes, left: float, width: float, height: float) -> None:
        self.parts.append(
            f'<image x="{left:g}" y="{self.top:g}" width="{width:g}" height="{height:g}" '
            'preserveAspectRatio="none" style="image-rendering:pixelated" '
            f'href="data:image/png;base64,{b64encode(data).decode()}"/>'
        )

    def scale(self, scale: Scale) -> None:
        """Draw a bar with the labels of its ends and its middle below it."""
        self.image(
            png(np.arange(255, dtype=np.uint8)[None], COLOUR_MAPS[scale.table]),
            EDGE,
            self.width,
            12,
        )
        self.top += 28
        ends = zip((0, 0.5, 1), ("start", "middle", "end"), scale.legend, strict=True)
        for at, anchor, text in ends:
            self.text(text, EDGE + at * self.width, self.top, 13, anchor=anchor)
        self.top += 14

    def kernels(self, kernels: Sequence[Laid]) -> None:
        """Draw kernels side by side, in their colours and with their weights."""
        limit = max(float(abs(one.weights).max()) for one in kernels) or 1.0
        across = sum(one.weights.shape[1] for one in kernels)
        room = (self.width - GAP * (len(kernels) - 1)) / across
        longest = max(max(one.weights.shape) for one in kernels)
        cell = min(CELL, LARGEST / longest, room)
        left, base = float(EDGE), self.top + 16
        for before, one in pairwise([None, *kernels]):
            if before is None or one.title != before.title:
                self.text(one.title, left, base, 13)
            self._cells(one.weights, left, base + 8, cell, limit)
            left += one.weights.shape[1] * cell + GAP
        self.top = base + 8 + round(cell * max(len(one.weights) for one in kernels))

    def thumbnail(self, weights: NDArray, left: float, top: float, side: float) -> None:
        """Draw a kernel on its own scale, without numbers."""
        limit = float(abs(weights).max()) or 1.0
        self._cells(weights, left, top, side / max(weights.shape), limit, written=False)

    def _cells(
        self,
        weights: NDArray,
        left: float,
        top: float,
        cell: float,
        limit: float,
        *,
        written: bool = True,
    ) -> None:
        colours = COLOUR_MAPS["kernel"][to_index(weights, -limit, limit)]
        for row, column in np.ndindex(weights.shape):
            colour = colours[row, column]
            x, y = left + column * cell, top + row * cell
            self.parts.append(
                f'<rect x="{x:g}" y="{y:g}" width="{cell:g}" height="{cell:g}" '
                f'fill="#{bytes(colour).hex()}"/>'
            )
            text = number(float(weights[row, column]), 3)
            size = min(14, int(1.6 * cell / max(2, len(text))))
            if written and size >= SMALLEST:
                ink = "#ffffff" if colour @ LUMA < 128 else "#000000"
                base = y + cell / 2 + size / 3
                self.text(text, x + cell / 2, base, size, anchor="middle", colour=ink)

    def svg(self) -> str:
        width, height = self.width + 2 * EDGE, round(self.top + EDGE)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="{FONT}" role="img">'
            f"<title>{escape(self.title)}</title>"
            f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(self.parts)}</svg>\n'
        )
