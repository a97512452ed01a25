"""Pooling: every window becomes one number, its largest or its mean."""

import streamlit as st

from cnnviz.ui.export import downloads
from cnnviz.ui.pooling.controls import draw_controls, draw_shift_controls
from cnnviz.ui.pooling.maps import answer, code_of
from cnnviz.ui.pooling.settings import SETTINGS, looks
from cnnviz.ui.widgets import frame, live
from cnnviz.ui.widgets.settings import restore


@st.fragment
def page() -> None:
    """Draw the page; a change of a setting runs this and nothing else."""
    restore(SETTINGS)
    frame.say_notices()
    head = frame.head("Pooling", "Every window becomes one number: its largest, or its mean.")
    figures = draw_controls()
    maps_and_words = st.container()
    st.divider()
    st.subheader("How much of a shift does pooling hide?")
    shifts = draw_shift_controls()
    page_live = live.Page(SETTINGS)
    with maps_and_words:
        run, shown = page_live.draw(answer, figures, *shifts)
    page_live.follow()
    with head:
        looks.controls()
        frame.link(SETTINGS)
        downloads.buttons(run, shown, looks.look(), SETTINGS, lambda: code_of(run))


page()
