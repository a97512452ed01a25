"""Inside: what a trained network sees, layer by layer, and why it answers as it does."""

import streamlit as st

from cnnviz.ui.inside import files, views
from cnnviz.ui.inside.settings import DRAWING, OPEN, PAGE, SETTINGS
from cnnviz.ui.inside.views import Computed, Places, computed
from cnnviz.ui.maps.overview import chooser
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.settings import restore
from cnnviz.ui.widgets.slider import moves


@st.fragment
def inside() -> None:
    """Draw the page; a change of a setting runs this and nothing else."""
    restore(SETTINGS)
    frame.say_notices()
    head = frame.head("Inside", "Draw something, and follow it through a trained network.")
    now = computed()
    places = views.draw_controls(now.run)
    views.draw_opened(now)
    chooser(PAGE, OPEN.set)
    panes = answer(places, [now])
    with head:
        frame.link(SETTINGS)
        files.buttons(now.run, panes, SETTINGS)


@st.fragment
def answer(places: Places, fresh: list[Computed]) -> list[Pane]:
    """Draw what follows from the input; while a line is drawn, this runs alone.

    With a cell taken apart the page runs, so that its arithmetic follows too.
    """
    now = fresh.pop() if fresh else computed()
    views.draw_answer(now, places)
    panes = views.draw_evidence(now.run, places)
    views.draw_maps(now)
    views.draw_words(now.run)
    moves(PAGE, [] if OPEN.value else [DRAWING])
    return panes


inside()
