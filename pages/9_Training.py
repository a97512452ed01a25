"""Training: filters are not designed, they are learned."""

import streamlit as st

from cnnviz.ui.training import kernel, network_page
from cnnviz.ui.training.transport import PAGE
from cnnviz.ui.widgets import frame, picture_picker
from cnnviz.ui.widgets.settings import Choice, restore

PARTS = {"kernel": kernel, "network": network_page}
part = Choice(
    f"{PAGE}.part",
    "Part",
    "kernel",
    options={"kernel": "Teach one kernel", "network": "Train a network"},
)
SETTINGS = (
    part,
    *picture_picker.SETTINGS,
    *(each for one in PARTS.values() for each in one.SETTINGS),
)
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
