"""Feature maps on the screen: panes with one coordinate system, fed by one binary message.

A board is one set of maps. Its slots (`slot`) stand in the columns of the page, one a stage;
`show` sends all maps at once. The message is the length of the header (uint32, little-endian),
the header (JSON) and the planes (uint8): levels of a colour table for maps, raw intensities for
pictures.
"""

import json
import re
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.colour import COLOUR_MAPS, symmetric_limits, to_index
from cnnviz.geometry import ReceptiveField
from cnnviz.ui.component import component
from cnnviz.ui.settings import Number, Setting
from cnnviz.ui.slider import within
from cnnviz.ui.text import number, percent

_slot = component("pane")
_maps = component("maps", '<div class="player"></div><div class="panel"></div>')

# The table of each theme: on dark, nothing is dark and not white.
TABLES = {
    "diverging": {"light": "diverging", "dark": "diverging_dark"},
    "grey": {"light": "grey", "dark": "grey"},
}

MOST_NUMBERS = 64 * 64  # cells of a map whose exact values are sent along

Fields = tuple[ReceptiveField, ReceptiveField]
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
        "convolution", "part" (what one channel adds to it), "activation" or "pooling".
    chain : int, optional
        Whose arithmetic; the picture belongs to all.
    channel : int
        Of a plane or a part.
    slot : int, optional
        Where it stands, if not in the slot of its stage.
    file : str
        What its files are called, if not after stage and title.
    chart : dict, optional
        What static/components/chart.js draws below the map.
    outline : (top, left, bottom, right), optional
        A part of the map that is marked, in cells of the picture.
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

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.values.shape[-2:]

    def place(self) -> list[float]:
        """Top, left, height and width of the first cell, in cells of the picture."""
        tops = [field.start + (field.size - field.jump) / 2 for field in self.fields]
        return [*tops, *(field.jump for field in self.fields)]

    def extent(self) -> tuple[float, float, float, float]:
        """Top, left, bottom and right edge, in cells of the picture."""
        top, left, height, width = self.place()
        return top, left, top + height * self.size[0], left + width * self.size[1]


@dataclass(frozen=True)
class Look:
    """How values become colours.

    Parameters
    ----------
    scale : "auto", "all" or "each"
        Which maps share one scale: those whose `Pane.scale` is the same, all, or none.
    robust : bool
        End the colours at the 99.5th percentile of |x|, so that a few extreme values do not
        pale the rest; otherwise at the largest.
    table : "diverging" or "grey"
        With "grey", 0 is the middle grey.
    """

    scale: Literal["auto", "all", "each"] = "auto"
    robust: bool = True
    table: Literal["diverging", "grey"] = "diverging"

    def limits(self, panes: Sequence[Pane]) -> list[float]:
        """Return for each pane the value m such that its colours run from −m to m.

        A shared scale is that of the first step that uses it, so that a change further down
        does not recolour what stands before it.
        """
        maps = [i for i, pane in enumerate(panes) if pane.picture is None]
        group = {i: {"auto": panes[i].scale, "all": "", "each": i}[self.scale] for i in maps}
        bounds = {
            name: self._limit([panes[i] for i in maps if group[i] == name])
            for name in set(group.values())
        }
        return [bounds[group[i]] if i in group else pane.white for i, pane in enumerate(panes)]

    def _limit(self, members: Sequence[Pane]) -> float:
        first = min(pane.stage for pane in members)
        leading = [pane.values for pane in members if not self.robust or pane.stage == first]
        percentile = 99.5 if self.robust else 100
        return max(symmetric_limits(values, percentile) for values in leading)


def slot(board: str, stage: int, *, gallery: bool = False, pin: "Pin | None" = None) -> None:
    """Give the maps of a stage their place: below one another, or in rows as a gallery.

    A slot that is given the pin takes it over for the maps (see `show`).
    """
    key = f"{board}:slot:{stage}"
    data = {"board": board, "stage": stage, "gallery": gallery, "pins": pin is not None}
    _slot(key=key, data=data, on_pin_change=_pin_taker(pin, key))


