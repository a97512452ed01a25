"""The views of the Inside page: input, network, answer, and all maps."""

from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnnviz.ui.inside import answer, network, question, what_if
from cnnviz.ui.inside.amplified_maps import becomes
from cnnviz.ui.inside.network import PAGE, Subject, tested
from cnnviz.ui.inside.own_file import CLASS_NAMES, OTHER, SHOWN
from cnnviz.ui.inside.settings import (
    DRAWING,
    FIRST,
    MISTAKES,
    OPEN,
    ROOM,
    SOURCE,
    Inspection,
    choose_example,
    example_number,
    input_of,
    inspect_image,
    safe_run,
)
from cnnviz.ui.maps import overview
from cnnviz.ui.maps.overview import LayerRow
from cnnviz.ui.network.examples import examples
from cnnviz.ui.network.layer_rows import LABELS, LONGEST_VECTOR, most_maps
from cnnviz.ui.network.layer_rows import layer_rows as network_rows
from cnnviz.ui.network.open_cell import opened
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets import frame
from cnnviz.ui.widgets.drawing_pad import drawing_pad
from cnnviz.ui.widgets.formatting import literal
from cnnviz.ui.widgets.page_files import page_file
from cnnviz.ui.widgets.session_values import state
from cnnviz.ui.widgets.settings import carry

HINT = "Point at any cell to trace it back to the input. Click it to take it apart."
PREPARED = {
    "digits": "Each drawing is cropped and scaled to 8 × 8, like the digits it was trained on.",
    "shapes": "The drawing is scaled to 16 × 16, like the shapes it was trained on.",
}
DARK = "The middle of your picture, made as small as its input. What is dark counts as ink."
# Values that the maps depend on, besides the settings.
KEPT = (CLASS_NAMES, OTHER, SHOWN, question.ASKED, question.FOUND, what_if.KEPT)
LIGHT = "The middle of your picture, made as small as its input: from 0, black, to 1, white."


class Computed(NamedTuple):
    """The contents of the page: a run, its rows, and, if it is not the requested one, why."""

    run: Inspection
    error: str
    layer_rows: list[LayerRow]


class Places(NamedTuple):
    """The slots for the network's answer among the controls."""

    answer: DeltaGenerator
    steps: DeltaGenerator
    what_if: DeltaGenerator


def computed() -> Computed:
    """Run the network on the input, with the current settings."""
    run, error = safe_run()
    return Computed(run, error, layer_rows(run))


def draw_source(run: Inspection) -> None:
    """Draw the choice of the input: examples, a sheet to draw on, or the picture."""
    SOURCE.segments(label_visibility="collapsed")
    if SOURCE.value == "drawing" or run.source == "drawing":
        if SOURCE.value == "example":
            st.info(
                "The app does not know what this network was trained on, so draw something for it."
            )
        drawing_pad(DRAWING)
        st.caption(PREPARED.get(run.subject.data, "The sheet is made as small as its input."))
    elif SOURCE.value == "picture":
        st.caption(DARK if run.subject.data else LIGHT)
        st.caption("Choose another one at the top of the page.")
    else:
        draw_examples(run.subject)


