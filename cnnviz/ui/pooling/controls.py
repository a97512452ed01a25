"""The controls of the Pooling page, above the places of its maps."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.ui.maps import boards
from cnnviz.ui.pooling.settings import (
    PAGE,
    PRESETS,
    ceil,
    closeup,
    given_input,
    include,
    kernel,
    measure,
    numbers,
    padding,
    pin,
    source,
    stride,
    take,
    window,
)
from cnnviz.ui.widgets import frame, picture_picker
from cnnviz.ui.widgets.number_grid import matrix
from cnnviz.ui.widgets.slider import slider


def draw_controls() -> DeltaGenerator:
    """Draw the settings above the places of the maps; return the place for figures."""
    with st.container(horizontal=True, gap="small", key="presets:pooling"):
        source.segments(label_visibility="collapsed", width="content")
        for preset in PRESETS:
            st.button(preset.title, on_click=take, args=(preset,))
    with st.container(key="stages"):
        controls, slots = st.columns(3, gap="medium"), st.columns(3, gap="medium")
    with controls[0]:
        frame.stage_title(1, source.options[source.value])
        if source.value == "matrix":
            frame.in_popover("Change the numbers", f"{PAGE}:numbers", draw_numbers)
        else:
            slider(picture_picker.SIZE)
            closeup.segments(label_visibility="collapsed")
            if source.value == "features":
                kernel.select(label_visibility="collapsed")
    with controls[1]:
        frame.stage_title(2, "Max pooling")
        slider(window)
        slider(stride)
    with controls[2]:
        frame.stage_title(3, "Average pooling")
        slider(padding)
        ceil.toggle()
        include.toggle()
    for slot, column in enumerate(slots):
        with column:
            boards.slot(PAGE, slot, pin=pin if slot == 0 else None)
    return slots[0]


def draw_numbers() -> None:
    """Draw the grid of the numbers."""
    given = given_input()
    matrix(numbers, colours="grey", limits=(given.black, given.white))


def draw_shift_controls() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Draw what is measured of shifts; return the places of what is found, in words and drawn."""
    sentences, drawing = st.columns([1, 1.4], gap="large")
    with sentences:
        measure.segments(width="content")
    return sentences, drawing
