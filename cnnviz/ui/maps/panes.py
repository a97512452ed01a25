"""Panes: maps before they are packed, and the colouring of their values."""

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
Range = tuple[float, float]  # values at the two ends of a colour scale
ITSELF: Fields = (ReceptiveField(), ReceptiveField())


@dataclass(frozen=True)
class Pane:
    """One map and its place on a board.

    Parameters
    ----------
    stage : int
        The slot that it is in; panes of one slot appear in the given order.
    title : str
        Shown above the map; empty for none.
    alt : str
        A description for people who cannot see the map.
    values : array (H, W), or (3, H, W) for a picture in colour
        The numbers, as shown in the figures below the map.
    fields : (vertical, horizontal)
        The receptive field of a cell on the board's picture, which places the map on it.
    scale : str
        Maps with the same word share their colour scale.
    picture : uint8 array of the same shape, optional
        For pictures: the intensities 0–255 to draw.
    black, white : float
        For pictures: the values of intensity 0 and 255.
    role : str
        The role of its cells in the arithmetic: "picture", "plane" (one channel of it),
        "convolution", "part" (one channel's contribution to it), "normalised", "activation" or
        "pooling".
    chain : int, optional
        The chain that it belongs to; the picture belongs to all.
    channel : int
        The channel of a plane or a part.
    slot : int, optional
        Its slot, if not that of its stage.
    file : str
        The name of its files, if not made from stage and title.
    chart : dict, optional
        The chart that static/components/maps/chart.js draws below the map.
    outline : (top, left, bottom, right), optional
        A part of the map to mark, in cells of the picture.
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
        """Its values, each at least once; for a map with few unique values, only these."""
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
    """The colouring of values.

    Parameters
    ----------
    scale : "auto", "all" or "each"
        Which maps share one scale: those with the same `Pane.scale`, all, or none.
    robust : bool
        End the colours at the 99.5th percentile of |x|, so that a few extreme values do not make
        the others pale; otherwise at the largest.
    table : "diverging", "grey" or "kernel"
        For maps with negative values. With "grey", 0 is middle grey; "kernel" is for weights. Other
        maps go from black at 0 to white.
    """

    scale: Literal["auto", "all", "each"] = "auto"
    robust: bool = True
    table: Literal["diverging", "grey", "kernel"] = "diverging"

    def ranges(self, panes: Sequence[Pane]) -> list[Range]:
        """Return the values at the ends of each pane's colours: −m and m, or 0 and m.

        The colours of a map without negative values start at 0, unless its own input is on the same
        scale and has some. A shared scale is determined by the first step that uses it, so that a
        change further down does not recolour earlier maps.
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
    """Return whether a map, or its input among `members`, has negative values, or only zeros."""
    before = [one for one in members if one.stage < pane.stage]
    source = [one for one in before if one.chain == pane.chain] or before
    return not pane.numbers.any() or any(one.numbers.min() < 0 for one in (pane, *source))
