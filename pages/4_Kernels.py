"""Kernels: all of them on the picture at once, and what each is made of."""

import streamlit as st

from cnnviz.ui.export import downloads
from cnnviz.ui.kernels import views
from cnnviz.ui.kernels.settings import GALLERY, LARGE, SETTINGS, after, looks, one
from cnnviz.ui.kernels.taken_apart import (
    answer,
    cards_of_sample,
    comparison,
    composed,
    draw_stages,
    question,
    two_passes,
)
from cnnviz.ui.maps.gallery import chosen, gallery, message
from cnnviz.ui.widgets import frame, live, picture_picker
from cnnviz.ui.widgets.kernel_picker import TITLES
from cnnviz.ui.widgets.settings import restore


def all_kernels() -> None:
    """Draw the gallery; only another picture changes it."""
    if picture_picker.PHOTO.value:  # of a person's own photo nothing is kept
        cards = message(GALLERY, views.cards(picture_picker.picture().pixels), LARGE)
    else:
        cards = views.cards_of_sample(picture_picker.SAMPLE.value, GALLERY, LARGE)
    gallery(GALLERY, cards)


@st.fragment
def one_kernel() -> None:
    """Draw all that belongs to the chosen kernel; a change of a setting runs this alone."""
    restore(SETTINGS)
    frame.say_notices()
    chosen(GALLERY, one.chosen)
    with st.container(key=LARGE):
        head = frame.head(TITLES[one.chosen.value], "Taken apart: change it and look.", level=2)
    sums, waves = draw_stages()
    page = live.Page(SETTINGS)
    result, shown = page.draw(answer, sums, waves)
    st.html("<h3>Two passes instead of one</h3>")
    page.draw(comparison, "passes", two_passes)
    st.html("<h3>Two kernels in a row are one kernel</h3>")
    after.select()
    page.draw(comparison, "composed", composed)
    question(one.kernel())
    page.draw(cards_of_sample)
    page.follow()
    with head:
        looks.controls()
        frame.link(SETTINGS)
        downloads.buttons(result, shown, looks.look(), SETTINGS)


frame.head("Kernels", "Every kernel on your picture. Click one to take it apart.")
all_kernels()
one_kernel()
