"""Geometry: padding, stride and dilation, on a small grid and on the photo at once."""

import streamlit as st

from cnnviz.ui.classroom import tasks
from cnnviz.ui.export import downloads
from cnnviz.ui.geometry.borders import draw_borders
from cnnviz.ui.geometry.maps import draw_sizes, first_two
from cnnviz.ui.geometry.settings import SETTINGS, layout, looks, part
from cnnviz.ui.geometry.tasks import LESSON
from cnnviz.ui.geometry.way_back import draw_way_back
from cnnviz.ui.widgets import frame, live
from cnnviz.ui.widgets.settings import restore

PARTS = {"sizes": draw_sizes, "border": draw_borders, "back": draw_way_back}

SUBTITLES = {
    "sizes": "How many cells come out, and which of them are lost.",
    "border": "What the cells around the picture hold, and what that does to its rim.",
    "back": "From a small map to a large one: the transposed convolution.",
}


@st.fragment
def geometry() -> None:
    """Draw the page; a change of a setting runs this and nothing else."""
    restore(SETTINGS)
    LESSON.settle()
    axes = layout.settle()
    frame.say_notices()
    stage = frame.stage("Geometry", SUBTITLES[part.value])
    tasks.draw(LESSON, stage)
    page = live.Page(SETTINGS)
    with stage.bench:
        frame.parts(part)
    photo = PARTS[part.value](page, stage, axes)
    page.follow()
    with stage.head:
        looks.controls()
        frame.link(SETTINGS)
        downloads.buttons(photo, first_two(photo), looks.look(), SETTINGS)


geometry()
