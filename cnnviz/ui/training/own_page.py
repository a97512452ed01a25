"""Teach it your own things: what the Training page draws of it."""

import io
from base64 import b64decode
from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnnviz.images.loading import FORMATS, MAX_BYTES
from cnnviz.images.picture import PictureError
from cnnviz.images.sandbox import read_picture
from cnnviz.nn.formats.taught import Taught
from cnnviz.ui.maps import overview
from cnnviz.ui.network import photo_stages
from cnnviz.ui.server.streamlit_patches.private import drop_upload
from cnnviz.ui.server.turns import turns
from cnnviz.ui.training import own_files
from cnnviz.ui.training.own_things import (
    KEPT,
    MOST_PICTURES,
    Learned,
    Things,
    become,
    can_undo,
    example,
    from_file,
    learned,
    shot_of,
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
from cnnviz.ui.training.settings import MOST_CLASSES, PAGE, into, speaks
from cnnviz.ui.widgets import frame, live, picture_picker
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.settings import Setting, notice
from cnnviz.ui.widgets.text import literal, percent

_shutter = component("camera/shutter")

MOST_HELD = 25  # pictures that the button takes while it is held once
_UPLOADS = f"{PAGE}:own_uploads"
HINT = "Point at a cell of the evidence to read it; click a bar to see the evidence for that class."


def draw(everything: Sequence[Setting], stage: frame.Stage) -> Callable[[], None]:
    """Draw this part of the page; return what draws its buttons in the head."""
    page = live.Page(everything, also=KEPT)
    if reason := photo_stages.missing():
        st.error(f"{reason} The other parts of this page work without them.")
        page.follow()
        return lambda: None
    made = page.draw(look, stage)
    page.follow()
    return lambda: own_files.buttons(made, everything)


def look(stage: frame.Stage) -> live.Steps[Learned | None]:
    """Draw what it says of the picture at hand, and why; then what it learns from."""
    made = learned()
    now = seen(made) if made else None
    drawn = rows(now) if now else []
    maps = overview.packed(f"{PAGE}:own-overview", drawn, choosable=True, hint=HINT)
    yield [maps]
    if made and now:
        with stage.maps:
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
    """Ask for the evidence of the class whose bar is clicked."""
    name, label, *_ = text.split(",")
    if name == "shares":
        speaks.set(speaks.nearest(int(label)))


def say_what_is_seen(made: Learned, now: Seen) -> None:
    """Say which of the classes the picture at hand is taken for."""
    name, share = literal(now.classes[now.answer]), percent(float(now.shares[now.answer]))
    st.markdown(f"The current picture: **{name}**, {share}. {edge_sentence(now)}")
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
    """Give a class another name, or say why it cannot have it."""
    try:
        become(things().named(label, st.session_state[key]))
    except ValueError as error:
        notice(str(error))


def remove(number: int) -> None:
    """Take a picture away."""
    become(things().without(number))


def draw_ways() -> None:
    """Draw the ways to more pictures: the one at hand, and many files at once."""
    mine = things()
    frame.stage_title(2, "More pictures")
    label = min(int(into.value), len(mine.classes) - 1)
    st.pills(
        "Into",
        range(len(mine.classes)),
        format_func=lambda number: mine.classes[number],
        key=f"{PAGE}:into:pills:{len(mine.classes)}",
        default=label,
        on_change=take_into,
        args=(f"{PAGE}:into:pills:{len(mine.classes)}",),
    )
    full = len(mine.shots) >= MOST_PICTURES
    st.button("Add the picture at hand", on_click=add_picture, args=(label,), disabled=full)
    hold_to_take(label, min(MOST_HELD, MOST_PICTURES - len(mine.shots)))
    key = f"{PAGE}:own-files:{st.session_state.setdefault(_UPLOADS, 0)}"
    files = st.file_uploader(
        f"Pictures of “{mine.classes[label]}”",
        accept_multiple_files=True,
        max_upload_size=MAX_BYTES // 2**20,
        key=key,
        disabled=full,
    )
    if files:
        st.session_state[_UPLOADS] += 1
        take_files(files, label)
        st.rerun()
    st.caption(
        f"{', '.join(FORMATS)}, up to {MAX_BYTES // 10**6} MB each, {MOST_PICTURES} pictures in "
        f"all: {MOST_PICTURES - len(mine.shots)} more. They stay in memory, and are gone when you "
        "leave. The picture at hand is the one chosen above: a sample, one of yours, or a frame "
        "of the camera."
    )


def take_into(key: str) -> None:
    """Choose the class that new pictures go to; one is always chosen."""
    if st.session_state[key] is not None:
        into.set(into.nearest(st.session_state[key]))


def add_picture(label: int) -> None:
    """Make the picture of the session one of a class."""
    become(things().with_shots([shot_of(picture_picker.picture(), label)]))


def hold_to_take(label: int, most: int) -> None:
    """Draw the button that takes pictures of the live camera for as long as it is held."""
    key = f"{PAGE}:shutter"

    def take() -> None:
        taken = st.session_state[key].taken
        add_frames(taken[:most] if isinstance(taken, list) else [], label)

    data = {"label": "Hold to film", "most": most}
    _shutter(key=key, data=data, on_taken_change=take)


def add_frames(frames: Sequence[object], label: int) -> None:
    """Make frames of the camera, which came as base64, pictures of a class."""
    found = []
    for text in frames:
        try:
            data = b64decode(text if isinstance(text, str) else "", validate=True)
            with turns.aside():
                picture = read_picture(data, "Frame")
        except ValueError as error:  # a PictureError is one
            notice(str(error))
            break
        found.append(shot_of(picture, label))
    if found:
        become(things().with_shots(found))


def take_files(files: Sequence[UploadedFile], label: int) -> None:
    """Read files one by one, and say which could not be read, or had no room."""
    room = MOST_PICTURES - len(things().shots)
    for file in files[room:]:  # first, as a thousand photos take gigabytes
        drop(file)
    bar = st.progress(0.0, "Reading the pictures…")
    found, refused = [], []
    for number, file in enumerate(files[:room]):
        try:
            with turns.aside():  # a hundred pictures take long: everyone else has turns meanwhile
                picture = read_picture(file.getvalue(), file.name)
            found.append(shot_of(picture, label))
        except PictureError as error:
            refused.append(f"{literal(file.name)}: {error}")
        drop(file)
        bar.progress((number + 1) / min(len(files), room))
    if found:
        become(things().with_shots(found))
    for sentence in refused:
        notice(sentence)
    if len(files) > room:
        notice(f"There was room for {room} pictures; {len(files) - room} were left out.")


def drop(file: UploadedFile) -> None:
    """Give back the memory of a file that came."""
    drop_upload(file.file_id)
    file.close()


def draw_learned(made: Learned | None) -> None:
    """Say how well it tells the classes apart, and what makes that worth less."""
    frame.stage_title(3, "What it has learned")
    if made is None:
        st.caption("Nothing yet.")
    else:
        st.markdown(held_out_sentence(made))
        if made.wrong:
            shots(f"{PAGE}:shots:wrong", made.things, made.wrong)
        for sentence in concern_sentences(made):
            st.warning(sentence)
    key = f"{PAGE}:taught:{st.session_state.setdefault(_UPLOADS, 0)}"
    st.file_uploader(
        "Open what was taught before (.npz)", key=key, on_change=take_taught, args=(key,)
    )


def take_taught(key: str) -> None:
    """Go on with the classes of a file; a bad one leaves what is there."""
    file = st.session_state[key]
    if file is None:
        return
    st.session_state[_UPLOADS] += 1
    try:
        become(from_file(Taught.load(io.BytesIO(file.getvalue()))))
    except ValueError as error:
        notice(f"This file cannot be opened. {error}")
    drop_upload(file.file_id)


def draw_sentences(made: Learned | None) -> None:
    """Say what to look for, and what to try."""
    st.markdown(
        "**What to look for.** The network that knows photos stays as it is: of each picture it "
        "gives 512 numbers, the means of its last maps. Only one layer on top of them is learned, "
        "from a handful of pictures, in less than a second: that is transfer learning. The map of "
        "evidence shows what it goes by. Take all pictures of one class on the same table, and it "
        "learns the table."
    )
    lopsided = made is not None and any(one.kind == "lopsided" for one in made.concerns)
    frame.question(
        "Give one class four times as many pictures as the other. What does it say of a picture "
        "that shows neither?",
        lopsided,
        "It leans towards the class that it saw more often: that was the better bet while it "
        "learned.",
    )
