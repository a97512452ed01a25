"""Feature maps on the screen: panes with one coordinate system, fed by one binary message.

A board is one set of maps. Its slots (`slot`) stand in the columns of the page, one a stage;
`packed` makes one message of all maps, and `show` sends it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
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
        """Return what the browser sent; invalid input is no pin."""
        try:
            return self.parse(str(text))
        except ValueError:
            return ""


def slot(board: str, stage: int, *, gallery: bool = False, pin: Pin | None = None) -> None:
    """Give the maps of a stage their place: one below the other, or in rows as a gallery.

    A slot that is given the pin takes it over for the maps (see `show`).
    """
    key = f"{board}:slot:{stage}"

    def take() -> None:
        if pin:
            pin.set(pin.read(st.session_state[key].pin))

    data = {"board": board, "stage": stage, "gallery": gallery, "pins": pin is not None}
    _slot(key=key, data=data, on_pin_change=take)


def row(*slots: tuple[str, int] | None) -> None:
    """Give maps of several stages their places beside one another, as columns would.

    Each is a board and a stage; None leaves its place empty. The page is told of one element,
    where columns with a slot each are three times as many as there are maps, and cost as much.
    """
    boards = dict.fromkeys(slot[0] for slot in slots if slot)
    places = [slot and {"board": slot[0], "stage": slot[1]} for slot in slots]
    _slot(key=f"{'+'.join(boards)}:row", data={"row": places})


def block(
    *maps: tuple[str, int, str], pin: Pin | None = None, columns: int = 0, first: int = 0
) -> None:
    """Give the maps of a stage their places: one block, as large as the window leaves room for.

    Each is a board, a stage and what the map is called; its number and name stand in the line
    below it, the number on its controls too. The first board takes the pin over (see `packed`).
    They stand in as many `columns`, where there is room for them; 0 leaves it to the window.
    Unless all of them stand in one row, the `first` few have a row of their own.
    """
    key = "+".join(dict.fromkeys(board for board, _, _ in maps)) + ":block"

    def take() -> None:
        if pin:
            pin.set(pin.read(st.session_state[key].pin))

    places = [{"board": board, "stage": stage, "name": name} for board, stage, name in maps]
    data = {"block": places, "columns": columns, "first": first, "pins": pin is not None}
    _slot(key=key, data=data, on_pin_change=take)


def packed(
    board: str,
    panes: Sequence[Pane],
    colouring: Colouring,
    arithmetic: Arithmetic | None = None,
    pin: Pin | None = None,
) -> tuple[str, Packed]:
    """Return the maps of a board as one message, after the name of the board.

    The pin comes back through a slot: it belongs in the link, so the whole page has to run.
    """
    return board, message(board, panes, colouring, arithmetic, pin.value if pin else "")


def show(board: str, maps: Packed) -> None:
    """Send the maps of a board, as `packed`, to the browser."""
    _maps(key=f"{board}:maps", data=maps)
