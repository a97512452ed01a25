"""Inside: what a trained network sees, layer by layer, and why it answers as it does."""

import streamlit as st

from cnnviz.ui import frame, inside_files, inside_views
from cnnviz.ui.inside import DRAWING, OPEN, PAGE, SETTINGS
from cnnviz.ui.inside_views import Computed, Places, computed
from cnnviz.ui.overview import chooser
from cnnviz.ui.panes import Pane
from cnnviz.ui.settings import restore
from cnnviz.ui.slider import moves


@st.fragment
def inside() -> None:
    """Draw the page; a change of a setting runs this and nothing else."""
    restore(SETTINGS)
    frame.say_notices()
    head = frame.head("Inside", "Draw something, and follow it through a trained network.")
    now = computed()
    places = inside_views.draw_controls(now.run)
    inside_views.draw_opened(now)
    chooser(PAGE, OPEN.set)
    panes = answer(places, [now])
    with head:
        frame.link(SETTINGS)
        inside_files.buttons(now.run, panes, SETTINGS)


@st.fragment
def answer(places: Places, fresh: list[Computed]) -> list[Pane]:
    """Draw what follows from the input; while a line is drawn, this runs alone.

    With a cell taken apart the page runs, so that its arithmetic follows too.
    """
    now = fresh.pop() if fresh else computed()
    inside_views.draw_answer(now, places)
    panes = inside_views.draw_evidence(now.run, places)
    inside_views.draw_maps(now)
    inside_views.draw_words(now.run)
    moves(PAGE, [] if OPEN.value else [DRAWING])
    return panes


inside()
