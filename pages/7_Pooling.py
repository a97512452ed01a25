"""Pooling: every window becomes one number, its largest or its mean."""

from functools import partial

import streamlit as st

from cnnviz.ui.classroom import tasks
from cnnviz.ui.export import downloads
from cnnviz.ui.pooling.controls import draw_controls, draw_places
from cnnviz.ui.pooling.maps import answer, code_of
from cnnviz.ui.pooling.settings import SETTINGS, colours
from cnnviz.ui.pooling.tasks import TASKS
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.settings import restore


@st.fragment
def page() -> None:
    """Draw the page; a changed setting reruns only this fragment."""
    restore(SETTINGS)
    TASKS.settle()
    frame.say_notices()
    regions = frame.draw("Pooling", "Every window becomes one number: its largest, or its mean.")
    tasks.draw(TASKS, regions)
    draw_places(regions)
    moved = live_page.Page(SETTINGS)
    with regions.bench:
        draw_controls()
        run, shown = moved.draw(answer)
        moved.follow()
    with regions.head:
        colours.controls()
        frame.link(SETTINGS)
        work = downloads.Work(run, shown, partial(code_of, run))
        downloads.buttons(work, colours.chosen(), SETTINGS)


page()
