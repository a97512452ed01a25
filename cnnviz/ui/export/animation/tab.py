"""The tab for making an animation: its limits beforehand, a progress bar, and a Cancel button."""

from collections.abc import Sequence
from threading import Lock

import streamlit as st

from cnnviz.ui.export.animation.encoding import MOST_BYTES, gif
from cnnviz.ui.export.animation.film import Film
from cnnviz.ui.export.animation.scene import FULL, PAINTS, Scene
from cnnviz.ui.server.turns import alone, turns

TITLES = {"light": "Light", "dark": "Dark"}
NAME = "cnnviz.gif"
WORKING = "Drawing the frames…"
WAITING = "Another animation is being made; yours is next."

_one_at_a_time = Lock()  # a film takes one core for some seconds, and 40 MB


def draw(films: Sequence[Film]) -> None:
    """Draw the choice of the kernel, the limits of the film, and the button that makes it."""
    kernels = [film.recipe.kernel.title for film in films]
    which = range(len(films))
    if len(films) > 1:
        film = films[st.selectbox("Kernel", which, format_func=kernels.__getitem__)]
    else:
        film = films[0]
    theme = st.segmented_control(
        "Background",
        list(PAINTS),
        default="light",
        format_func=TITLES.__getitem__,
        key="film:theme",
        label_visibility="collapsed",
        required=True,
    )
    st.caption(limits(film))
    asked = st.empty()
    if asked.button("Make the animation", type="primary"):
        asked.empty()
        made = _make(film, str(theme))
        st.image(made, output_format="GIF", alt="The window on its way over the input")
        st.download_button("Save GIF", made, NAME, "image/gif", type="primary", on_click="ignore")
        st.caption(f"{len(made) / 2**20:.1f} MB")


def limits(film: Film) -> str:
    """Say, before a film is made, its size in pixels, its length, and the largest file size."""
    width, height = Scene(film, FULL, PAINTS["light"]).size
    each = "a frame for each cell" if film.stepwise else "several cells a frame"
    return (
        f"The window goes once over the input: {len(film.positions) + 1} frames, {each}, "
        f"{film.seconds:.0f} seconds. At most {width} × {height} pixels and "
        f"{MOST_BYTES // 2**20} MB; making it takes a second or two."
    )


def _make(film: Film, theme: str) -> bytes:
    """Make a film, with a progress bar.

    Pressing Cancel requests another run; the progress bar notices that, and this run ends.
    """
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, WORKING)
        st.button("Cancel")

    def tell(share: float) -> None:
        bar.progress(share, WORKING)

    with turns.aside(), alone(_one_at_a_time, lambda: bar.progress(0.0, WAITING)):
        made = gif(film, theme, tell)
    place.empty()
    return made
