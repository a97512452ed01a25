"""The controls of the Layers page, and the opened cell."""

from random import SystemRandom

import streamlit as st

from cnnviz.ui.layers import own_file, settings
from cnnviz.ui.layers.settings import CHOSEN, FILTERS, PAGE, SEED, SIDE, SQUARE, WEIGHTS, StackRun
from cnnviz.ui.layers.stack_editor import editor
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.slider import slider

_PRESETS = f"{PAGE}:presets"


def draw_controls(run: StackRun) -> None:
    """Draw presets, picture, filters, and the blocks of the stack."""
    _presets()
    slider(SIDE)  # on its own row: on a narrow bench, dragging needs the full width
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        working_picture.COLOUR.segments(label_visibility="collapsed", width="content")
        SQUARE.toggle(width="content")
        FILTERS.select(width=180)
        SEED.stepper(width=120)
        st.button("New seed", key=f"{SEED.key}:new", on_click=_new_seed)
        WEIGHTS.toggle(width="content")
    if FILTERS.value == "file":
        own_file.draw(run)
    editor(
        f"{PAGE}:stack",
        run.stack,
        min(int(CHOSEN.value), max(0, len(run.stack.placed) - 1)),
        settings.act,
        can_undo=settings.can_undo(),
        can_redo=settings.can_redo(),
    )


def _presets() -> None:
    """Show the presets as chips; mark and describe the current one."""
    present = settings.present_start()
    st.session_state[_PRESETS] = present
    st.pills(
        "Start from",
        list(settings.starts()),
        format_func=lambda name: settings.starts()[name].title,
        key=_PRESETS,
        on_change=_take_preset,
        label_visibility="collapsed",
    )
    if present:
        st.caption(settings.starts()[present].description)


def _take_preset() -> None:
    if name := st.session_state[_PRESETS]:
        settings.start(name)


def _new_seed() -> None:
    SEED.set(SystemRandom().randint(int(SEED.low), int(SEED.high)))
