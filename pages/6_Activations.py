"""Activations: the same feature map after every function, and why there has to be one."""

import streamlit as st

from cnnviz.ui.activations.layers import LESSONS as LAYERS
from cnnviz.ui.activations.maps import LESSONS as MAPS
from cnnviz.ui.activations.normalisation import LESSONS as NORM
from cnnviz.ui.activations.numbers import LESSONS as NUMBERS
from cnnviz.ui.activations.settings import SETTINGS, chosen, looks
from cnnviz.ui.activations.tasks import LESSON
from cnnviz.ui.classroom import tasks
from cnnviz.ui.export import downloads
from cnnviz.ui.widgets import frame, live
from cnnviz.ui.widgets.settings import restore

LESSONS = {**MAPS, **LAYERS, **NORM, **NUMBERS}


@st.fragment
def activations() -> None:
    """Draw the page; a change of a setting runs this, and only the lesson that is open."""
    restore(SETTINGS)
    LESSON.settle()
    frame.say_notices()
    stage = frame.stage("Activations", "What happens to every number after the convolution.")
    tasks.draw(LESSON, stage)
    page = live.Page(SETTINGS)
    with stage.bench:
        frame.parts(chosen)
        work = LESSONS[chosen.value].draw(page, stage)
        page.follow()
    with stage.head:
        if work.panes:
            looks.controls()
        frame.link(SETTINGS)
        downloads.buttons(work.run, work.panes, looks.look(), SETTINGS, work.code)


activations()
