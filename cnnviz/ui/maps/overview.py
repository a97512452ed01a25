"""All maps of a network on one canvas: a row for each layer, from the picture to the answer.

Pointing at a cell highlights its receptive field in every row before it, down to the picture. The
overview is one message, packed like that of a board (see cnnviz.ui.maps.boards).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.functional.pooling import avg_pool2d
from cnnviz.functional.receptive_field import Taps
from cnnviz.images.colour_maps import symmetric_limits, to_index
from cnnviz.ui.maps.message import Blob
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.formatting import number

_overview = component("overview")

LONGEST = 96  # cells per side of a small map; larger ones are drawn as means of blocks
LONGEST_PICTURE = 256
LONGEST_LARGE = 512
MOST_NUMBERS = 4096  # values in a row, up to which they are sent exactly
CELL = re.compile(r"([^,]{1,40}),(\d{1,6}),(\d{1,6}),(\d{1,6})")


@dataclass(frozen=True)
class LayerRow:
    """One row of an overview: the maps of a layer, or a vector.

    Parameters
    ----------
    name : str
        Identifies the row in a choice; unique, without a comma.
    title, figures : str
        Shown above the maps: "conv1", "16 × 128 × 128 · 448 parameters".
    values : array (C, H, W), or (N,) for a vector
    windows : (vertical, horizontal), optional
    groups : int
        The cells of the previous row that a cell sees, as in `cnnviz.nn.Sight`.
    channels : sequence of int
        For each map, the only one of the previous row that its cells see, if that is so.
    flat : bool
        Cell i of the vector is cell i of the previous maps, flattened row by row.
    picture : bool
        Brightnesses from 0 to `white`. Three channels are also shown together, in colour.
    white : float
        The value of white in a picture.
    kernels : bool
        Weights, in their own colours, each map on its own scale; they have no receptive field.
    labels : sequence of str
        Labels of the cells of a vector; a short vector is then drawn as bars.
    shares : bool
        The numbers of a vector are shares of 1, written above their bars in percent.
    limit : float, optional
        The end of the colour scale; by default, 99.5 % of the values lie within it.
    shown : int, optional
        How many maps, or numbers of a vector, are drawn; by default all.
    order : sequence of int, optional
        The indices of the drawn maps, in display order; by default the first ones.
    large : bool
        Draw one map as large as there is room, with its numbers if they are legible.
    over : bool
        Lay a large map over the picture.
    aside : bool
        Draw a picture only beside the rows.
    """

    name: str
    title: str
    figures: str
    values: NDArray
    windows: tuple[Taps, Taps] | None = None
    groups: int = 1
    channels: Sequence[int] = ()
    flat: bool = False
    picture: bool = False
    white: float = 255
    kernels: bool = False
    labels: Sequence[str] = ()
    shares: bool = False
    limit: float | None = None
    shown: int | None = None
    order: Sequence[int] | None = None
    large: bool = False
    over: bool = False
    aside: bool = False

    @property
    def shape(self) -> tuple[int, int, int]:
        """(C, H, W); a vector counts as maps of one cell each."""
        return self.values.shape if self.values.ndim == 3 else (len(self.values), 1, 1)

    @property
    def grey(self) -> bool:
        """Whether it is drawn from black at 0 to white: maps without values below 0.

        Maps that lie over the picture are drawn in translucent red instead.
        """
        signed = self.picture or self.kernels or self.over
        return not signed and bool((self.values >= 0).all())


class Shaped(NamedTuple):
    """The part of a row that is kept as long as users can choose from it, without its numbers."""

    name: str
    shape: tuple[int, int, int]


class Cell(NamedTuple):
    """A chosen cell: row `row` and column `column` of map `channel` of an overview's row."""

    name: str
    channel: int
    row: int
    column: int

    @classmethod
    def parse(cls, text: object, rows: Sequence[LayerRow | Shaped]) -> "Cell | None":
        """Return the cell that "name,channel,row,column" refers to, if it exists."""
        found = CELL.fullmatch(text) if isinstance(text, str) else None
        if not found:
            return None
        cell = cls(found[1], *map(int, found.groups()[1:]))
        shape = next((row.shape for row in rows if row.name == cell.name), (0, 0, 0))
        return cell if all(at < size for at, size in zip(cell[1:], shape, strict=True)) else None

    def __str__(self) -> str:
        return ",".join(map(str, self))


