"""Inside: what a trained network sees, layer by layer, and why it answers as it does."""

import streamlit as st

from cnnviz.ui import frame, inside_files, inside_views, settings
from cnnviz.ui.inside import SETTINGS, safe_run
from cnnviz.ui.settings import restore


@st.fragment
def inside() -> None:
    """Draw the page; a change of a setting, or a stroke, runs this and nothing else."""
    restore(SETTINGS)
    frame.say_notices()
    head = frame.head("Inside", "Draw something, and follow it through a trained network.")
    run, error = safe_run()
    inside_views.draw_top(run, error)
    panes = inside_views.draw_evidence(run)
    inside_views.draw_maps(run)
    inside_views.draw_words(run)
    with head:
        frame.link(SETTINGS)
        inside_files.buttons(run, panes, settings.as_json(SETTINGS))


inside()
