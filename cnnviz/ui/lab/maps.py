"""The maps of the Lab, and what is said of them."""

import streamlit as st

from cnnviz.ui.chain.panes import arithmetic, panes
from cnnviz.ui.chain.run import Run, last_good_run
from cnnviz.ui.chain.run import run as compute
from cnnviz.ui.chain.sentences import left_out, size_formula, what_to_look_for
from cnnviz.ui.lab.settings import (
    PAGE,
    SETTINGS,
    SLIDERS,
    chain,
    longest_side,
    looks,
    per_channel,
    pin,
)
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.message import message
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets import live, picture_picker
from cnnviz.ui.widgets.slider import moves


@st.fragment
def answer() -> Run:
    """Draw what follows from the settings; return the last computation that fitted.

    A slider under the hand runs this alone: drawing the controls again would cost more than all
    the maps.
    """
    run, error = last_good_run(PAGE, picture_picker.picture_input(longest_side()), chain.recipes())
    if error:
        st.error(error, icon=":material/straighten:")
    boards.send(PAGE, packed(run))
    if longest_side() < picture_picker.SIZE.value and max(run.input.size) >= longest_side() - 1:
        st.caption(f"With so many maps the picture is worked on at {longest_side()} px.")
    geometry = run.geometries[0]
    st.markdown(f"Output size &nbsp; {size_formula(geometry)}")
    for sentence in left_out(geometry):
        st.markdown(sentence)
    st.markdown(f"**What to look for.** {what_to_look_for(run.recipes)}")
    moves(PAGE, SLIDERS)
    live.scene(SETTINGS, drawn)
    return run


def shown(run: Run) -> list[Pane]:
    """Return the maps of a run that are on the page."""
    return panes(run, channels=per_channel.value)


def packed(run: Run) -> Packed:
    """Return the maps of a run as they are sent."""
    return message(PAGE, shown(run), looks.look(), arithmetic(run), pin.value)


def drawn() -> live.Messages:
    """Yield what follows from the settings while a hand changes them."""
    given = picture_picker.picture_input(longest_side())
    yield PAGE, packed(compute(given, chain.recipes()))
