"""The Lab: a picture, a kernel, and convolution, activation and pooling side by side."""

import streamlit as st

from cnnviz.ui.classroom import tasks
from cnnviz.ui.export import downloads
from cnnviz.ui.lab.maps import answer, shown
from cnnviz.ui.lab.settings import PAGE, SETTINGS, chain, colours, per_channel, pin
from cnnviz.ui.lab.tasks import TASKS
from cnnviz.ui.maps import boards
from cnnviz.ui.widgets import frame, live_page, working_picture
from cnnviz.ui.widgets.presets import reset
from cnnviz.ui.widgets.settings import restore
from cnnviz.ui.widgets.tour import tour


@st.fragment
def lab() -> None:
    """Draw the page; a changed setting reruns only this fragment."""
    restore(SETTINGS)
    TASKS.settle()
    chain.kernels.carry()
    frame.say_notices()
    regions = frame.draw(
        "Lab", "See what a CNN does to your photo. Point at any pixel for its arithmetic."
    )
    tasks.draw(TASKS, regions)
    names = ("Input", "Convolution", chain.activation.title, chain.pooling.title)
    with regions.maps:
        boards.block(*((PAGE, i, name) for i, name in enumerate(names)), pin=pin)
    with regions.bench:
        controls = frame.controls(4)
    with controls[0]:
        frame.stage_title(1, "Input")
        working_picture.controls()
        if working_picture.COLOUR.value == "colour":
            per_channel.toggle()
    with controls[1]:
        with st.container(horizontal=True, vertical_alignment="center"):
            frame.stage_title(2, "Convolution")
            chain.kernels.switch()
        chain.convolution_controls()
    with controls[2]:
        frame.stage_title(3, chain.activation.title)
        chain.activation.controls()
    with controls[3]:
        frame.stage_title(4, chain.pooling.title)
        chain.pooling.controls()
    page = live_page.Page(SETTINGS)
    with regions.bench:
        run = page.draw(answer)
        page.follow()
    with regions.head:
        tour()
        colours.controls()
        reset([one for one in SETTINGS if one not in working_picture.SETTINGS])
        frame.link(SETTINGS)
        downloads.buttons(downloads.Work(run, shown(run)), colours.chosen(), SETTINGS)


lab()