def draw_examples(subject: Subject) -> None:
    """Draw a few of the held-out pictures; a click chooses one."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        MISTAKES.toggle(width="content")
        if not MISTAKES.value:
            FIRST.stepper(width=140)
    which = shown_examples(subject)
    if not len(which):
        st.info("It makes no mistake on these.")
        return
    examples(
        f"{PAGE}:examples",
        subject.held_out,
        tested(subject),
        which,
        example_number(subject),
        choose_example,
    )


def shown_examples(subject: Subject) -> NDArray[np.int64]:
    """Return the numbers of the held-out pictures that are on the screen."""
    data = subject.held_out
    if MISTAKES.value:
        return tested(subject).worst(data.labels, ROOM)
    first = min(int(FIRST.value), (len(data) - 1) // ROOM * ROOM)
    return np.arange(first, min(first + ROOM, len(data)))


def draw_controls(run: Inspection) -> Places:
    """Draw the choice of the input and the network; return the slots for its answer."""
    places = frame.controls(4)
    with places[0]:
        frame.stage_title(1, "Show it something")
        draw_source(run)
    with places[1]:
        frame.stage_title(2, "Network")
        network.controls()
    with places[2]:
        if run.answers:
            frame.stage_title(4, "Sigmoid" if run.each_by_itself else "Softmax")
    return Places(*places[1:])


def draw_answer(now: Computed, places: Places) -> None:
    """Draw the answer, and how the shares are computed."""
    with places.what_if:
        draw_what_if(now.run)
    with places.answer:
        if now.error:
            st.error(literal(now.error), icon=":material/straighten:")
        frame.stage_title(3, "Answer")
        if not now.run.answers:
            st.info(literal(now.run.subject.unanswered))
            return
        if sentence := answer.cannot_know(now.run):
            st.warning(sentence)
        answer.answer(now.run)
        if sentence := answer_of_other(now.run):
            frame.say(sentence)
    with places.steps:
        answer.steps(now.run)


def draw_what_if(run: Inspection) -> None:
    """Draw the choice of the maps to silence or amplify, and say how the answer changes."""
    plain = run.plain
    if not what_if.layers_with_maps(plain.network):
        return
    frame.stage_title(5, "What if")
    if plain is run:
        st.markdown("Silence or amplify maps of a layer, and see what follows.")
    elif run.answers:
        frame.say(becomes(plain, run))
    what_if.draw(plain.network, plain.stages)


def answer_of_other(run: Inspection) -> str:
    """Say how the network of the second open file answers the same picture."""
    other = state().get(OTHER)
    if run.subject.name != "file" or run.source == "example" or other is None:
        return ""
    network, unanswered = other.viewed()
    if unanswered:
        return ""
    subject = Subject("file", network, "")
    made = inspect_image(subject, input_of(subject, run.source), run.source)
    return f"{literal(other.made.file)}, on the same: {answer.answer_sentence(made)}"


def draw_opened(now: Computed) -> None:
    """Draw the opened cell, above all maps."""
    opened(now.run, now.layer_rows, OPEN, PAGE)


def packed(now: Computed) -> tuple[str, Packed]:
    """Return all maps of all layers as one message."""
    return overview.packed(
        f"{PAGE}:overview", now.layer_rows, OPEN.value, choosable=True, target="opened", hint=HINT
    )


def layer_rows(run: Inspection) -> list[LayerRow]:
    """Return the rows of the overview."""
    rows = run.rows
    most = most_maps([row.output_shape for row in rows])
    return network_rows(
        run.image,
        run.network,
        rows,
        [stage[None] for stage in run.stages],
        classes=run.classes if len(run.classes) <= LABELS else (),
        white=1,
        shown=lambda shape: most if len(shape) == 3 else LONGEST_VECTOR,
    )


def draw_sentences(run: Inspection) -> None:
    """Say what to look for, and what to try."""
    frame.look_for(
        "The first maps still show the input: edges, strokes, corners. "
        "After each pooling layer they are coarser, and the last have only a few cells each. The "
        "dense "
        "layer weighs these: from there on it is one score for each class. The maps of evidence "
        "above "
        "answer different questions, and need not agree."
        if run.answers
        else "The first maps still show the input: edges, strokes, corners. "
        "After each pooling layer they are coarser, and the last of them are only on or off."
    )
    if not run.answers or run.subject.name == "file":  # its classes may have no names
        return
    wanted = min(3, len(run.classes) - 1)
    name = literal(run.classes[wanted])
    frame.question(
        f"Draw a **{name}** that you would not call a {name}.",
        run.source == "drawing"
        and not run.blank
        and run.answer == wanted
        and DRAWING.value != DRAWING.default,
        f"It takes your drawing for a {name}. The occlusion map shows which part does that.",
    )
    frame.say(
        "**How did it learn this?** Again and again, each weight moved a little against its slope. "
        "The Training page trains such a network, and writes down where a slope comes from."
    )
    if st.button("Follow the chain rule"):
        carry("training", part="network", links="on")
        st.switch_page(page_file("training"))
