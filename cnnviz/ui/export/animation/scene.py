"""A film at one size: its maps as pictures, their layout, and every frame."""

import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from cnnviz.images.colour_maps import COLOUR_MAPS, THEMES
from cnnviz.ui.export.animation.captions import caption, titles, written
from cnnviz.ui.export.animation.film import Film
from cnnviz.ui.export.animation.lettering import Colour, width_of, write
from cnnviz.ui.maps.message import levels
from cnnviz.ui.maps.panes import Colouring, Pane, Range
from cnnviz.ui.widgets.formatting import number

FULL = 960  # width in pixels for which the lengths below are given
EDGE, GAP, TITLE, LETTERS = 20, 18, 22, 18
TALLEST = 1.3  # height ÷ width of a map
NUMBERS_FROM = 26  # cells at least this many pixels wide show their number
FREE = 248  # colours of a frame besides those of paper, letters and marks
ALIKE = 8  # largest difference, per channel, of colours that count as the same
AMBER: Colour = (255, 176, 0)
SHADE: Colour = (60, 60, 60)  # around marks


class Paint(NamedTuple):
    """The colours of a theme."""

    paper: Colour
    ink: Colour
    padding: Colour
    accent: Colour


PAINTS = {
    "light": Paint((255, 255, 255), (28, 34, 48), (228, 231, 237), (47, 91, 234)),
    "dark": Paint((20, 23, 28), (232, 234, 238), (52, 59, 69), (122, 162, 255)),
}


