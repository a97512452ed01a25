"""Activations: the same feature map after every function, and why a network needs one."""

import streamlit as st

from cnnviz.ui.activations.dying_units import LESSONS as DYING
from cnnviz.ui.activations.linear_layers import LESSONS as LINEAR
from cnnviz.ui.activations.maps import LESSONS as MAPS
from cnnviz.ui.activations.normalisation import LESSONS as NORM
from cnnviz.ui.activations.settings import SETTINGS, chosen, colours
from cnnviz.ui.activations.signal_propagation import LESSONS as DEPTH
from cnnviz.ui.activations.tasks import TASKS
from cnnviz.ui.activations.vector import LESSONS as VECTOR
from cnnviz.ui.classroom import tasks
from cnnviz.ui.export import downloads
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.settings import restore

LESSONS = {**MAPS, **LINEAR, **DYING, **NORM, **DEPTH, **VECTOR}

SUBTITLE = "What happens to every number after the convolution."
SUBTITLES = {
    "depth": "What reaches the layers of a deep network before it has learned anything.",
    "vector": "The same functions on a few numbers, and one that sees them all.",
}


@st.fragment
def activations() -> None:
    """Draw the page; a changed setting reruns only this fragment, and only its open lesson."""
    restore(SETTINGS)
    TASKS.settle()
    frame.say_notices()
    regions = frame.draw("Activations", SUBTITLES.get(chosen.value, SUBTITLE))
    tasks.draw(TASKS, regions)
    page = live_page.Page(SETTINGS)
    with regions.bench:
        frame.parts(chosen)
        work = LESSONS[chosen.value].draw(page, regions)
        page.follow()
    with regions.head:
        if work.panes:
            colours.controls()
        frame.link(SETTINGS)
        downloads.buttons(work, colours.chosen(), SETTINGS)


activations()
