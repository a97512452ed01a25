"""Maps before they are packed: what a pane is, and how its values become colours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.experiments.unique_values import UniqueValues
from cnnviz.functional.receptive_field import ReceptiveField
from cnnviz.images.colour_maps import symmetric_limits

Fields = tuple[ReceptiveField, ReceptiveField]
Range = tuple[float, float]  # the values at the two ends of a colour scale
ITSELF: Fields = (ReceptiveField(), ReceptiveField())


@dataclass(frozen=True)
class Pane:
    """One map and its place on a board.

    Parameters
    ----------
    stage : int
        The slot in which it stands; panes of one slot stand in the order given.
    title : str
        Stands above the map; empty for none.
    alt : str
        What is drawn, for those who cannot see it.
    values : array (H, W), or (3, H, W) for a picture in colour
        The numbers, as the figures below the map tell them.
    fields : (vertical, horizontal)
        What a cell sees of the board's picture; says where the map lies on it.
    scale : str
        Maps with the same word share their colour scale.
    picture : uint8 array of the same shape, optional
        For pictures: the intensities 0–255 to draw.
    black, white : float
        For pictures: the values of intensity 0 and 255.
    role : str
        What its cells are in the arithmetic: "picture", "plane" (one channel of it),
        "convolution", "part" (what one channel adds to it), "normalised", "activation" or
        "pooling".
    chain : int, optional
        Whose arithmetic; the picture belongs to all.
    channel : int
        The channel of a plane or a part.
    slot : int, optional
        Where it stands, if not in the slot of its stage.
    file : str
        What its files are called, if not after stage and title.
    chart : dict, optional
        What static/components/maps/chart.js draws below the map.
    outline : (top, left, bottom, right), optional
        A part of the map that is marked, in cells of the picture.
    over : bool
        Lay it over the picture of the board.
    unique_values : UniqueValues, optional
        The unique values of a map that this one is a function of; sent once for all such maps.
    """

    stage: int
    title: str
    alt: str
    values: NDArray
    fields: Fields = ITSELF
    scale: str = ""
    picture: NDArray[np.uint8] | None = None
    black: float = 0
    white: float = 255
    role: str = ""
    chain: int | None = None
    channel: int = 0
    slot: int | None = None
    file: str = ""
    chart: Mapping[str, Any] | None = None
    outline: tuple[int, int, int, int] | None = None
    over: bool = False
    unique_values: UniqueValues | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.values.shape[-2:]

    @cached_property
    def numbers(self) -> NDArray:
        """Its values, each at least once: of a map with few unique values, these alone."""
        return self.values if self.unique_values is None else self.unique_values.pick(self.values)

    def place(self) -> list[float]:
        """Top, left, height and width of the first cell, in cells of the picture."""
        tops = [field.start + (field.size - field.jump) / 2 for field in self.fields]
        return [*tops, *(field.jump for field in self.fields)]

    def extent(self) -> tuple[float, float, float, float]:
        """Top, left, bottom and right edge, in cells of the picture."""
        top, left, height, width = self.place()
        return top, left, top + height * self.size[0], left + width * self.size[1]


@dataclass(frozen=True)
class Colouring:
    """How values become colours.

    Parameters
    ----------
    scale : "auto", "all" or "each"
        Which maps share one scale: those whose `Pane.scale` is the same, all, or none.
    robust : bool
        End the colours at the 99.5th percentile of |x|, so that a few extreme values do not
        pale the rest; otherwise at the largest.
    table : "diverging", "grey" or "kernel"
        For maps with negative values. With "grey", 0 is the middle grey; "kernel" is for weights.
        Maps without go from black at 0 to white.
    """

    scale: Literal["auto", "all", "each"] = "auto"
    robust: bool = True
    table: Literal["diverging", "grey", "kernel"] = "diverging"

    def ranges(self, panes: Sequence[Pane]) -> list[Range]:
        """Return for each pane the values at the ends of its colours: −m and m, or 0 and m.

        From 0 run the colours of a map without negative values, unless what it was made of is on
        the same scale and has some. A shared scale is that of the first step that uses it, so that
        a change further down does not recolour what stands before it.
        """
        maps = [i for i, pane in enumerate(panes) if pane.picture is None]
        group = {i: {"auto": panes[i].scale, "all": "", "each": i}[self.scale] for i in maps}
        members = {
            name: [panes[i] for i in maps if group[i] == name] for name in set(group.values())
        }
        limits = {name: self._limit(ones) for name, ones in members.items()}
        return [
            (-limits[group[i]] if _is_signed(pane, members[group[i]]) else 0.0, limits[group[i]])
            if i in group
            else (pane.black, pane.white)
            for i, pane in enumerate(panes)
        ]

    def _limit(self, members: Sequence[Pane]) -> float:
        first = min(pane.stage for pane in members)
        leading = [pane.values for pane in members if not self.robust or pane.stage == first]
        percentile = 99.5 if self.robust else 100
        return max(symmetric_limits(values, percentile) for values in leading)


def _is_signed(pane: Pane, members: Sequence[Pane]) -> bool:
    """Whether a map, or what it was made of among `members`, has negative values, or only zeros."""
    before = [one for one in members if one.stage < pane.stage]
    source = [one for one in before if one.chain == pane.chain] or before
    return not pane.numbers.any() or any(one.numbers.min() < 0 for one in (pane, *source))
