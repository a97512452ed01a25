"""The content and timing of a film: the window sweeps once over a map.

Small maps appear cell by cell with their arithmetic, photos row by row, at the pace of the page's
Play button: a map takes a fixed time, but at least a few cells appear per second, and if the window
is a large part of the map, there are at most three flashes per second.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnviz.experiments.chain import Recipe
from cnnviz.functional.geometry import Axes
from cnnviz.ui.chain.run import Run
from cnnviz.ui.maps.panes import Colouring, Pane, Range

MOST_FRAMES = 100  # plus one frame with the whole map
WHOLE, FLASHES = 8.0, 3.0  # seconds; cells per second
LARGE = 0.02  # share of the map: a window that covers more flashes as it moves
SHORTEST = 0.1  # seconds per frame
AT_THE_END = 2.5


@dataclass(frozen=True)
class Film:
    """The maps to film, those of one recipe of a run, and their colouring.

    Attributes
    ----------
    run : Run
    stages : sequence of (Pane, Range)
        The picture first.
    colouring : Colouring
    chain : int
        The number of the recipe.
    """

    run: Run
    stages: Sequence[tuple[Pane, Range]]
    colouring: Colouring
    chain: int = 0

    @property
    def recipe(self) -> Recipe:
        """The recipe to film."""
        return self.run.recipes[self.chain]

    @property
    def pools(self) -> bool:
        """Whether the window is the pooling's; otherwise it is the kernel."""
        return all(pane.role != "convolution" for pane, _ in self.stages)

    @property
    def swept(self) -> Pane:
        """The map whose cells the window computes; the first if there are several."""
        role = "pooling" if self.pools else "convolution"
        return next(pane for pane, _ in self.stages if pane.role == role)

    @property
    def axes(self) -> Axes:
        """The window along each axis."""
        geometry = self.run.geometries[self.chain]
        return (geometry.pooling if self.pools else None) or geometry.convolution

    def is_made(self, pane: Pane) -> bool:
        """Whether each position of the window yields a cell of this map."""
        return pane.role == ("pooling" if self.pools else "convolution") or (
            pane.role == "activation" and not self.pools
        )

    def lines(self, pane: Pane, axis: int, line: int) -> list[int]:
        """Return the rows (axis 0) or columns of a map that belong to one line of the swept map."""
        if self.is_made(pane):
            return [line]
        read = self.axes[axis].cells(line)
        if not self.pools:
            return list(read)
        inside = [one for one in read if 0 <= one < self.axes[axis].size]
        if pane.role != "picture":
            return inside
        convolution = self.run.geometries[self.chain].convolution[axis]
        return sorted({cell for one in inside for cell in convolution.cells(one)})

    @property
    def count(self) -> int:
        """The number of cells that the window computes."""
        return int(np.prod(self.swept.size))

    @property
    def positions(self) -> list[int]:
        """The cells that get a frame: all of them, or as many as allowed."""
        frames = min(self.count, self._most)
        return [round((i + 1) * self.count / frames) - 1 for i in range(frames)]

    @property
    def stepwise(self) -> bool:
        """Whether there is a frame for each cell."""
        return len(self.positions) == self.count

    @property
    def delay(self) -> float:
        """Seconds per frame."""
        return max(SHORTEST, self._seconds / len(self.positions))

    @property
    def seconds(self) -> float:
        """Length of the film."""
        return self.delay * len(self.positions) + AT_THE_END

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


def films(run: Run | None, panes: Sequence[Pane], colouring: Colouring) -> list[Film]:
    """Return the possible films of a run's maps; none if no window moves over a picture.

    Each kernel moves over the picture. If no feature map is shown, the pooling window does; there
    may then be several kinds of pooling, which share one film.
    """
    if run is None or panes[0].role != "picture":
        return []
    roles = ("convolution", "pooling")
    chains = dict.fromkeys(pane.chain for pane in panes if pane.role in roles)
    made = [_film(run, panes, colouring, chain) for chain in chains if chain is not None]
    found = [one for one in made if one]
    return found[:1] if found and found[0].pools else found


def _film(run: Run, panes: Sequence[Pane], colouring: Colouring, chain: int) -> Film | None:
    """Return the film of one recipe."""
    shown = list(zip(panes, colouring.ranges(panes), strict=True))
    recipe = run.recipes[chain]
    convolved = any(pane.role == "convolution" for pane in panes) and not _is_nothing(recipe)
    stages = []
    for role, is_done in (
        ("convolution", convolved),
        ("activation", recipe.activation != "none"),
        ("pooling", recipe.pooling != "none"),
    ):
        found = [one for one in shown if one[0].role == role and is_done]
        own = [one for one in found if one[0].chain == chain]
        # Kinds of pooling are compared cell by cell: their maps have the same size.
        alike = [one for one in found if own and one[0].size == own[0][0].size]
        stages += alike if role == "pooling" and not convolved else own[:1]
    made = [pane.role for pane, _ in stages]
    if not made or not {"convolution", "pooling"} & set(made):
        return None
    return Film(run, [shown[0], *stages], colouring, chain)


def _is_nothing(recipe: Recipe) -> bool:
    """Return whether the convolution has no effect, so that only the pooling counts."""
    plain = (recipe.bias, recipe.stride, recipe.activation) == (0, (1, 1), "none")
    return plain and recipe.kernel.weights.shape == (1, 1) and recipe.kernel.weights[0, 0] == 1
