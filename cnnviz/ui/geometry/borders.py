"""What goes into the border of the photo, and what a mean makes of it."""

from dataclasses import replace

import streamlit as st

from cnnviz.images.loading import grey
from cnnviz.ui.chain.settings import MODES
from cnnviz.ui.geometry import views
from cnnviz.ui.geometry.settings import PAGE, border, looks
from cnnviz.ui.maps import boards
from cnnviz.ui.widgets import live, picture_picker
from cnnviz.ui.widgets.slider import slider


def draw_borders(page: live.Page) -> None:
    """Show the four borders around the photo side by side, and what a mean makes of them."""
    st.html("<h3>What goes into the border</h3>")
    most = min(picture_picker.intensities().shape[-2:]) - 1
    if most:
        slider(replace(border, high=min(border.high, most)))
    if border.value >= most:
        st.caption(f"Not above {most}: reflect mirrors the {most} cells inside the edge.")
    boards.row(*((f"{PAGE}:borders", place) for place in range(len(MODES))))
    page.draw(borders)


def borders() -> live.Steps[None]:
    """Draw the borders."""
    picture = picture_picker.intensities()
    x = picture if picture.ndim == 2 else grey(picture.transpose(1, 2, 0))
    board, width = f"{PAGE}:borders", min(border.value, min(x.shape) - 1)
    packed, sentence = views.borders(board, x, width, looks.look())
    yield [(board, packed)]
    boards.show(board, packed)
    st.markdown(sentence)
