"""The tour of the Lab.

Some of its stops also appear automatically on the first visit, once, as pointers.
"""

import streamlit as st

from cnnviz.ui.widgets.component import component

_tour = component("page/tour", '<button type="button">Tour</button>')
TOUR = (  # whether it is a pointer of the first visit, the element, and the text
    (
        True,
        ".st-key-pictures",
        "Your picture: choose a sample, drop or paste your own, or use the camera. It stays in "
        "memory and is never stored.",
    ),
    (
        True,
        ".st-key-stage-maps",
        "Four maps, in order: the picture, what the kernel makes of it, what the activation "
        "keeps, what pooling leaves. Point at any cell.",
    ),
    (
        False,
        ".st-key-lab-maps",
        "The arithmetic of the cell you point at. Click a cell to keep it; ▶ lets the window go "
        "over the picture.",
    ),
    (
        True,
        ".st-key-cells-lab",
        "The kernel: drag one of its cells up or down, and the maps follow. Reset brings it back.",
    ),
    (
        False,
        ".stAppHeader",
        "Each page takes one step apart, in the order of learning. Come back "
        "to the Lab to try everything together.",
    ),
)


def tour() -> None:
    """Draw the button that starts the tour of the Lab; a page embedded in a frame has none."""
    if st.context.is_embedded:
        return
    stops = [{"first": first, "at": at, "text": text} for first, at, text in TOUR]
    _tour(key="tour", data=stops, width="content")
