"""Geometry: padding, stride and dilation, on a small grid and on the photo at once."""

import streamlit as st

from cnnviz.ui.classroom import tasks
from cnnviz.ui.export import downloads
from cnnviz.ui.geometry.borders import draw_borders
from cnnviz.ui.geometry.maps import draw_sizes
from cnnviz.ui.geometry.settings import SETTINGS, colours, part, window
from cnnviz.ui.geometry.tasks import TASKS
from cnnviz.ui.geometry.transposed import draw_way_back
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.settings import restore

PARTS = {"sizes": draw_sizes, "border": draw_borders, "back": draw_way_back}

SUBTITLES = {
    "sizes": "How many cells come out, and which cells of the input are never read.",
    "border": "What the cells around the picture hold, and what that does to its rim.",
    "back": "From a small map to a large one: the transposed convolution.",
}


@st.fragment
def geometry() -> None:
    """Draw the page; a changed setting reruns only this fragment."""
    restore(SETTINGS)
    TASKS.settle()
    axes = window.settle()
    frame.say_notices()
    regions = frame.draw("Geometry", SUBTITLES[part.value])
    tasks.draw(TASKS, regions)
    page = live_page.Page(SETTINGS)
    with regions.bench:
        frame.parts(part)
    work = PARTS[part.value](page, regions, axes)
    page.follow()
    with regions.head:
        colours.controls()
        frame.link(SETTINGS)
        downloads.buttons(work, colours.chosen(), SETTINGS)


geometry()
