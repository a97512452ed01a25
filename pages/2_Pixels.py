"""Pixels: a picture is numbers, in three channels; why a network shares its weights."""

import streamlit as st

from cnnviz.ui.classroom import tasks
from cnnviz.ui.export import downloads
from cnnviz.ui.pixels.parameter_count import draw_parameter_count
from cnnviz.ui.pixels.planes import draw_planes
from cnnviz.ui.pixels.programs import code
from cnnviz.ui.pixels.settings import SETTINGS, colours, part
from cnnviz.ui.pixels.shift import draw_shift
from cnnviz.ui.pixels.tasks import TASKS
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.settings import restore

PARTS = {"planes": draw_planes, "dense": draw_parameter_count, "shift": draw_shift}

SUBTITLES = {
    "planes": "A picture is a grid of numbers. Point at any cell to read it.",
    "dense": "How many weights a layer learns: one for every number, or a few that are shared.",
    "shift": "Move the picture, and see which numbers change.",
}


@st.fragment
def page() -> None:
    """Draw the page; a changed setting reruns only this fragment."""
    restore(SETTINGS)
    TASKS.settle()
    frame.say_notices()
    regions = frame.draw("Pixels", SUBTITLES[part.value])
    tasks.draw(TASKS, regions)
    moved = live_page.Page(SETTINGS)
    with regions.bench:
        frame.parts(part)
    run, shown = PARTS[part.value](moved, regions)
    moved.follow()
    with regions.head:
        colours.controls()
        frame.link(SETTINGS)
        downloads.buttons(downloads.Work(run, shown, code), colours.chosen(), SETTINGS)


page()
