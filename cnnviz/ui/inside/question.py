"""The evidence for a class of a network: the question, and the maps that answer it."""

from html import escape
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.nn.inspection.classifiers import operations
from cnnviz.ui.inside import evidence
from cnnviz.ui.inside.network import PAGE
from cnnviz.ui.inside.settings import CLASS, PATCH, Inspection, digest
from cnnviz.ui.maps import boards
from cnnviz.ui.maps.panes import Pane
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets.formatting import grouped, literal
from cnnviz.ui.widgets.session_values import is_live, state

WHITE = "What the network gets: 0 is black, 1 is white. What is drawn is white."
ASKED, FOUND = f"{PAGE}:asked", f"{PAGE}:found"  # session key, for a large network
WAYS = 4  # kinds of evidence for a class


class Found(NamedTuple):
    """The evidence for a class: its maps, the words below each, and why some are missing, if so.

    `waits` is true if computing it takes long and the user has not asked for it yet.
    """

    panes: list[Pane]
    said: list[str]
    error: str = ""
    waits: bool = False


class EvidencePlaces(NamedTuple):
    """The slots for the evidence for a class."""

    asked: DeltaGenerator
    evidence: list[DeltaGenerator]
    below: DeltaGenerator


def draw(run: Inspection) -> EvidencePlaces:
    """Draw the choice of the class, and the slots for the maps."""
    asked = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        _ask(run)
        PATCH.stepper(width=140)
    with st.container(key="strip"):
        evidence_columns = st.columns(1 + WAYS, gap="medium")
        for slot, column in enumerate(evidence_columns):
            with column:
                boards.slot(PAGE, slot)
                if slot == 0:
                    st.caption(WHITE)
    return EvidencePlaces(asked, evidence_columns[1:], st.container())


def answer(
    run: Inspection, found: Found, evidence_maps: tuple[str, Packed], places: EvidencePlaces
) -> None:
    """Describe the evidence for a class, and the difference between two, below their maps."""
    name = run.classes[run.asked]
    with places.asked:
        st.html(f'<h2 class="stage">Evidence for {escape(name)}</h2>')
    for column, words in zip(places.evidence, found.said, strict=True):
        with column:  # an empty container would not keep its place
            st.caption(words)
    with places.below:
        if found.error:
            st.error(literal(found.error), icon=":material/straighten:")
        if found.waits:
            millions = grouped(operations(run.network) // 10**6)
            st.caption(
                f"Finding this out takes many pictures with {millions} million operations each: "
                "up to a minute."
            )
            st.button(
                "Look for it", on_click=st.session_state.update, args=({ASKED: _asked_for(run)},)
            )
        boards.show(*evidence_maps)


def found(run: Inspection) -> Found:
    """Return the evidence for the chosen class; for a large network, once the user asks for it."""
    nothing = [""] * WAYS
    if not run.answers:
        return Found(evidence.panes(run), nothing)
    if not run.large:
        return _found(run)
    key = _asked_for(run)
    kept = state().get(FOUND)
    if kept is not None and kept[0] == key:
        return kept[1]
    if state().get(ASKED) != key or is_live():
        return Found(evidence.panes(run), nothing, waits=True)
    with st.spinner("Looking for the evidence for this class…"):
        made = _found(run)
    state()[FOUND] = key, made
    return made


def _asked_for(run: Inspection) -> tuple[object, ...]:
    return run.network, digest(run.image), run.asked, PATCH.value


def _found(run: Inspection) -> Found:
    try:
        hidden = evidence.covered(run)
    except ValueError as error:
        return Found(evidence.panes(run), [""] * WAYS, str(error))
    found, two = evidence.evidence(run, hidden), evidence.two_rivals(run, hidden)
    said = [*(one.sentence for one in found), evidence.rival_sentence(run, two)]
    return Found(evidence.panes(run, found, two), said)


def _ask(run: Inspection) -> None:
    """Draw the choice of the class."""
    CLASS.select(run.classes, "Its answer", width=180)
