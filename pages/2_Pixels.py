"""Pixels: a picture is numbers, in three channels; why a network shares its weights."""

import streamlit as st

from cnnviz.ui.export import downloads
from cnnviz.ui.pixels.parameter_count import draw_parameter_count
from cnnviz.ui.pixels.planes import draw_plane_controls, planes
from cnnviz.ui.pixels.programs import code
from cnnviz.ui.pixels.settings import SETTINGS, looks
from cnnviz.ui.pixels.shift import draw_shift
from cnnviz.ui.widgets import frame, live
from cnnviz.ui.widgets.settings import restore


@st.fragment
def page() -> None:
    """Draw the page; a change of a setting runs this and nothing else."""
    restore(SETTINGS)
    frame.say_notices()
    head = frame.head("Pixels", "A picture is a grid of numbers. Point at any cell to read it.")
    page_live = live.Page(SETTINGS)
    with st.container(key="planes"):
        draw_plane_controls()
        run, shown = page_live.draw(planes)
        st.markdown(
            "**What to look for.** Each plane is bright where the picture has much of that colour; "
            "white is bright in all three, black in none. Grey counts green most, because eyes do: "
            "0.299 R + 0.587 G + 0.114 B, which is a filter of one cell."
        )
    st.divider()
    st.subheader("Why not a dense network?")
    draw_parameter_count(run.input.size)
    st.markdown(
        "**What to look for.** A dense neuron has a weight for every number of the picture, so "
        "ten pixels more a side cost thousands. A filter looks through the same few weights at "
        "every place: it costs the same for any picture."
    )
    st.divider()
    st.subheader("What happens when the picture shifts?")
    draw_shift(page_live)
    page_live.follow()
    with head:
        looks.controls()
        frame.link(SETTINGS)
        downloads.buttons(run, shown, looks.look(), SETTINGS, code)


page()
