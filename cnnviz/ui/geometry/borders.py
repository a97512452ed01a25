"""The kinds of border around the photo, and their effect on a mean filter."""

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.experiments.chain_input import Input
from cnnviz.functional.checks import cell_count
from cnnviz.images.loading import grey
from cnnviz.ui.chain.padding import MODE_HELP, MODES
from cnnviz.ui.export.downloads import Work
from cnnviz.ui.geometry import views
from cnnviz.ui.geometry.maps import photo_run
from cnnviz.ui.geometry.programs import border_code
from cnnviz.ui.geometry.settings import PAGE, border, colours
from cnnviz.ui.geometry.window_settings import Axes
from cnnviz.ui.maps import boards
from cnnviz.ui.widgets import frame, live_page, working_picture
from cnnviz.ui.widgets.slider import slider

NO_ROOM = (
    "A picture of a single row or column has no border here: reflect mirrors the cells inside the "
    "edge, and there are none."
)


def draw_borders(page: live_page.Page, regions: frame.Regions, axes: Axes) -> Work:
    """Show the four borders around the photo, and below each the result of a mean filter."""
    with regions.maps:
        boards.block(*((f"{PAGE}:borders", i, title) for i, title in enumerate(MODES.values())))
    with regions.bench:
        working_picture.controls()
        most = min(working_picture.intensities().shape[-2:]) - 1
        if most:
            slider(replace(border, high=min(border.high, most)))
        if most and border.value >= most:
            st.caption(f"Not above {most}: reflect mirrors the {cell_count(most)} inside the edge.")
        page.draw(borders)
    x, width = bordered()
    photo = replace(photo_run()[0], input=Input.picture(x))
    code = partial(border_code, width) if width else None
    return Work(photo, lambda: views.border_panes(x, width)[0], code)


def borders() -> live_page.Steps[None]:
    """Draw the borders."""
    board, (x, width) = f"{PAGE}:borders", bordered()
    packed, sentence = views.borders(board, x, width, colours.chosen())
    yield [(board, packed)]
    boards.show(board, packed)
    frame.say(f"{views.loss_sentence(x.shape, width)}\n\n{sentence}" if width else NO_ROOM)
    st.caption(MODE_HELP)


def bordered() -> tuple[NDArray[np.uint8], int]:
    """Return the photo in grey (H, W), and the width of its border, for which there is room."""
    picture = working_picture.intensities()
    x = picture if picture.ndim == 2 else grey(picture.transpose(1, 2, 0))
    return x, min(border.value, min(x.shape) - 1)
