"""The planes of the picture and their grey: controls and maps."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.ui.chain.panes import CHANNELS
from cnnviz.ui.chain.run import Run
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.pixels import views
from cnnviz.ui.pixels.settings import PAGE, closeup, colours, on, pin
from cnnviz.ui.widgets import frame, live_page, working_picture
from cnnviz.ui.widgets.slider import slider


def draw_planes(page: live_page.Page, regions: frame.Regions) -> tuple[Run, list[Pane]]:
    """Draw the planes of the picture, their grey, and what to look for."""
    titles = ("Picture", "Grey", *(name.capitalize() for name in CHANNELS))
    with regions.maps:
        boards.block(*((PAGE, i, title) for i, title in enumerate(titles)), pin=pin, first=2)
    with regions.bench:
        slider(working_picture.SIZE)
        with st.container(horizontal=True, gap="small"):
            working_picture.SCALE.segments(label_visibility="collapsed", width="content")
            closeup.segments(label_visibility="collapsed", width="content")
            for switch in on.values():
                switch.toggle()
        run, shown = page.draw(planes)
        frame.look_for(
            "A colour picture is an array of numbers of shape (3, H, W): "
            "three planes, each of H rows and W columns. Each plane is bright where the picture "
            "has much of that colour; white is bright in all three, black in none. Green counts "
            "most in grey, because our eyes are most sensitive to it: 0.299 R + 0.587 G + 0.114 B, "
            "the weights of Rec. 601, a television standard. This is a filter of one cell. "
            "On the other pages, grey values are rounded to whole numbers from 0 to 255."
        )
    return run, shown


def computed() -> tuple[Run, list[Pane]]:
    """Return the grey of the picture, and the panes of its planes."""
    run = views.grey_run(lit(), float(working_picture.SCALE.value))
    return run, views.plane_panes(run)


def lit() -> NDArray[np.uint8]:
    """Return the planes of the picture (3, H, W), those switched off set to 0."""
    return views.only(
        working_picture.colour_planes(), [name for name in CHANNELS if on[name].value]
    )


def planes() -> live_page.Steps[tuple[Run, list[Pane]]]:
    """Draw the planes."""
    run, shown = computed()
    sums = views.plane_arithmetic(run, int(closeup.value))
    maps = boards.packed(PAGE, shown, colours.chosen(), sums, pin)
    yield [maps]
    boards.show(*maps)
    return run, shown