@dataclass(frozen=True)
class Pin(Setting):
    """The cell that is kept under the cursor: "stage,row,column,chain", or empty."""

    default: Any = ""

    def parse(self, text: str) -> str:
        """Return the text, or raise ValueError."""
        if not re.fullmatch(r"[0-3](,\d{1,5}){3}", text):
            raise ValueError("stage, row, column and kernel")
        return text

    def read(self, text: object) -> str:
        """Return what the browser sent; nonsense is no pin."""
        try:
            return self.parse(str(text))
        except ValueError:
            return ""


@dataclass(frozen=True)
class Arithmetic:
    """What the browser needs to compute the cell under the cursor by itself.

    Parameters
    ----------
    chains : sequence of dict
        What static/components/arithmetic.js calls a chain.
    start : (row, column)
        The cell that is shown before anything is pointed at.
    start_stage : int
        Whose cell that is: 1 for the features, 3 for the pooled map.
    values : array, optional
        The exact input, where it does not follow from the intensities of the first pane.
    predict : bool
        Hide the answer of a cell until it is typed or asked for.
    closeup : int
        Open the maps at the cell under the cursor, so near that this many cells of the picture
        fill them; 0 for the whole picture.
    linked : bool
        All chains have the same geometry, and the cursor marks its cell in the maps of all.
    panel : bool
        Write the arithmetic below the maps; otherwise the maps only show what belongs together.
    """

    chains: Sequence[dict[str, Any]]
    start: tuple[int, int]
    values: NDArray | None = None
    predict: bool = False
    closeup: int = 0
    linked: bool = False
    panel: bool = True
    start_stage: int = 1

    @property
    def padded(self) -> list[tuple[int, int, int, int]]:
        """Top, left, bottom and right edge of the input with its padding, for each chain."""
        return [
            (-top, -left, chain["sizes"]["input"][0] + bottom, chain["sizes"]["input"][1] + right)
            for chain in self.chains
            for (top, bottom), (left, right) in [chain["pads"]]
        ]


def show(
    board: str,
    panes: Sequence[Pane],
    look: Look,
    arithmetic: Arithmetic | None = None,
    pin: Pin | None = None,
    moves: Iterable[Number] = (),
) -> None:
    """Send the maps of a board to the browser.

    Where the maps stand in a fragment of their own, sliders of the settings `moves` send through
    the maps while they are dragged, so that the maps alone are drawn again; when the hand lets
    go, the slider has the whole page run. A pin then goes through a slot, since it belongs into
    the link.
    """
    key = f"{board}:maps"
    movable = {setting.key: setting for setting in moves}

    def take_move() -> None:
        move = st.session_state[key].move
        setting = movable.get(move.get("key")) if isinstance(move, dict) else None
        if setting:
            setting.set(within(setting, move))

    moved = st.session_state.get(key, {}).get("move") or {}
    words = {"moves": list(movable), "turn": moved.get("turn", 0)} if movable else {}
    _maps(
        key=key,
        data=message(board, panes, look, arithmetic, pin.value if pin else "", words),
        on_pin_change=_pin_taker(pin, key),
        on_move_change=take_move,
    )


def _pin_taker(pin: Pin | None, key: str) -> Callable[[], None]:
    """Return what takes over the pin that the component of that key has sent."""

    def take() -> None:
        if pin:
            pin.set(pin.read(st.session_state[key].pin))

    return take


def message(
    board: str,
    panes: Sequence[Pane],
    look: Look,
    arithmetic: Arithmetic | None = None,
    pin: str = "",
    words: Mapping[str, Any] | None = None,
) -> bytes:
    """Pack header and planes of a board into one message; `words` go into the header."""
    blob = Blob()
    entries = [
        {
            **describe(pane, limit, look),
            "offset": blob.add(levels(pane, limit)),
            "numbers": _numbers(pane, blob),
        }
        for pane, limit in zip(panes, look.limits(panes), strict=True)
    ]
    extents = np.array(
        [pane.extent() for pane in panes] + (arithmetic.padded if arithmetic else [])
    )
    header = {
        "board": board,
        "world": [*extents[:, :2].min(axis=0), *extents[:, 2:].max(axis=0)],
        "table": {theme: blob.add(COLOUR_MAPS[name]) for theme, name in TABLES[look.table].items()},
        "panes": entries,
        "chains": [],
        "input": None,
        **(words or {}),
    }
    if arithmetic:
        header |= {
            "kernelTable": dict.fromkeys(("light", "dark"), blob.add(COLOUR_MAPS["kernel"])),
            "chains": arithmetic.chains,
            "input": _input(panes[0], entries[0], arithmetic.values, blob),
            "predict": arithmetic.predict,
            "closeup": arithmetic.closeup,
            "linked": arithmetic.linked,
            "panel": arithmetic.panel,
            "start": _cursor(arithmetic.start_stage, *arithmetic.start, 0),
            "pin": pin,
        }
    return packed(header, blob)


