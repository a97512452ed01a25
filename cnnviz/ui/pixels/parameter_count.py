"""The calculator: a weight for every number of the picture, or one filter for all positions."""

import streamlit as st

from cnnviz.ui.chain.run import Run
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.pixels import views
from cnnviz.ui.pixels.planes import computed
from cnnviz.ui.pixels.settings import SIDES, channels, kernel_size, side, units
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.slider import slider


def draw_parameter_count(page: live_page.Page, regions: frame.Regions) -> tuple[Run, list[Pane]]:
    """Draw the calculator: a weight for every number, or one filter for all positions."""
    run, shown = computed()
    with regions.bench:
        draw_calculator(run.input.size)
        frame.look_for(
            "A dense neuron has a weight for every number of the picture, so "
            "10 more pixels per side cost as many weights as the last column says. A filter uses "
            "the same weights at every place: it costs the same for a picture of any size."
        )
    return run, shown


def draw_calculator(size: tuple[int, int]) -> None:
    """Draw the settings, and the number of weights."""
    controls, counted = st.columns([1, 2.59], gap="large")
    with controls:
        slider(side)
        with st.container(horizontal=True, gap="small"):
            for label, length in (SIDES | {"This picture": max(size)}).items():
                st.button(label, on_click=side.set, args=(length,))
        slider(kernel_size)
        with st.container(horizontal=True, gap="small"):
            channels.segments()
            units.stepper()
    with counted:
        answer()


def answer() -> None:
    """Draw the counts."""
    st.html(views.parameter_count(side.value, int(channels.value), kernel_size.value, units.value))
