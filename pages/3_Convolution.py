"""Convolution: a window slides over a few numbers; multiply, add, move on."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.ui.chain.panes import arithmetic
from cnnviz.ui.chain.run import Run, last_good_run
from cnnviz.ui.chain.sentences import size_formula, unread_sentences
from cnnviz.ui.classroom import tasks
from cnnviz.ui.convolution.exercise import hit_and_miss, placed
from cnnviz.ui.convolution.settings import PAGE, SETTINGS, chosen, colours, exercises, pin, predict
from cnnviz.ui.convolution.tasks import TASKS
from cnnviz.ui.export import downloads
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.settings import restore


@st.fragment
def convolution() -> None:
    """Draw the page; a changed setting reruns only this fragment."""
    restore(SETTINGS)
    TASKS.settle()
    frame.say_notices()
    regions = frame.draw(
        "Convolution",
        "Slide a kernel over a few numbers: multiply, add, move on.",
        pictures=False,
    )
    tasks.draw(TASKS, regions)
    numbers = exercises[chosen.value]
    page = live_page.Page(SETTINGS)
    with regions.maps:
        # Each channel of a filter is above the map that it adds to the output.
        columns = 4 if numbers.exercise.filter else 0
        boards.block(
            *((PAGE, i, name) for i, name in enumerate(numbers.places)), pin=pin, columns=columns
        )
        if numbers.is_lone:
            below = st.container(horizontal=True, key="stage-below")
    with regions.bench:
        frame.parts(chosen)
        frame.say(numbers.exercise.hint)
        numbers.presets()
        if not numbers.is_lone:
            below = st.container(horizontal=True, key="stage-kernels")
        with below:
            numbers.cells()
        numbers.kernel_controls()
        with st.container(horizontal=True, gap="small"):
            numbers.input_controls()
            predict.toggle()
        run, shown = page.draw(answer, below if numbers.is_lone else regions.bench)
        page.follow()
        describe(run)
    with regions.head:
        colours.controls()
        frame.link(SETTINGS)
        work = downloads.Work(run, shown, numbers.code(run.recipes))
        downloads.buttons(work, colours.chosen(), SETTINGS)


def describe(run: Run) -> None:
    """Describe the output."""
    geometry = run.geometries[0]
    frame.say(f"Output size &nbsp; {size_formula(geometry)}")
    for sentence in unread_sentences(geometry, convolved="input"):
        frame.say(sentence)
    if chosen.value == "features" and not predict.value:
        hit_and_miss(run, pin)


def answer(place: DeltaGenerator) -> live_page.Steps[tuple[Run, list[Pane]]]:
    """Draw the maps, and the arithmetic in its place."""
    numbers = exercises[chosen.value]
    run, error = last_good_run(f"{PAGE}.{chosen.value}", numbers.given(), numbers.recipes())
    shown = placed(run)
    maps = boards.packed(PAGE, shown, colours.chosen(), arithmetic(run, predict=predict.value), pin)
    yield [maps]
    if error:
        st.error(error, icon=":material/straighten:")
    with place:
        boards.show(*maps)
    return run, shown


convolution()
