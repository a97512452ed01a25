"""The way back from both outputs: transposed convolution."""

from dataclasses import replace

import streamlit as st

from cnnviz.ui.chain.run import Run
from cnnviz.ui.geometry import views
from cnnviz.ui.geometry.layout import Axes
from cnnviz.ui.geometry.maps import draw_controls, grid_run, photo_run
from cnnviz.ui.geometry.settings import PAGE, complete, layout, looks
from cnnviz.ui.maps import boards
from cnnviz.ui.widgets import frame, live

BOARDS = (f"{PAGE}:back-grid", f"{PAGE}:back-photo")


def draw_way_back(page: live.Page, stage: frame.Stage, axes: Axes) -> Run:
    """Show the transposed convolution of both outputs."""
    with stage.bench:
        draw_controls(axes)
        complete.toggle()
        page.draw(and_back, stage)
    return photo_run()[0]


def and_back(stage: frame.Stage) -> live.Steps[None]:
    """Draw the ways back of grid and photo, and what to see in them."""
    made, errors, maps = {}, [], []
    photo, error = photo_run()
    if error:
        errors.append(error)
    for board, result in zip(BOARDS, (grid_run(), photo), strict=True):
        try:
            back, extra = views.way_back(result, complete=complete.value)
        except ValueError as error:
            errors.append(str(error))
        else:
            look = replace(looks.look(), scale="each")
            made[board] = extra
            maps.append(boards.packed(board, views.back_panes(result, back), look))
    yield maps
    for sentence in errors:
        st.error(sentence)
    with stage.maps:
        boards.block(
            *((board, i, name) for board in made for i, name in enumerate(("There", "And back")))
        )
    for each in maps:
        boards.show(*each)
    extra = made.get(BOARDS[0])
    rows = views.back_formula(layout.axes()[0].axis, extra[0]) if extra else ""
    st.markdown(
        (f"Rows &nbsp; {rows}\n\n" if rows else "")
        + "**What to look for.** Every cell stamps the kernel, times its value, where its window "
        "was; stamps that overlap add up. The size comes back, the values do not, and where the "
        "stride does not divide the kernel the stamps leave a chequerboard."
    )
