"""The Lab: a picture, a kernel, and convolution, activation and pooling side by side."""

from math import isqrt

import streamlit as st

from cnnviz.ui.chain.panes import arithmetic, panes
from cnnviz.ui.chain.run import Run, last_good_run
from cnnviz.ui.chain.run import run as compute
from cnnviz.ui.chain.sentences import left_out, size_formula, what_to_look_for
from cnnviz.ui.chain.settings import Chain
from cnnviz.ui.export import downloads
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.colouring import LookSettings
from cnnviz.ui.maps.message import message
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets import frame, live, picture_picker
from cnnviz.ui.widgets.settings import Number, Switch, restore
from cnnviz.ui.widgets.slider import moves

PAGE = "lab"
MOST_CELLS = 4 * 1024**2  # of all maps together
chain = Chain(PAGE)
looks = LookSettings(PAGE)
per_channel = Switch(f"{PAGE}.channels", "Show each channel", help="What each channel adds.")
pin = boards.Pin(f"{PAGE}.pin", "Pinned cell")
SETTINGS = (*picture_picker.SETTINGS, *chain.settings, *looks.settings, per_channel, pin)
SLIDERS = [setting for setting in SETTINGS if isinstance(setting, Number)]


@st.fragment
def lab() -> None:
    """Draw the page; a change of a setting runs this and nothing else."""
    restore(SETTINGS)
    frame.say_notices()
    head = frame.head("Lab", "Point at any cell to see where its number comes from.")
    with st.container(key="stages"):
        controls, slots = st.columns(4, gap="medium"), st.columns(4, gap="medium")
    with controls[0]:
        frame.stage_title(1, "Input")
        picture_picker.controls()
        if picture_picker.COLOUR.value == "colour":
            per_channel.toggle()
    with controls[1]:
        frame.stage_title(2, "Convolution")
        chain.convolution_controls()
    with controls[2]:
        frame.stage_title(3, chain.activation_title)
        chain.activation_controls()
    with controls[3]:
        frame.stage_title(4, chain.pooling_title)
        chain.pooling_controls()
    for stage, column in enumerate(slots):
        with column:
            boards.slot(PAGE, stage, pin=pin if stage == 0 else None)

    run = answer()
    with head:
        looks.controls()
        frame.link(SETTINGS)
        downloads.buttons(run, shown(run), looks.look(), SETTINGS)


def longest_side() -> int:
    """Return the side of the picture at which all maps together stay quick to send and draw."""
    kernels = len(chain.kernels.chosen.value)
    parts = (
        3 * (kernels + 1) if per_channel.value and picture_picker.COLOUR.value == "colour" else 0
    )
    return isqrt(MOST_CELLS // (1 + 3 * kernels + parts))


def shown(run: Run) -> list[Pane]:
    """Return the maps of a run that are on the page."""
    return panes(run, channels=per_channel.value)


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


def packed(run: Run) -> Packed:
    """Return the maps of a run as they are sent."""
    return message(PAGE, shown(run), looks.look(), arithmetic(run), pin.value)


def drawn() -> live.Messages:
    """Yield what follows from the settings while a hand changes them."""
    given = picture_picker.picture_input(longest_side())
    yield PAGE, packed(compute(given, chain.recipes()))


lab()
