"""Maps as one binary message to the browser.

The message is the length of the header (uint32, little-endian), the header (JSON) and the planes
(uint8): levels of a colour table for maps, raw intensities for pictures. Maps that are functions of
one map with few unique values share a plane (uint16) that says which value each cell has, and carry
only the levels of those values.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnviz.images.colour_maps import COLOUR_MAPS, THEMES, to_index
from cnnviz.ui.maps.panes import Colouring, Pane, Range
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets.formatting import number, percent, together

ASKED = ("convolution", "part")  # the roles of maps whose values learners may be asked to predict
ROUNDING = 1e-12  # share of the largest value: a smaller mean is rounding noise and counts as 0
MOST_NUMBERS = 64 * 64  # cells of a map up to which its exact values are sent, too


@dataclass(frozen=True)
class Arithmetic:
    """The data from which the browser computes the cell under the cursor.

    Parameters
    ----------
    chains : sequence of dict
        Chains in the format of static/components/maps/arithmetic.js.
    start : (row, column)
        The cell that is shown before the user points at one.
    start_stage : int
        The stage of that cell: 1 for the features, 3 for the pooled map.
    subject : str
        Identifies what the maps show; when it changes, the selected cell is `start` again.
    values : array, optional
        The exact input, if it does not follow from the intensities of the first pane.
    predict : bool
        Hide the value of a cell until the user types it or asks for it.
    closeup : int
        Zoom in on the cell under the cursor until this many cells of the picture
        fill the maps; 0 for the whole picture.
    linked : bool
        All chains have the same geometry, and the cursor marks its cell in the maps of all.
    panel : bool
        Write the arithmetic below the maps; otherwise the maps only mark the cells that belong
        together.
    """

    chains: Sequence[dict[str, Any]]
    start: tuple[int, int]
    values: NDArray | None = None
    predict: bool = False
    closeup: int = 0
    linked: bool = False
    panel: bool = True
    start_stage: int = 1
    subject: str = ""

    def reach(self, given: Pane) -> float:
        """Return a bound on all feature values for the picture `given`, without computing them."""
        brightest = max(abs(given.black), abs(given.white))
        return (
            max(
                brightest * float(np.abs(chain["matrices"]).sum()) / abs(chain["divisor"])
                + abs(chain["bias"])
                for chain in self.chains
            )
            or 1.0
        )

    @property
    def padded(self) -> list[tuple[int, int, int, int]]:
        """Top, left, bottom and right edge of the input with its padding, for each chain."""
        return [
            (-top, -left, chain["sizes"]["input"][0] + bottom, chain["sizes"]["input"][1] + right)
            for chain in self.chains
            for (top, bottom), (left, right) in [chain["pads"]]
        ]


def message(
    board: str,
    panes: Sequence[Pane],
    colouring: Colouring,
    arithmetic: Arithmetic | None = None,
    pin: str = "",
) -> Packed:
    """Pack header and planes of a board into one message."""
    blob, ranges = Blob(), colouring.ranges(panes)
    asked = [bool(arithmetic and arithmetic.predict) and pane.role in ASKED for pane in panes]
    if arithmetic and any(asked):
        reach = arithmetic.reach(panes[0])
        ranges = [(-reach, reach) if hidden else r for hidden, r in zip(asked, ranges, strict=True)]
    entries = [
        {
            **describe(pane, ends, hidden=hidden),
            **_plane(pane, ends, blob),
            "numbers": _numbers(pane, blob),
        }
        for pane, ends, hidden in zip(panes, ranges, asked, strict=True)
    ]
    extents = np.array(
        [pane.extent() for pane in panes] + (arithmetic.padded if arithmetic else [])
    )
    header: dict[str, Any] = {
        "board": board,
        "world": [*extents[:, :2].min(axis=0), *extents[:, 2:].max(axis=0)],
        "table": blob.tables(colouring.table),
        "panes": entries,
        "chains": [],
        "input": None,
    }
    if arithmetic:
        header |= {
            "kernelTable": blob.tables("kernel"),
            "chains": arithmetic.chains,
            "input": _input(panes[0], entries[0], arithmetic.values, blob),
            "predict": arithmetic.predict,
            "closeup": arithmetic.closeup,
            "linked": arithmetic.linked,
            "panel": arithmetic.panel,
            "subject": arithmetic.subject,
            "start": _cursor(arithmetic.start_stage, *arithmetic.start, 0),
            "pin": pin,
        }
    return blob.message(header)


def _input(
    pane: Pane, entry: dict[str, Any], values: NDArray | None, blob: "Blob"
) -> dict[str, Any]:
    """Say where the exact input is: in the drawn intensities, or as separate numbers."""
    where = {"offset": entry["offset"], "factor": (pane.white - pane.black) / 255, "exact": False}
    if values is not None:
        raw = np.ascontiguousarray(values, dtype="<f8").view(np.uint8)
        where = {"offset": blob.add(raw), "factor": 1, "exact": True}
    shape = {name: entry[name] for name in ("channels", "height", "width")}
    return {**shape, **where, "black": pane.black, "white": pane.white}


def _plane(pane: Pane, ends: Range, blob: "Blob") -> dict[str, int]:
    """Add the drawn plane; return its offset."""
    if pane.unique_values is None:
        # The browser also computes with the picture, so it is sent cell by cell.
        add = blob.draw if pane.picture is None else blob.add
        return {"offset": add(levels(pane, ends))}
    of_numbers = to_index(pane.numbers, *ends)
    return {"offset": blob.add(of_numbers), "which": blob.once(pane.unique_values.which)}


def _numbers(pane: Pane, blob: "Blob") -> int | None:
    """Add the exact values of a small map for which the browser has no arithmetic."""
    if pane.role or pane.picture is not None or pane.values.size > MOST_NUMBERS:
        return None
    return blob.add(np.ascontiguousarray(pane.values, dtype="<f8").view(np.uint8))


def _cursor(stage: int, row: int, column: int, chain: int) -> dict[str, int]:
    return {"stage": stage, "row": row, "column": column, "chain": chain}


class Blob:
    """The binary part of a message: arrays of bytes, one after the other."""

    def __init__(self) -> None:
        self.parts: list[NDArray[np.uint8]] = []
        self.size = 0
        self.shared: dict[int, int] = {}

    def add(self, array: NDArray[np.uint8]) -> int:
        """Append an array; return its offset."""
        return self.draw(array.ravel())

    def draw(self, planes: NDArray[np.uint8]) -> int:
        """Append planes (…, H, W) that are only drawn, so that they may be sent at half size."""
        offset = self.size
        self.parts.append(planes)
        self.size += planes.size
        return offset

    def tables(self, name: str) -> dict[str, int]:
        """Append the colour table of that name for each theme; return their offsets."""
        return {theme: self.add(COLOUR_MAPS[table]) for theme, table in THEMES[name].items()}

    def once(self, array: NDArray[np.uint16]) -> int:
        """Append an array of integers, little-endian, unless it is there; return its offset."""
        if id(array) not in self.shared:
            raw = np.ascontiguousarray(array, dtype="<u2").view(np.uint8)
            self.shared[id(array)] = self.add(raw)
        return self.shared[id(array)]

    def message(self, header: dict[str, Any]) -> Packed:
        """Return the whole message: the header, then the arrays that it describes."""
        text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
        head = np.frombuffer(struct.pack("<I", len(text)) + text, np.uint8)
        return Packed((head, *self.parts))


def _zeros(numbers: NDArray, cells: NDArray[np.int64] | None) -> int:
    """Return how many cells are 0; `cells` gives the number of cells per value, 1 by default."""
    zero = numbers == 0
    return int(np.count_nonzero(zero) if cells is None else cells[zero].sum())


def levels(pane: Pane, ends: Range) -> NDArray[np.uint8]:
    """Return the drawn bytes: intensities of a picture, or levels of a map's colour table."""
    return to_index(pane.values, *ends) if pane.picture is None else pane.picture