def packed(header: dict[str, Any], blob: "Blob") -> bytes:
    """Put a header and the planes it tells of into one message."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return b"".join([struct.pack("<I", len(text)), text, *blob.parts])


def _input(
    pane: Pane, entry: dict[str, Any], values: NDArray | None, blob: "Blob"
) -> dict[str, Any]:
    """Say where the exact input stands: in the intensities drawn, or as numbers of its own."""
    where = {"offset": entry["offset"], "factor": pane.white / 255, "exact": False}
    if values is not None:
        raw = np.ascontiguousarray(values, dtype="<f8").view(np.uint8)
        where = {"offset": blob.add(raw), "factor": 1, "exact": True}
    shape = {name: entry[name] for name in ("channels", "height", "width")}
    return {**shape, **where, "black": pane.black, "white": pane.white}


def _numbers(pane: Pane, blob: "Blob") -> int | None:
    """Add the exact values of a small map that no arithmetic in the browser arrives at."""
    if pane.role or pane.picture is not None or pane.values.size > MOST_NUMBERS:
        return None
    return blob.add(np.ascontiguousarray(pane.values, dtype="<f8").view(np.uint8))


def _cursor(stage: int, row: int, column: int, chain: int) -> dict[str, int]:
    return {"stage": stage, "row": row, "column": column, "chain": chain}


class Blob:
    """The binary part of a message: arrays of bytes, one after the other."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def add(self, array: NDArray[np.uint8]) -> int:
        """Append an array; return where it begins."""
        offset = self.size
        self.parts.append(array.tobytes())
        self.size += array.size
        return offset


def levels(pane: Pane, limit: float) -> NDArray[np.uint8]:
    """Return what is drawn: intensities of a picture, levels of the colour table of a map."""
    return to_index(pane.values, -limit, limit) if pane.picture is None else pane.picture


def describe(pane: Pane, limit: float, look: Look) -> dict[str, Any]:
    """Return what the browser is told of a pane, its sentences included."""
    values = pane.values
    height, width = pane.size
    low, high = float(values.min()), float(values.max())
    mean, zeros = float(values.mean()), np.count_nonzero(values == 0) / values.size
    size = f"{height} × {width}" if values.ndim == 2 else f"{len(values)} × {height} × {width}"
    span = f"{number(low)} … {number(high)}"
    figures = f"{size} · {span} · mean {number(mean, 3)} · {percent(zeros)} zero"
    if pane.picture is None:
        legend = [
            ("≤ " if low < -limit else "") + number(-limit),
            "0",
            ("≥ " if high > limit else "") + number(limit),
        ]
    else:
        legend = [number(pane.black), "", number(pane.white)]
    return {
        "stage": pane.stage,
        "slot": pane.stage if pane.slot is None else pane.slot,
        "title": pane.title,
        "height": height,
        "width": width,
        "channels": 1 if values.ndim == 2 else len(values),
        "picture": pane.picture is not None,
        "black": pane.black,
        "white": pane.white,
        "role": pane.role,
        "chain": pane.chain,
        "channel": pane.channel,
        "chart": pane.chart,
        "outline": pane.outline,
        "place": pane.place(),
        "legend": legend,
        "figures": figures,
        "alt": f"{pane.alt}, {size} cells, from {number(low)} to {number(high)}, "
        f"mean {number(mean, 3)}, {percent(zeros)} zero.",
    }
