"""The way back from both outputs: transposed convolution."""

from dataclasses import replace

import streamlit as st

from cnnviz.ui.geometry import views
from cnnviz.ui.geometry.maps import grid_run, photo_run
from cnnviz.ui.geometry.settings import PAGE, complete, layout, looks
from cnnviz.ui.maps import boards
from cnnviz.ui.widgets import live

BOARDS = (f"{PAGE}:back-grid", f"{PAGE}:back-photo")


def and_back() -> live.Steps[None]:
    """Show the transposed convolution of both outputs."""
    made, errors, maps = {}, [], []
    for board, result in zip(BOARDS, (grid_run(), photo_run()[0]), strict=True):
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
    boards.row(*((board, stage) if board in made else None for board in BOARDS for stage in (0, 1)))
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
