"""The maps of the Lab, and the sentences about them."""

import streamlit as st

from cnnviz.ui.chain.panes import arithmetic, panes
from cnnviz.ui.chain.run import Run, last_good_run
from cnnviz.ui.chain.sentences import size_formula, unread_sentences, what_to_look_for
from cnnviz.ui.lab.settings import (
    PAGE,
    chain,
    colours,
    longest_side,
    per_channel,
    pin,
)
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets import frame, live_page, working_picture


def answer() -> live_page.Steps[Run]:
    """Draw the results of the settings; return the last run whose settings fitted."""
    given = working_picture.picture_input(longest_side())
    run, error = last_good_run(PAGE, given, chain.recipes())
    maps = boards.packed(PAGE, shown(run), colours.chosen(), arithmetic(run), pin)
    yield [maps]
    if error:
        st.error(error, icon=":material/straighten:")
    boards.show(*maps)
    if longest_side() < working_picture.SIZE.value and max(run.input.size) >= longest_side() - 1:
        st.caption(f"With this many maps, the picture is reduced to {longest_side()} px.")
    geometry = run.geometries[0]
    frame.say(f"Output size &nbsp; {size_formula(geometry)}")
    for sentence in unread_sentences(geometry):
        frame.say(sentence)
    frame.look_for(what_to_look_for(run.recipes))
    return run


def shown(run: Run) -> list[Pane]:
    """Return the maps of a run that are on the page."""
    return panes(run, channels=per_channel.value)