def overview(
    key: str,
    rows: Sequence[LayerRow],
    chosen: str = "",
    choose: Callable[[str], None] | None = None,
    **captions: str,
) -> None:
    """Show the rows, the first on top; `captions` and the other options are as in `packed`.

    `choose` is called with the cell that the user clicks or presses Enter on, in the format of
    `chosen`.
    """
    show(*packed(key, rows, chosen, choosable=choose is not None, **captions), rows, choose)


def packed(
    key: str,
    rows: Sequence[LayerRow],
    chosen: str = "",
    *,
    choosable: bool = False,
    target: str = "",
    hint: str = "",
) -> tuple[str, Packed]:
    """Return the key and the rows, the first on top, as one message.

    Parameters
    ----------
    key : str
        The key of the component.
    rows : sequence of LayerRow
        From the picture to the answer.
    chosen : str
        The chosen cell to mark, "name,channel,row,column", or empty.
    choosable : bool
        Whether cells can be chosen.
    target : str
        The key of the container that the page scrolls to after a choice.
    hint : str
        A hint for the user, shown while the cursor is on no cell.
    """
    captions = {
        "name": key,
        "chosen": chosen,
        "choosable": choosable,
        "target": target,
        "hint": hint,
    }
    return key, message(rows, captions)


def show(
    key: str,
    maps: Packed,
    rows: Sequence[LayerRow],
    choose: Callable[[str], None] | None = None,
) -> None:
    """Show packed rows; `choose` is called with the chosen cell."""
    # The session keeps `take`, which must not keep all maps of a network alive.
    shapes = [Shaped(row.name, row.shape) for row in rows]

    def take() -> None:
        if choose and (cell := Cell.parse(st.session_state[key].chosen, shapes)):
            choose(str(cell))

    _overview(key=key, data=maps, on_chosen_change=take)


def message(rows: Sequence[LayerRow], captions: dict[str, Any] | None = None) -> Packed:
    """Pack all rows into one message; `captions` go into the header."""
    blob = Blob()
    header = {
        "layers": [_describe(row, blob) for row in rows],
        "table": blob.tables("diverging"),
        "kernelTable": blob.tables("kernel"),
        **(captions or {}),
    }
    return blob.message(header)


def _describe(row: LayerRow, blob: Blob) -> dict[str, Any]:
    """Add the levels of a row to the blob; return its data for the browser."""
    values = row.values.reshape(row.shape)
    values = values[: row.shown] if row.order is None else values[list(row.order)]
    grey = row.grey
    longest = LONGEST_PICTURE if row.picture else LONGEST_LARGE if row.large else LONGEST
    small, block = _blocks(values, longest)
    limit = row.limit or symmetric_limits(small, 99.5)
    if row.picture:
        levels = np.clip(np.rint(small * (255 / row.white)), 0, 255).astype(np.uint8)
    elif row.kernels:  # each on its own scale
        largest = abs(small).max(axis=(1, 2), keepdims=True)
        levels = to_index(small / np.where(largest > 0, largest, 1), -1, 1)
    else:
        levels = to_index(small, 0 if grey else -limit, limit)
    exact = None
    if values.size <= MOST_NUMBERS or row.large or row.kernels:
        exact = blob.add(np.ascontiguousarray(values, dtype="<f4").view(np.uint8))
    return {
        "name": row.name,
        "title": row.title,
        "figures": row.figures,
        "shape": row.shape,
        "drawn": len(values),
        "order": None if row.order is None else list(row.order),
        "vector": row.values.ndim == 1,
        "large": row.large,
        "over": row.over,
        "aside": row.aside,
        "block": block,
        "size": small.shape[1:],
        "offset": blob.draw(levels),
        "exact": exact,
        "limit": row.white if row.picture else limit,
        "shown": number(limit),
        "windows": row.windows,
        "zeros": [i for i, one in enumerate(values) if not one.any()] if grey else [],
        "groups": row.groups,
        "channels": list(row.channels),
        "flat": row.flat,
        "picture": row.picture,
        "grey": grey,
        "kernels": row.kernels,
        "labels": list(row.labels),
        "shares": row.shares,
    }


def _blocks(values: NDArray, longest: int) -> tuple[NDArray, tuple[int, int]]:
    """Return maps of at most `longest` cells per side, and the size of the averaged blocks."""
    height, width = values.shape[1:]
    side = ceil(max(height, width) / longest)
    block = min(side, height), min(side, width)
    return (avg_pool2d(values, block, ceil_mode=True) if side > 1 else values), block
