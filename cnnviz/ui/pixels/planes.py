"""The planes of the picture and their grey: controls, and the maps that follow."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.ui.chain.panes import CHANNELS
from cnnviz.ui.chain.run import Run
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.pixels import views
from cnnviz.ui.pixels.settings import PAGE, closeup, looks, on, pin
from cnnviz.ui.widgets import frame, live, picture_picker
from cnnviz.ui.widgets.slider import slider


def draw_plane_controls() -> None:
    """Draw the settings of the picture, and the places of the planes."""
    left, other = st.columns(2, gap="large", vertical_alignment="bottom")
    with left:
        slider(picture_picker.SIZE)
    with other, st.container(horizontal=True, gap="large"):
        picture_picker.SCALE.segments(width="content")
        closeup.segments(width="content")
    titles = ("Picture", *(name.capitalize() for name in CHANNELS), "Grey")
    with st.container(key="strip"):
        for stage, (column, title) in enumerate(
            zip(st.columns(5, gap="medium"), titles, strict=True)
        ):
            with column:
                frame.stage_title(stage + 1, title)
                if title.lower() in on:
                    on[title.lower()].toggle()
                else:
                    st.caption("3 numbers a cell" if stage == 0 else "1 number a cell")
                boards.slot(PAGE, stage, pin=pin if stage == 0 else None)


def lit() -> NDArray[np.uint8]:
    """Return the planes of the picture (3, H, W), with 0 in those that are switched off."""
    return views.only(picture_picker.colour_planes(), [name for name in CHANNELS if on[name].value])


def planes() -> live.Steps[tuple[Run, list[Pane]]]:
    """Draw the planes."""
    run = views.grey_run(lit(), float(picture_picker.SCALE.value))
    shown = views.plane_panes(run)
    sums = views.plane_arithmetic(run, int(closeup.value))
    maps = boards.packed(PAGE, shown, looks.look(), sums, pin)
    yield [maps]
    boards.show(*maps)
    return run, shown
