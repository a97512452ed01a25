"""Feature maps on the screen: panes with one coordinate system, fed by one binary message.

A board is one set of maps. Its slots (`slot`) are in the columns of the page, one per stage;
`packed` puts all maps into one message, and `show` sends it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from cnnviz.ui.maps.message import Arithmetic, message
from cnnviz.ui.maps.panes import Colouring, Pane
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.settings import Setting

_slot = component("maps/slot", '<div class="pane"></div>')
_maps = component(
    "maps", '<div class="sheet"><div class="player"></div><div class="panel"></div></div>'
)


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
        """Return the pin that the browser sent; invalid input means no pin."""
        try:
            return self.parse(str(text))
        except ValueError:
            return ""


def slot(board: str, stage: int, *, gallery: bool = False, pin: Pin | None = None) -> None:
    """Draw the slot for the maps of a stage: one below the other, or in rows as a gallery.

    A slot that is given the pin reports it for the maps (see `show`).
    """
    key = f"{board}:slot:{stage}"
    data = {"board": board, "stage": stage, "gallery": gallery, "pins": pin is not None}
    _slot(key=key, data=data, on_pin_change=partial(_take, key, pin))


def row(*slots: tuple[str, int] | None) -> None:
    """Draw slots for maps of several stages side by side, as columns would.

    Each place is a board and a stage, or None for an empty one. The page gets only one element;
    columns with slots would be three elements per map, each with its cost.
    """
    boards = dict.fromkeys(slot[0] for slot in slots if slot)
    places = [slot and {"board": slot[0], "stage": slot[1]} for slot in slots]
    _slot(key=f"{'+'.join(boards)}:row", data={"row": places})


def block(
    *maps: tuple[str, int, str], pin: Pin | None = None, columns: int = 0, first: int = 0
) -> None:
    """Draw the slots for these maps as one block, as large as the window has room for.

    Each place is a board, a stage and the title of the map; its number and title appear in the line
    below it, the number on its controls, too. The first board reports the pin (see `packed`). The
    maps are in this many `columns` if there is room; 0 leaves the number to the window. Unless all
    maps are in one row, the `first` few have their own row.
    """
    key = "+".join(dict.fromkeys(board for board, _, _ in maps)) + ":block"
    places = [{"board": board, "stage": stage, "name": name} for board, stage, name in maps]
    data = {"block": places, "columns": columns, "first": first, "pins": pin is not None}
    _slot(key=key, data=data, on_pin_change=partial(_take, key, pin))


def _take(key: str, pin: Pin | None) -> None:
    """Take the pin over that a slot reports, if it was given one."""
    if pin:
        pin.set(pin.read(st.session_state[key].pin))


def packed(
    board: str,
    panes: Sequence[Pane],
    colouring: Colouring,
    arithmetic: Arithmetic | None = None,
    pin: Pin | None = None,
) -> tuple[str, Packed]:
    """Return the name of a board and its maps as one message.

    A slot reports the pin: it belongs in the link, so the whole page has to run.
    """
    return board, message(board, panes, colouring, arithmetic, pin.value if pin else "")


def show(board: str, maps: Packed) -> None:
    """Send the maps of a board, as `packed`, to the browser."""
    _maps(key=f"{board}:maps", data=maps)
