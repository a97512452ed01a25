"""The Lab: a picture, a kernel, and convolution, activation and pooling side by side."""

import streamlit as st

from cnnviz.ui import frame, maps, picker, settings, take_away
from cnnviz.ui.chain import Chain
from cnnviz.ui.chain_maps import arithmetic, panes
from cnnviz.ui.chain_run import last_good_run
from cnnviz.ui.look import LookSettings
from cnnviz.ui.settings import Switch, restore
from cnnviz.ui.words import left_out, size_formula, what_to_look_for

PAGE = "lab"
chain = Chain(PAGE)
looks = LookSettings(PAGE)
per_channel = Switch(f"{PAGE}.channels", "Show each channel", help="What each channel adds.")
pin = maps.Pin(f"{PAGE}.pin", "Pinned cell")
SETTINGS = (*picker.SETTINGS, *chain.settings, *looks.settings, per_channel, pin)


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
        picker.controls()
        if picker.COLOUR.value == "colour":
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
            maps.slot(PAGE, stage)

    run, error = last_good_run(PAGE, picker.picture_input(), chain.recipes())
    if error:
        st.error(error, icon=":material/straighten:")
    shown = panes(run, channels=per_channel.value)
    maps.show(PAGE, shown, looks.look(), arithmetic(run), pin)

    first, size = run.recipes[0], run.input.size
    st.markdown(f"Output size &nbsp; {size_formula(size, run.geometries[0])}")
    for sentence in left_out(size, run.geometries[0]):
        st.markdown(sentence)
    st.markdown(f"**What to look for.** {what_to_look_for(first)}")
    with head:
        looks.controls()
        frame.link(SETTINGS)
        take_away.buttons(run, shown, looks.look(), settings.as_json(SETTINGS))


lab()
