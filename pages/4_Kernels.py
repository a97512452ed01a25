"""Kernels: all of them applied to the picture at once, and what each is made of."""

import streamlit as st

from cnnviz.ui.classroom import tasks
from cnnviz.ui.export import downloads
from cnnviz.ui.kernels.gallery import draw_gallery
from cnnviz.ui.kernels.settings import SETTINGS, colours, one, part
from cnnviz.ui.kernels.taken_apart import draw_composed, draw_one, draw_passes
from cnnviz.ui.kernels.tasks import TASKS
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.settings import restore

PARTS = {"all": draw_gallery, "one": draw_one, "passes": draw_passes, "row": draw_composed}

SUBTITLES = {
    "all": "Every kernel on your picture, in grey at 256 px. Choose one.",
    "one": "One kernel: its weights, its map, and which stripes it lets through.",
    "passes": "A column and a row, one after the other, instead of the whole kernel.",
    "row": "Two kernels, one after the other, and the single one that does the same.",
}


@st.fragment
def kernels() -> None:
    """Draw the page; a changed setting reruns only this fragment, and only its open part."""
    restore(SETTINGS)
    TASKS.settle()
    one.carry()
    frame.say_notices()
    regions = frame.draw("Kernels", SUBTITLES[part.value])
    tasks.draw(TASKS, regions)
    page = live_page.Page(SETTINGS)
    with regions.bench:
        frame.parts(part)
    work = PARTS[part.value](page, regions)
    page.follow()
    with regions.head:
        colours.controls()
        frame.link(SETTINGS)
        downloads.buttons(work, colours.chosen(), SETTINGS)


kernels()
