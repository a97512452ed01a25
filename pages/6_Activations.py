"""Activations: the same feature map after every function, and why there has to be one."""

import streamlit as st

from cnnviz.ui.activations.layers import LESSONS as LAYERS
from cnnviz.ui.activations.lesson import PAGE, SETTINGS, looks
from cnnviz.ui.activations.maps import LESSONS as MAPS
from cnnviz.ui.activations.normalisation import LESSONS as NORM
from cnnviz.ui.activations.numbers import LESSONS as NUMBERS
from cnnviz.ui.export import downloads
from cnnviz.ui.widgets import frame, picture_picker
from cnnviz.ui.widgets.settings import Choice, restore

LESSONS = {**MAPS, **LAYERS, **NORM, **NUMBERS}
chosen = Choice(
    f"{PAGE}.lesson",
    "Lesson",
    "family",
    options={name: lesson.title for name, lesson in LESSONS.items()},
)
ALL = (
    chosen,
    *picture_picker.SETTINGS,
    *SETTINGS,
    *(setting for lesson in LESSONS.values() for setting in lesson.settings),
)


@st.fragment
def activations() -> None:
    """Draw the page; a change of a setting runs this, and only the lesson that is open."""
    restore(ALL)
    frame.say_notices()
    head = frame.head("Activations", "What happens to every number after the convolution, and why.")
    chosen.segments(label_visibility="collapsed")
    work = LESSONS[chosen.value].draw()
    with head:
        if work.panes:
            looks.controls()
        frame.link(ALL)
        downloads.buttons(work.run, work.panes, looks.look(), ALL, work.code)


activations()
