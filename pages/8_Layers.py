"""Layers: a stack of blocks, and the maps that it makes of the picture."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.ui.classroom import tasks
from cnnviz.ui.layers import files, own_file, sentences, settings, views
from cnnviz.ui.layers.controls import draw_controls
from cnnviz.ui.layers.settings import OPEN, PAGE, SETTINGS, WEIGHTS, StackRun
from cnnviz.ui.layers.tasks import TASKS
from cnnviz.ui.maps import overview
from cnnviz.ui.network.open_cell import opened
from cnnviz.ui.network.opened import FILE
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.settings import restore

HINT = "Point at any cell to see which part of the picture it sees. Choose it to take it apart."


@st.fragment
def page() -> None:
    """Draw the page; a changed setting reruns only this fragment."""
    restore(SETTINGS)
    TASKS.settle()
    settings.remember()
    frame.say_notices()
    shown = live_page.Page(SETTINGS, also=[settings.FITTED, FILE])
    shown.draw(stack, frame.working())
    shown.follow()


def stack(progress: DeltaGenerator) -> live_page.Steps[None]:
    """Draw the controls of the stack, its maps, and the sentences about them."""
    run = settings.run(progress)
    layer_rows = views.layer_rows(run, filters=WEIGHTS.value)
    maps = overview.packed(
        f"{PAGE}:overview", layer_rows, OPEN.value, choosable=True, target="opened", hint=HINT
    )
    yield [maps]
    opened(run, layer_rows, OPEN, PAGE)
    regions = frame.draw("Layers", "Build a stack, and watch your picture go through it.")
    tasks.draw(TASKS, regions)
    with regions.maps:
        overview.show(*maps, layer_rows, OPEN.set)
    with regions.bench:
        draw_controls(run)
        st.html(views.totals(run.stack))
        for sentence in (sentences.left_out(run.stack), sentences.hidden(layer_rows)):
            if sentence:
                st.caption(sentence)
        draw_sentences(run)
    st.html('<h2 class="stage">Layer by layer</h2>')
    st.html(views.table(run.stack))
    st.caption(
        "Multiply-adds are counted for one picture. Memory is that of weights and maps at 4 bytes "
        "a number; the sum leaves the picture out. Receptive field: the cells of the picture that "
        "a cell depends on. Stride on the input: how far apart on the picture two neighbouring "
        "cells look."
    )
    with regions.head:
        frame.link(SETTINGS, own_file.LEFT_OUT if "file" in run.sources.values() else None)
        files.buttons(run, SETTINGS)


def draw_sentences(run: StackRun) -> None:
    """Say what to look for, and what to try."""
    frame.look_for(
        "The maps of the first layer still look like the picture. With "
        "every layer whose window is larger than one cell, a cell sees more of it, and its map is "
        f"harder to name. {sentences.size_trend(run)} "
        f"{sentences.answer_of_chance(run)}"
    )
    if of_black := sentences.black_maps(run):
        frame.say(of_black)
    if of_groups := sentences.grouped_filters(run.stack):
        frame.say(of_groups)
    frame.question(
        "Change the stack until a cell of its last maps sees exactly 12 × 12 cells of the picture.",
        sentences.sees(run, 12),
        "A cell of the last maps sees 12 × 12 cells of the picture.",
    )


page()