def describe(pane: Pane, ends: Range, *, hidden: bool = False) -> dict[str, Any]:
    """Return the data about a pane for the browser, including its sentences.

    If users are to predict the values (`hidden`), no sentence reveals them.
    """
    values, numbers = pane.values, pane.numbers
    height, width = pane.size
    low, high = float(numbers.min()), float(numbers.max())
    cells = pane.unique_values.counts if pane.unique_values else None
    mean, zeros = float(np.average(numbers, weights=cells)), _zeros(numbers, cells) / values.size
    if abs(mean) < ROUNDING * max(abs(low), abs(high)):
        mean = 0.0
    channels = "" if values.ndim == 2 else f"{len(values)} × "
    size = together(f"{channels}{height} × {width}")
    span = f"{number(low)} … {number(high)}"
    figures = f"{size} · {span} · mean {number(mean)} · {percent(zeros)} zero"
    told = f"from {number(low)} to {number(high)}, mean {number(mean)}, {percent(zeros)} zero"
    if hidden:
        figures, told = size, "to be predicted"
    if pane.picture is None:
        legend = [
            ("≤ " if low < ends[0] else "") + number(ends[0]),
            "0" if ends[0] else "",
            ("≥ " if high > ends[1] else "") + number(ends[1]),
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
        "grey": pane.picture is not None or ends[0] == 0,
        "black": pane.black,
        "white": pane.white,
        "role": pane.role,
        "chain": pane.chain,
        "channel": pane.channel,
        "chart": pane.chart,
        "outline": pane.outline,
        "over": pane.over,
        "place": pane.place(),
        "legend": legend,
        "figures": figures,
        "alt": f"{pane.alt}, {size} cells, {told}.",
    }
