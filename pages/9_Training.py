"""Training: filters are not designed, they are learned."""

import streamlit as st

from cnnviz.ui import frame, picker, training_kernel, training_network_page
from cnnviz.ui.settings import Choice, restore
from cnnviz.ui.training_transport import PAGE

PARTS = {"kernel": training_kernel, "network": training_network_page}
part = Choice(
    f"{PAGE}.part",
    "Part",
    "kernel",
    options={"kernel": "Teach one kernel", "network": "Train a network"},
)
SETTINGS = (part, *picker.SETTINGS, *(each for one in PARTS.values() for each in one.SETTINGS))
ALL = {setting.key: setting for setting in SETTINGS}.values()  # the parts share one


@st.fragment
def training() -> None:
    """Draw the page; a change of a setting runs this, and only the part that is open."""
    restore(ALL)
    frame.say_notices()
    head = frame.head("Training", "Nobody designs the filters of a network: it learns them.")
    part.segments(label_visibility="collapsed")
    buttons = PARTS[part.value].draw(ALL)
    with head:
        frame.link(ALL)
        buttons()


training()
