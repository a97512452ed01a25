"""The sliding window as an animation for slides: a GIF of what the page's own Play shows.

Small maps appear cell by cell with their arithmetic, photos row by row. How large, how long and how
heavy a film is at most is known before it is made.
"""

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from cnnviz.experiments.pipeline import Recipe
from cnnviz.functional.activations import ACTIVATIONS
from cnnviz.functional.geometry import Axes
from cnnviz.images.colour_maps import COLOUR_MAPS, THEMES
from cnnviz.ui.chain.run import Run
from cnnviz.ui.export.lettering import Colour, width_of, write
from cnnviz.ui.maps.message import levels
from cnnviz.ui.maps.panes import Look, Pane, Range
from cnnviz.ui.widgets.text import number

WIDTHS = 960, 720, 480  # pixels; the next where a film would be too heavy
MOST_FRAMES = 100  # and one more, of the whole
MOST_BYTES = 4 * 2**20
# As the page's Play: a map in so many seconds, but so many cells a second at least; and no more
# than three flashes a second where the window is a large part of the map.
WHOLE, LEAST, FLASHES, LARGE = 8.0, 3.0, 3.0, 0.02
SHORTEST = 0.1  # seconds of a frame
AT_THE_END = 2.5
EDGE, GAP, TITLE, LETTERS = 20, 18, 22, 18  # pixels at the full width
TALLEST = 1.3  # height ÷ width of a map
NUMBERS_FROM = 26  # pixels of a cell, from which it carries its number
MOST_TERMS = 9  # of a sum that is written out
FREE = 248  # colours of a frame beside those of paper, letters and marks
ALIKE = 8  # steps of brightness, in each of red, green and blue
AMBER: Colour = (255, 176, 0)


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


