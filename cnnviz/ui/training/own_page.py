"""Teach it your own things: the drawing of this part of the Training page."""

import io
from collections.abc import Callable, Sequence

import streamlit as st

from cnnviz.nn.formats.taught import Taught
from cnnviz.ui.maps import overview
from cnnviz.ui.network import photo_stages
from cnnviz.ui.server.streamlit_patches.private import drop_upload, uploads
from cnnviz.ui.training import own_files
from cnnviz.ui.training.own_pictures import UPLOADS, draw_ways
from cnnviz.ui.training.own_things import (
    KEPT,
    Learned,
    Things,
    become,
    can_undo,
    example,
    from_file,
    learned,
    things,
    undo,
)
from cnnviz.ui.training.own_views import (
    Seen,
    concern_sentences,
    edge_sentence,
    held_out_sentence,
    rows,
    seen,
    shots,
)
from cnnviz.ui.training.settings import MOST_CLASSES, PAGE, speaks
from cnnviz.ui.widgets import frame, live_page
from cnnviz.ui.widgets.formatting import literal, percent
from cnnviz.ui.widgets.settings import Setting, notice

HINT = "Point at a cell of the evidence to read it; click a bar to see the evidence for that class."


def draw(everything: Sequence[Setting], regions: frame.Regions) -> Callable[[], None]:
    """Draw this part of the page; return the function that draws its buttons in the head."""
    page = live_page.Page(everything, also=KEPT)
    if reason := photo_stages.missing():
        st.error(f"{reason} The other parts of this page work without them.")
        page.follow()
        return lambda: None
    made = page.draw(answer, regions)
    page.follow()
    return lambda: own_files.buttons(made, everything)


def answer(regions: frame.Regions) -> live_page.Steps[Learned | None]:
    """Draw the answer to the current picture, and its evidence; then the training pictures."""
    made = learned()
    now = seen(made) if made else None
    drawn = rows(now) if now else []
    maps = overview.packed(f"{PAGE}:own-overview", drawn, choosable=True, hint=HINT)
    yield [maps]
    if made and now:
        with regions.maps:
            overview.show(*maps, drawn, choose)
        say_what_is_seen(made, now)
    else:
        st.info("Two classes need a picture each before there is something to tell apart.")
    places = frame.controls(3)
    with places[0]:
        draw_classes(things())
    with places[1]:
        draw_ways()
    with places[2]:
        draw_learned(made)
    draw_sentences(made)
    return made


def choose(text: str) -> None:
    """Show the evidence for the class whose bar the user clicks."""
    name, label, *_ = text.split(",")
    if name == "shares":
        speaks.set(speaks.nearest(int(label)))


def say_what_is_seen(made: Learned, now: Seen) -> None:
    """Say which class the network sees in the current picture."""
    name, share = literal(now.classes[now.answer]), percent(float(now.shares[now.answer]))
    frame.say(f"The current picture: **{name}**, {share}. {edge_sentence(now)}")
    st.caption(
        "The network has to name one of your classes, whatever it is shown. The most similar "
        "pictures:"
    )
    shots(f"{PAGE}:shots:near", made.things, now.near)


def draw_classes(mine: Things) -> None:
    """Draw the classes with their names and their pictures."""
    frame.stage_title(1, "Your classes")
    for label, (name, count) in enumerate(zip(mine.classes, mine.counts(), strict=True)):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            key = f"{PAGE}:name:{label}"
            st.session_state[key] = name
            st.text_input(
                f"Name of class {label + 1}",
                key=key,
                on_change=rename,
                args=(label, key),
                label_visibility="collapsed",
                width=150,
            )
            st.caption(f"{count} picture{'s' * (count != 1)}")
            if len(mine.classes) > 2:
                st.button(
                    "Remove", key=f"{key}:away", on_click=become, args=(mine.without_class(label),)
                )
        own = [number for number, shot in enumerate(mine.shots) if shot.label == label]
        shots(f"{PAGE}:shots:{label}", mine, own, remove)
    with st.container(horizontal=True, gap="small"):
        if len(mine.classes) < MOST_CLASSES:
            st.button("Add a class", on_click=lambda: become(mine.with_class()))
        st.button("Undo", on_click=undo, disabled=not can_undo())
        if mine.shots:
            st.button("Start over", on_click=become, args=(Things(("thing 1", "thing 2"), ()),))
        else:
            st.button("Example", on_click=become, args=(example(),))


def rename(label: int, key: str) -> None:
    """Rename a class, or say why that is not possible."""
    try:
        become(things().named(label, st.session_state[key]))
    except ValueError as error:
        notice(str(error))


def remove(number: int) -> None:
    """Remove a picture."""
    become(things().without(number))


def draw_learned(made: Learned | None) -> None:
    """Say how well it distinguishes the classes, and what limits that result."""
    frame.stage_title(3, "What it has learned")
    if made is None:
        st.caption("Nothing yet.")
    else:
        frame.say(held_out_sentence(made))
        if made.wrong:
            shots(f"{PAGE}:shots:wrong", made.things, made.wrong)
        for sentence in concern_sentences(made):
            st.warning(sentence)
    key = f"{PAGE}:taught:{st.session_state.setdefault(UPLOADS, 0)}"
    st.file_uploader(
        "Open classes taught before (.npz)", key=key, on_change=take_taught, args=(key,)
    )


def take_taught(key: str) -> None:
    """Continue with the classes from a file; a bad file changes nothing."""
    for file in uploads(key):
        st.session_state[UPLOADS] += 1
        try:
            become(from_file(Taught.load(io.BytesIO(file.getvalue()))))
        except ValueError as error:
            notice(f"This file cannot be opened. {literal(str(error))}")
        drop_upload(file.file_id)


def draw_sentences(made: Learned | None) -> None:
    """Say what to look for, and what to try."""
    frame.look_for(
        "The network that knows photos stays as it is: for each picture it "
        "gives 512 numbers: the means of the maps of fire9, the last ones before the maps of its "
        "own 1000 classes. Only one layer on top of them is learned, from a handful "
        "of pictures, in less than a second: that is transfer learning. The map of evidence shows "
        "what it goes by. Take all pictures of one class on the same table, and it learns the "
        "table."
    )
    lopsided = made is not None and any(one.kind == "lopsided" for one in made.concerns)
    frame.question(
        "Give one class four times as many pictures as the other. What does it say of a picture "
        "that shows neither?",
        lopsided,
        "It leans towards the class that it saw more often: that was the better bet while it "
        "learned.",
    )
