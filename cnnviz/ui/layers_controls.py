"""The controls of the Layers page, and the one cell that is opened."""

from collections.abc import Sequence
from dataclasses import replace
from random import SystemRandom

import streamlit as st

from cnnviz.nn import Row
from cnnviz.ui import layers, layers_unit, picker
from cnnviz.ui.layers import CHOSEN, FILTERS, OPEN, PAGE, SEED, SIDE, SQUARE, WEIGHTS, Run
from cnnviz.ui.overview import Cell, Strip, overview
from cnnviz.ui.settings import Setting
from cnnviz.ui.slider import slider
from cnnviz.ui.stack import editor
from cnnviz.ui.strips import field_windows

_PRESETS = f"{PAGE}:presets"


def draw_controls(run: Run) -> None:
    """Draw presets, picture, filters, and the blocks of the stack."""
    _presets()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(width=230):
            slider(SIDE)
        picker.COLOUR.segments(label_visibility="collapsed", width="content")
        SQUARE.toggle(width="content")
        FILTERS.select(width=180)
        SEED.stepper(width=120)
        st.button("New seed", on_click=_new_seed)
        WEIGHTS.toggle(width="content")
    editor(
        f"{PAGE}:stack",
        run.stack,
        min(int(CHOSEN.value), max(0, len(run.stack.placed) - 1)),
        layers.act,
        can_undo=layers.can_undo(),
        can_redo=layers.can_redo(),
    )


def _presets() -> None:
    """Show the presets as chips; the one that is on the screen is marked."""
    st.session_state[_PRESETS] = layers.present_start()
    st.pills(
        "Start from",
        list(layers.starts()),
        format_func=lambda name: layers.starts()[name].title,
        key=_PRESETS,
        on_change=_take_preset,
        label_visibility="collapsed",
    )


def _take_preset() -> None:
    if name := st.session_state[_PRESETS]:
        layers.start(name)


def _new_seed() -> None:
    SEED.set(SystemRandom().randint(int(SEED.low), int(SEED.high)))


def opened(run: Run, strips: Sequence[Strip], setting: Setting = OPEN, page: str = PAGE) -> None:
    """Draw the map of the cell that is opened, in large, and the arithmetic of that cell.

    Other pages give their own `setting` for the cell, and their own run of the same form.
    """
    with st.container(key="opened"):
        cell = Cell.parse(setting.value, strips)
        if cell is None:
            return
        strip = next(strip for strip in strips if strip.name == cell.name)
        with st.container(border=True):
            drawing, words = st.columns([1.15, 1], gap="large")
            with drawing:
                _map(run, strips[0], strip, cell, setting, page)
            with words:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.html(f'<h2 class="stage">{_place(strip, cell)}</h2>')
                    st.button("Close", icon=":material/close:", on_click=setting.set, args=("",))
                layers_unit.show(f"{page}:unit", run, cell)


def _place(strip: Strip, cell: Cell) -> str:
    if strip.values.ndim == 1:
        return f"{strip.title}, number {cell.channel}"
    return f"{strip.title}, map {cell.channel}, row {cell.row}, column {cell.column}"


def _map(run: Run, picture: Strip, strip: Strip, cell: Cell, setting: Setting, page: str) -> None:
    """Draw one map, or the vector, with what its cells see of the picture."""
    shown, large = cell, replace(strip, windows=None, flat=False)
    if strip.values.ndim == 3:
        shown = cell._replace(channel=0)
        large = replace(
            large,
            title=f"{strip.title} · map {cell.channel}",
            values=strip.values[[cell.channel]],
            windows=None if strip.kernels else field_windows(_row(run, strip)),
            groups=1,
            shown=None,
            large=True,
        )

    def choose(text: str) -> None:
        name, channel, row, column = text.split(",")
        setting.set(f"{name},{cell.channel if large.large else channel},{row},{column}")

    parts = [replace(picture, name="picture", aside=True), large]
    overview(f"{page}:large", parts, str(shown), choose, hint="Choose another cell.")


def _row(run: Run, strip: Strip) -> Row | None:
    """Return the row of the layer that a strip shows; None for the picture."""
    return next((row for row in run.stack.rows if row.name == strip.name), None)