@dataclass(frozen=True)
class Film:
    """What is filmed: the maps of one recipe of a run, and how their values become colours.

    Attributes
    ----------
    run : Run
    stages : sequence of (Pane, Range)
        The picture first.
    look : Look
    chain : int
        The number of the recipe.
    """

    run: Run
    stages: Sequence[tuple[Pane, Range]]
    look: Look
    chain: int = 0

    @property
    def recipe(self) -> Recipe:
        """The settings that are filmed."""
        return self.run.recipes[self.chain]

    @property
    def swept(self) -> Pane:
        """The map whose cells the window makes: the first after the picture."""
        return self.stages[1][0]

    @property
    def axes(self) -> Axes:
        """The windows that make them."""
        geometry = self.run.geometries[self.chain]
        pooled = self.swept.role == "pooling" and geometry.pooling
        return pooled or geometry.convolution

    @property
    def count(self) -> int:
        """How many cells the window makes."""
        return int(np.prod(self.swept.size))

    @property
    def positions(self) -> list[int]:
        """The cells at which there is a frame: each, or as many as there may be."""
        frames = min(self.count, self._most)
        return [round((i + 1) * self.count / frames) - 1 for i in range(frames)]

    @property
    def stepwise(self) -> bool:
        """Whether there is a frame for each cell."""
        return len(self.positions) == self.count

    @property
    def delay(self) -> float:
        """Seconds that a frame is shown."""
        return max(SHORTEST, self._seconds / len(self.positions))

    @property
    def seconds(self) -> float:
        """How long the film is."""
        return self.delay * len(self.positions) + AT_THE_END

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its frames, in pixels."""
        return _Scene(self, WIDTHS[0], PAINTS["light"]).size

    @property
    def _flashes(self) -> bool:
        window = np.prod([axis.kernel_size for axis in self.axes])
        return bool(window / self.count > LARGE)

    @property
    def _seconds(self) -> float:
        if self.count <= MOST_FRAMES or self._flashes:
            return min(self.count, MOST_FRAMES) / FLASHES
        return WHOLE

    @property
    def _most(self) -> int:
        return MOST_FRAMES if self._flashes else int(min(MOST_FRAMES, WHOLE / SHORTEST))


def film(run: Run | None, panes: Sequence[Pane], look: Look) -> Film | None:
    """Return what can be filmed of the maps of a run; None if no window goes over a picture."""
    if run is None:
        return None
    shown = list(zip(panes, look.ranges(panes), strict=True))
    chain = next((pane.chain for pane in panes if pane.role in ("convolution", "pooling")), None)
    if chain is None or not panes or panes[0].role != "picture":
        return None
    steps = [one for one in shown if one[0].chain == chain]
    untouched = all(
        (axis.kernel_size, axis.stride, axis.padding) == (1, 1, (0, 0))
        for axis in run.geometries[chain].convolution
    )
    wanted = ("pooling",) if untouched else ("convolution", "activation", "pooling")
    by_role = {pane.role: (pane, ends) for pane, ends in reversed(steps) if pane.role in wanted}
    recipe = run.recipes[chain]
    done = {"activation": recipe.activation != "none", "pooling": recipe.pooling != "none"}
    stages = [by_role[role] for role in wanted if role in by_role and done.get(role, True)]
    if not stages or stages[0][0].role == "activation":
        return None
    return Film(run, [shown[0], *stages], look, chain)


def gif(
    film: Film, theme: str = "light", told: Callable[[float], None] = lambda share: None
) -> bytes:
    """Return a film as a GIF of at most `MOST_BYTES`; `told` hears how far it is, from 0 to 1.

    Raises
    ------
    ValueError
        If it would be too heavy even at the smallest size.
    """
    for width in WIDTHS:
        scene = _Scene(film, width, PAINTS[theme])
        made = _encoded(film, scene, told)
        if len(made) <= MOST_BYTES:
            return made
    raise ValueError(f"The animation would be larger than {MOST_BYTES / 2**20:.0f} MB.")


def _encoded(film: Film, scene: "_Scene", told: Callable[[float], None]) -> bytes:
    positions = film.positions
    palette = scene.palette()

    def frames() -> Iterator[Image.Image]:
        for index, position in enumerate([*positions, None]):
            told(index / (len(positions) + 1))
            yield scene.frame(position).quantize(palette=palette, dither=Image.Dither.NONE)

    file, made = io.BytesIO(), frames()
    # A frame has whole hundredths of a second.
    durations = [10 * round(100 * film.delay)] * len(positions) + [round(1000 * AT_THE_END)]
    next(made).save(
        file, "GIF", save_all=True, append_images=made, duration=durations, loop=0, optimize=False
    )
    told(1.0)
    return file.getvalue()


class _Scene:
    """The film at one size: its maps as pictures, and where they stand."""

    def __init__(self, film: Film, width: int, paint: Paint) -> None:
        self.film, self.width, self.paint = film, width, paint
        self.unit = width / WIDTHS[0]
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
        """Return left, top, right and bottom of cells of a stage."""
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
        """Return every map as a picture of the size at which it is shown, with its numbers."""
        if self._maps is None:
            self._maps = [self._map(stage) for stage in range(len(self.film.stages))]
        return self._maps

    def _map(self, stage: int) -> Image.Image:
        pane, ends = self.film.stages[stage]
        pixels = coloured(pane, ends, self.film.look, self.paint is PAINTS["dark"])
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
        """Return the frame in which the window has come to a cell; None: all is there."""
        image = self._ground()
        draw = ImageDraw.Draw(image)
        for stage, map_ in enumerate(self.maps()):
            left, top, right, bottom = (round(edge) for edge in self.whole(stage))
            image.paste(map_, (left, top))
            if stage and position is not None:
                for x, y, end, foot in self._hidden(stage, position):
                    if end > x and foot > y:  # of a cell smaller than a pixel there may be nothing
                        draw.rectangle((x, y, end - 1, foot - 1), self.paint.paper)
            draw.rectangle((left - 1, top - 1, right, bottom), None, self.paint.padding)
        if position is None:
            self._say(draw, caption(self.film.recipe, self.film.swept.role))
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
        """Yield the parts of a map that the window has not come to, with the pixels after them."""
        pane = self.film.stages[stage][0]
        height, width = pane.size
        row, column = divmod(position, self.film.swept.size[1])
        if pane.role == "pooling" and pane is not self.film.swept:
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
        """Return how many rows of the pooled map are there: each comes with the last it reads."""
        pooling = self.film.run.geometries[self.film.chain].pooling
        if pooling is None:
            return 0
        height, width = self.film.swept.size
        whole = row if column + 1 == width else row - 1
        lasts = [min(height - 1, max(pooling[0].cells(one))) for one in range(pooling[0].output)]
        return sum(last <= whole for last in lasts)

    def _mark(self, draw: ImageDraw.ImageDraw, position: int) -> None:
        """Draw the window on the picture, and the cell that it makes."""
        row, column = divmod(position, self.film.swept.size[1])
        axes = self.film.axes
        for rows in _stretches(axes[0].cells(row)):
            for columns in _stretches(axes[1].cells(column)):
                self._outline(draw, self.box(0, rows, columns), self.paint.accent)
        for stage, (pane, _) in enumerate(self.film.stages):
            if stage and (pane is self.film.swept or pane.role == "activation"):
                cell = self.box(stage, range(row, row + 1), range(column, column + 1))
                self._outline(draw, cell, AMBER)

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
        draw.rectangle((left - 1, top - 1, right + 1, bottom + 1), None, (60, 60, 60), line + 2)
        draw.rectangle((left, top, right, bottom), None, colour, line)

    def _say(self, draw: ImageDraw.ImageDraw, text: str) -> None:
        letters = round(LETTERS * self.unit)
        room = self.width - 2 * EDGE * self.unit
        while letters > 9 and width_of(text, letters) > room:
            letters -= 1
        at = EDGE * self.unit, self.below + 1.5 * LETTERS * self.unit
        write(draw, at, text, letters, self.paint.ink)

    def _sentence(self, position: int) -> str:
        if not self.film.stepwise or self.film.swept.role == "pooling":
            return caption(self.film.recipe, self.film.swept.role)
        return arithmetic(self.film.run, self.film.chain, *divmod(
            position, self.film.swept.size[1]))  # fmt: skip

    def palette(self) -> Image.Image:
        """Return the colours that all frames share; those of the marks among them."""
        whole = self.frame(self.film.count - 1)
        colours = [*self.paint, AMBER, (60, 60, 60)]
        made = whole.quantize(FREE, Image.Quantize.MEDIANCUT)
        entries = np.reshape((made.getpalette() or [])[: 3 * FREE], (-1, 3))
        for colour in colours:  # as they are: Pillow tells no colours apart that are nearly alike
            entries[np.abs(entries - colour).max(axis=1) <= ALIKE] = colour
        made.putpalette([*itertools.chain(*colours), *entries.ravel().tolist()])
        return made


def coloured(pane: Pane, ends: Range, look: Look, dark: bool) -> NDArray[np.uint8]:
    """Return the cells of a pane in the colours of a theme, (H, W, 3)."""
    drawn = levels(pane, ends)
    if drawn.ndim == 3:
        return np.ascontiguousarray(drawn.transpose(1, 2, 0))
    grey = pane.picture is not None or ends[0] == 0
    table = "grey" if grey else THEMES[look.table]["dark" if dark else "light"]
    if pane.picture is not None:
        return np.repeat(drawn[..., None], 3, axis=2)
    return COLOUR_MAPS[table][drawn]


def titles(film: Film) -> list[str]:
    """Return what stands above each map."""
    names = {
        "convolution": film.recipe.kernel.title,
        "activation": ACTIVATIONS[film.recipe.activation].title,
        "pooling": f"{film.recipe.pooling.capitalize()} pooling",
    }
    return ["Input", *(names[pane.role] for pane, _ in film.stages[1:])]


def caption(recipe: Recipe, swept: str = "convolution") -> str:
    """Say how the maps are made, step by step."""
    height, width = recipe.kernel.shape
    steps = []
    if swept == "convolution":
        stride = " × ".join(map(str, dict.fromkeys(recipe.stride)))
        steps.append(f"{recipe.kernel.title}, {height} × {width}, stride {stride}")
        if recipe.activation != "none":
            steps.append(ACTIVATIONS[recipe.activation].title)
    if recipe.pooling != "none":
        steps.append(f"{recipe.pooling} of {' × '.join(map(str, recipe.window))}")
    return " → ".join(steps)


def arithmetic(run: Run, chain: int, row: int, column: int) -> str:
    """Write out how a feature cell comes about, with the digits of the panel.

    Examples
    --------
    >>> from cnnviz.kernels import Kernel
    >>> from cnnviz.ui.chain.run import Input, run
    >>> recipe = Recipe(Kernel("own", "own", [[1, -2]]), padding="valid", pooling="none")
    >>> arithmetic(run(Input.numbers([[3.0, 5.0]]), [recipe]), 0, 0, 0)
    '3×1 + 5×(−2) = −7 → ReLU 0'
    """
    recipe, maps = run.recipes[chain], run.maps[chain]
    feature = float(maps.features[row, column])
    parts = [f"row {row}, column {column}: {number(feature)}"]
    if not run.input.colour and recipe.kernel.matrix.size <= MOST_TERMS:
        parts = [f"{_sum(run, chain, row, column)} = {number(feature)}"]
    if recipe.activation != "none":
        title = ACTIVATIONS[recipe.activation].title
        parts.append(f"{title} {number(float(maps.activated[row, column]))}")
    return " → ".join(parts)


def _sum(run: Run, chain: int, row: int, column: int) -> str:
    """Write the products of a window as a sum, the division and the bias after it."""
    recipe = run.recipes[chain]
    matrix = recipe.kernel.matrix[::-1, ::-1] if recipe.flip else recipe.kernel.matrix
    mode = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    axes = run.geometries[chain].convolution
    padded = np.pad(run.input.values, [a.padding for a in axes], mode[recipe.padding_mode])  # type: ignore[call-overload]
    rows, columns = (
        np.add(axis.cells(at), axis.padding[0])
        for axis, at in zip(axes, (row, column), strict=True)
    )
    window = padded[np.ix_(rows, columns)]
    terms = [
        f"{_bracketed(value)}×{_bracketed(weight)}"
        for value, weight in zip(window.ravel(), matrix.ravel(), strict=True)
    ]
    text = " + ".join(terms)
    if recipe.kernel.divisor != 1:
        text = f"({text}) / {number(recipe.kernel.divisor)}"
    if recipe.bias:
        text += f" {'−' if recipe.bias < 0 else '+'} {number(abs(recipe.bias))}"
    return text


def _bracketed(value: float) -> str:
    text = number(float(value), 3)
    return f"({text})" if value < 0 else text


def _stretches(cells: range) -> list[range]:
    """Return the cells of a window as stretches without gaps."""
    if cells.step == 1:
        return [cells]
    return [range(cell, cell + 1) for cell in cells]
