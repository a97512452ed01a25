"""Geometry: padding, stride and dilation, on a small grid and on the photo at once."""

import streamlit as st

from cnnviz.ui.export import downloads
from cnnviz.ui.geometry.borders import draw_borders
from cnnviz.ui.geometry.maps import draw_stages, first_two, on_grid, on_photo
from cnnviz.ui.geometry.numbers import in_numbers
from cnnviz.ui.geometry.settings import SETTINGS, complete, layout, looks
from cnnviz.ui.geometry.way_back import and_back
from cnnviz.ui.widgets import frame, live
from cnnviz.ui.widgets.settings import restore


@st.fragment
def geometry() -> None:
    """Draw the page; a change of a setting runs this and nothing else."""
    restore(SETTINGS)
    axes = layout.settle()
    frame.say_notices()
    head = frame.head("Geometry", "How many cells come out, and which of them are lost on the way.")
    st.markdown("Worked figures: input i, kernel k, stride s, padding p → output")
    layout.presets()
    draw_stages(axes)
    page = live.Page(SETTINGS)
    page.draw(on_grid)
    photo = page.draw(on_photo)
    in_numbers(axes)
    draw_borders(page)
    st.html("<h3>The way back: transposed convolution</h3>")
    complete.toggle()
    page.draw(and_back)
    page.follow()
    with head:
        looks.controls()
        frame.link(SETTINGS)
        downloads.buttons(photo, first_two(photo), looks.look(), SETTINGS)


geometry()