class Scene:
    """The film at one size: its maps as pictures, and their layout."""

    def __init__(self, film: Film, width: int, paint: Paint) -> None:
        self.film, self.width, self.paint = film, width, paint
        self.unit = width / FULL
        edge, gap = EDGE * self.unit, GAP * self.unit
        count = len(film.stages)
        padded = [
            (-axis.padding[0], axis.size + axis.padding[1])
            for axis in film.run.geometries[film.chain].convolution
        ]
        extents = [pane.extent() for pane, _ in film.stages]
        extents.append((padded[0][0], padded[1][0], padded[0][1], padded[1][1]))
        edges = np.array(extents)
        self.top, self.left = edges[:, :2].min(axis=0)
        bottom, right = edges[:, 2:].max(axis=0)
        room = (width - 2 * edge - (count - 1) * gap) / count
        tall, wide = bottom - self.top, right - self.left
        self.scale = min(room / wide, TALLEST * room / tall)
        self.lefts = [
            edge + i * (room + gap) + (room - wide * self.scale) / 2 for i in range(count)
        ]
        self.above = edge + 1.6 * TITLE * self.unit
        self.below = self.above + tall * self.scale
        self.padded = padded
        self.size = width, round(self.below + (2.2 * LETTERS + EDGE) * self.unit)
        self._maps: list[Image.Image] | None = None

    def box(self, stage: int, rows: range, columns: range) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of some cells of a stage."""
        top, left, height, width = self.film.stages[stage][0].place()
        x, y = self.lefts[stage] - self.left * self.scale, self.above - self.top * self.scale
        return (
            x + (left + width * columns.start) * self.scale,
            y + (top + height * rows.start) * self.scale,
            x + (left + width * columns.stop) * self.scale,
            y + (top + height * rows.stop) * self.scale,
        )

    def whole(self, stage: int) -> tuple[float, float, float, float]:
        """Return the edges of the map of a stage."""
        height, width = self.film.stages[stage][0].size
        return self.box(stage, range(height), range(width))

    def maps(self) -> list[Image.Image]:
        """Return every map as a picture at its final size, with its numbers."""
        if self._maps is None:
            self._maps = [self._map(stage) for stage in range(len(self.film.stages))]
        return self._maps

    def _map(self, stage: int) -> Image.Image:
        pane, ends = self.film.stages[stage]
        pixels = coloured(pane, ends, self.film.colouring, self.paint is PAINTS["dark"])
        left, top, right, bottom = self.whole(stage)
        size = max(1, round(right) - round(left)), max(1, round(bottom) - round(top))
        smaller = size[0] < pane.size[1] or size[1] < pane.size[0]
        way = Image.Resampling.BOX if smaller else Image.Resampling.NEAREST
        image = Image.fromarray(pixels).resize(size, way)
        cell = size[0] / pane.size[1]
        if cell >= NUMBERS_FROM * self.unit and pane.values.ndim == 2:
            self._number(ImageDraw.Draw(image), pane, pixels, size)
        return image

    def _number(
        self, draw: ImageDraw.ImageDraw, pane: Pane, pixels: NDArray, size: tuple[int, int]
    ) -> None:
        rows, columns = pane.size
        wide, high = size[0] / columns, size[1] / rows
        texts = {at: number(float(pane.values[at]), 3) for at in np.ndindex(rows, columns)}
        longest = max(width_of(text, 100) / 100 for text in texts.values())
        letters = max(7, int(min(0.8 * wide / longest, 0.5 * high, LETTERS * self.unit)))
        for (row, column), text in texts.items():
            ink = (0, 0, 0) if pixels[row, column] @ (0.299, 0.587, 0.114) > 128 else (255,) * 3
            write(draw, ((column + 0.5) * wide, (row + 0.5) * high), text, letters, ink, "m")

    def frame(self, position: int | None) -> Image.Image:
        """Return the frame in which the window reaches a cell; None: everything is drawn."""
        image = self._ground()
        draw = ImageDraw.Draw(image)
        for stage, map_ in enumerate(self.maps()):
            left, top, right, bottom = (round(edge) for edge in self.whole(stage))
            image.paste(map_, (left, top))
            if stage and position is not None:
                for x, y, end, foot in self._hidden(stage, position):
                    if end > x and foot > y:  # a cell smaller than a pixel may leave nothing
                        draw.rectangle((x, y, end - 1, foot - 1), self.paint.paper)
            draw.rectangle((left - 1, top - 1, right, bottom), None, self.paint.padding)
        if position is None:
            self._say(draw, caption(self.film))
        else:
            self._mark(draw, position)
            self._say(draw, self._sentence(position))
        return image

    def _ground(self) -> Image.Image:
        image = Image.new("RGB", self.size, self.paint.paper)
        draw = ImageDraw.Draw(image)
        for stage, name in enumerate(titles(self.film)):
            at = self.lefts[stage], EDGE * self.unit + 0.6 * TITLE * self.unit
            write(draw, at, name, round(TITLE * self.unit), self.paint.ink)
        (top, bottom), (left, right) = self.padded
        box = self.box(0, range(top, bottom), range(left, right))
        if box != self.whole(0):
            draw.rectangle(box, self.paint.padding)
        return image

    def _hidden(self, stage: int, position: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield the parts of a map that the window has not reached, with the pixels after them."""
        pane = self.film.stages[stage][0]
        height, width = pane.size
        row, column = divmod(position, self.film.swept.size[1])
        if self.film.pools and pane.role == "activation":
            return  # it is visible from the start
        if pane.role == "pooling" and not self.film.pools:
            row, column = self._pooled(row, column), 0
        elif column + 1 < width:
            column += 1
        else:
            row, column = row + 1, 0
        if row >= height:
            return
        left, _, right, bottom = self.whole(stage)
        x, y, _, below = self.box(stage, range(row, row + 1), range(column, column + 1))
        yield round(x), round(y), round(right), round(below)
        if row + 1 < height:
            yield round(left), round(below), round(right), round(bottom)

    def _pooled(self, row: int, column: int) -> int:
        """Return how many pooled rows are visible: each appears with the last row that it reads."""
        pooling = self.film.run.geometries[self.film.chain].pooling
        if pooling is None:
            return 0
        height, width = self.film.swept.size
        whole = row if column + 1 == width else row - 1
        lasts = [min(height - 1, max(pooling[0].cells(one))) for one in range(pooling[0].output)]
        return sum(last <= whole for last in lasts)

    def _mark(self, draw: ImageDraw.ImageDraw, position: int) -> None:
        """Draw the window on the picture, and the cell that it computes."""
        row, column = divmod(position, self.film.swept.size[1])
        for stage, (pane, _) in enumerate(self.film.stages):
            if pane.role == "pooling" and not self.film.pools:
                continue  # appears row by row
            colour = AMBER if self.film.is_made(pane) else self.paint.accent
            for rows in _stretches(self.film.lines(pane, 0, row)):
                for columns in _stretches(self.film.lines(pane, 1, column)):
                    self._outline(draw, self.box(stage, rows, columns), colour)

    def _outline(
        self, draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colour: Colour
    ) -> None:
        least = 8 * self.unit
        more = [max(0.0, least - (box[i + 2] - box[i])) / 2 for i in range(2)]
        left, top, right, bottom = (
            round(edge) for edge in (box[0] - more[0], box[1] - more[1], box[2] + more[0],
                                     box[3] + more[1])
        )  # fmt: skip
        line = max(2, round(3 * self.unit))
        draw.rectangle((left - 1, top - 1, right + 1, bottom + 1), None, SHADE, line + 2)
        draw.rectangle((left, top, right, bottom), None, colour, line)

    def _say(self, draw: ImageDraw.ImageDraw, text: str) -> None:
        letters = round(LETTERS * self.unit)
        room = self.width - 2 * EDGE * self.unit
        while letters > 9 and width_of(text, letters) > room:
            letters -= 1
        at = EDGE * self.unit, self.below + 1.5 * LETTERS * self.unit
        write(draw, at, text, letters, self.paint.ink)

    def _sentence(self, position: int) -> str:
        if not self.film.stepwise:
            return caption(self.film)
        return written(self.film, *divmod(position, self.film.swept.size[1]))

    def palette(self) -> Image.Image:
        """Return the colours that all frames share, including those of the marks."""
        whole = self.frame(self.film.count - 1)
        colours = [*self.paint, AMBER, SHADE]
        made = whole.quantize(FREE, Image.Quantize.MEDIANCUT)
        entries = np.reshape((made.getpalette() or [])[: 3 * FREE], (-1, 3))
        for colour in colours:  # unchanged: Pillow would merge colours that are nearly equal
            entries[np.abs(entries - colour).max(axis=1) <= ALIKE] = colour
        made.putpalette([*itertools.chain(*colours), *entries.ravel().tolist()])
        return made


def coloured(pane: Pane, ends: Range, colouring: Colouring, dark: bool) -> NDArray[np.uint8]:
    """Return a pane's cells in the colours of a theme, (H, W, 3)."""
    drawn = levels(pane, ends)
    if drawn.ndim == 3:
        return np.ascontiguousarray(drawn.transpose(1, 2, 0))
    grey = pane.picture is not None or ends[0] == 0
    table = "grey" if grey else THEMES[colouring.table]["dark" if dark else "light"]
    if pane.picture is not None:
        return np.repeat(drawn[..., None], 3, axis=2)
    return COLOUR_MAPS[table][drawn]


def _stretches(cells: Iterable[int]) -> list[range]:
    """Split ascending cells into ranges without gaps.

    >>> _stretches([-1, 0, 1, 4])
    [range(-1, 2), range(4, 5)]
    """
    found: list[range] = []
    for cell in cells:
        if found and cell == found[-1].stop:
            found[-1] = range(found[-1].start, cell + 1)
        else:
            found.append(range(cell, cell + 1))
    return found
