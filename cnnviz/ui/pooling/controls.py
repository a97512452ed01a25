"""The controls of the Pooling page, and the slots for its maps."""

import streamlit as st

from cnnviz.ui.maps import boards
from cnnviz.ui.pooling.settings import (
    PAGE,
    PRESETS,
    ceil,
    closeup,
    given_input,
    include,
    kernel,
    numbers,
    padding,
    pin,
    source,
    stride,
    values,
    window,
)
from cnnviz.ui.widgets import frame, working_picture
from cnnviz.ui.widgets.number_grid import matrix
from cnnviz.ui.widgets.presets import presets
from cnnviz.ui.widgets.slider import slider


def draw_places(regions: frame.Regions) -> None:
    """Draw the slots for the maps."""
    with regions.maps:
        names = (source.options[source.value], "Max pooling", "Average pooling")
        boards.block(*((PAGE, slot, name) for slot, name in enumerate(names)), pin=pin)


def draw_controls() -> None:
    """Draw the controls of the input and of the pooling."""
    controls = frame.controls(2)
    with controls[0]:
        frame.stage_title(1, "Input")
        source.segments(label_visibility="collapsed", width="content")
        if source.value == "matrix":
            frame.in_popover("Change the numbers", f"{PAGE}:numbers", draw_numbers)
        else:
            slider(working_picture.SIZE)
            with st.container(horizontal=True, gap="small"):
                closeup.segments(label_visibility="collapsed", width="content")
                if source.value == "features":
                    kernel.select(label_visibility="collapsed")
    with controls[1]:
        frame.stage_title("2 · 3", "Max and average")
        slider(window)
        slider(stride)
        slider(padding)
        with st.container(horizontal=True, gap="small"):
            ceil.toggle()
            include.toggle()
    presets("pooling", {preset.title: values(preset) for preset in PRESETS})


def draw_numbers() -> None:
    """Draw the editable grid of numbers."""
    given = given_input()
    matrix(numbers, colours="grey", limits=(given.black, given.white))
