"""Training: filters are not designed, they are learned."""

import streamlit as st

from cnnviz.ui.classroom import tasks
from cnnviz.ui.training import kernel, network_page, own_page, own_things
from cnnviz.ui.training.settings import SETTINGS, part
from cnnviz.ui.training.tasks import TASKS
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.settings import restore

PARTS = {"kernel": kernel, "network": network_page, "own": own_page}

SUBTITLES = {
    "kernel": "A kernel that begins as noise learns to do what another one does.",
    "network": "No one designs the filters of a network: it learns them from examples.",
    "own": "Show a network a few of your pictures, and it learns to tell them apart.",
}


@st.fragment
def training() -> None:
    """Draw the page; a changed setting reruns only this fragment, and only its open part."""
    restore(SETTINGS)
    TASKS.settle()
    frame.say_notices()
    regions = frame.draw("Training", SUBTITLES[part.value])
    tasks.draw(TASKS, regions)
    with regions.bench:
        frame.parts(part)
        buttons = PARTS[part.value].draw(SETTINGS, regions)
    with regions.head:
        frame.link(SETTINGS, own_things.left_out() if part.value == "own" else None)
        buttons()


training()
