"""The way back from both outputs: transposed convolution."""

from dataclasses import replace

import streamlit as st

from cnnviz.ui.chain.run import Run
from cnnviz.ui.geometry import views
from cnnviz.ui.geometry.layout import Axes
from cnnviz.ui.geometry.settings import PAGE, complete, looks
from cnnviz.ui.maps import boards


def and_back(axes: Axes, grid: Run, photo: Run) -> None:
    """Show the transposed convolution of both outputs."""
    st.html("<h3>The way back: transposed convolution</h3>")
    complete.toggle()
    made = {}
    for name, result in (("grid", grid), ("photo", photo)):
        try:
            made[name] = result, *views.way_back(result, complete=complete.value)
        except ValueError as error:
            made[name] = None
            st.error(str(error))
    ways = {f"{PAGE}:back-{name}": back for name, back in made.items()}
    boards.row(
        *((board, stage) if back else None for board, back in ways.items() for stage in (0, 1))
    )
    for board, back in ways.items():
        if back:
            boards.show(board, views.back_panes(*back[:2]), replace(looks.look(), scale="each"))
    rows = views.back_formula(axes[0].axis, made["grid"][2][0]) if made["grid"] else ""
    st.markdown(
        (f"Rows &nbsp; {rows}\n\n" if rows else "")
        + "**What to look for.** Every cell stamps the kernel, times its value, where its window "
        "was; stamps that overlap add up. The size comes back, the values do not, and where the "
        "stride does not divide the kernel the stamps leave a chequerboard."
    )
