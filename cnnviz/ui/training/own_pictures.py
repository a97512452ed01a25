"""Teach it your own things: the ways to add pictures to a class."""

from base64 import b64decode
from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnnviz.functional.checks import count_of
from cnnviz.images.loading import FORMATS, MAX_BYTES
from cnnviz.images.picture import PictureError
from cnnviz.images.sandbox import read_picture
from cnnviz.ui.server.streamlit_patches.private import drop_upload
from cnnviz.ui.server.turns import turns
from cnnviz.ui.training.own_things import MOST_PICTURES, become, shot_of, things
from cnnviz.ui.training.settings import PAGE, into
from cnnviz.ui.widgets import frame, working_picture
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.formatting import literal, together
from cnnviz.ui.widgets.settings import notice

_shutter = component("camera/shutter")

MOST_HELD = 25  # pictures that one press of the button takes at most
UPLOADS = f"{PAGE}:own_uploads"  # session key of the upload count: a new key empties an uploader


def draw_ways() -> None:
    """Draw the ways to add pictures: the current one, and many files at once."""
    mine = things()
    frame.stage_title(2, "More pictures")
    label = min(int(into.value), len(mine.classes) - 1)
    st.pills(
        "Into",
        range(len(mine.classes)),
        format_func=lambda number: literal(mine.classes[number]),
        key=f"{PAGE}:into:pills:{len(mine.classes)}",
        default=label,
        on_change=take_into,
        args=(f"{PAGE}:into:pills:{len(mine.classes)}",),
    )
    full = len(mine.shots) >= MOST_PICTURES
    st.button("Add the current picture", on_click=add_picture, args=(label,), disabled=full)
    hold_to_take(label, min(MOST_HELD, MOST_PICTURES - len(mine.shots)))
    key = f"{PAGE}:own-files:{st.session_state.setdefault(UPLOADS, 0)}"
    files = st.file_uploader(
        f"Pictures of “{literal(mine.classes[label])}”",
        accept_multiple_files=True,
        max_upload_size=MAX_BYTES // 2**20,
        key=key,
        disabled=full,
    )
    if files:
        st.session_state[UPLOADS] += 1
        take_files(files, label)
        st.rerun()
    largest = together(f"{MAX_BYTES // 10**6} MB")
    st.caption(
        f"{', '.join(FORMATS)}, up to {largest} each, {MOST_PICTURES} pictures in "
        f"all: {MOST_PICTURES - len(mine.shots)} more. They stay in memory, and are gone when you "
        "leave. The current picture is the one chosen above: a sample, one of yours, or a frame "
        "of the camera."
    )


def take_into(key: str) -> None:
    """Adopt the chosen class; a click that would leave none chosen is ignored."""
    if st.session_state[key] is not None:
        into.set(into.nearest(st.session_state[key]))


def add_picture(label: int) -> None:
    """Add the session's picture to a class."""
    become(things().with_shots([shot_of(working_picture.picture(), label)]))


def hold_to_take(label: int, most: int) -> None:
    """Draw the button that takes pictures with the live camera while it is held."""
    key = f"{PAGE}:shutter"

    def take() -> None:
        taken = st.session_state[key].taken
        add_frames(taken[:most] if isinstance(taken, list) else [], label)

    data = {"label": "Hold to film", "most": most}
    _shutter(key=key, data=data, on_taken_change=take)


def add_frames(frames: Sequence[object], label: int) -> None:
    """Add camera frames, sent as base64, to a class."""
    found = []
    for text in frames:
        try:
            data = b64decode(text if isinstance(text, str) else "", validate=True)
            with turns.aside():
                picture = read_picture(data, "Frame")
        except ValueError as error:  # includes PictureError
            notice(str(error))
            break
        found.append(shot_of(picture, label))
    if found:
        become(things().with_shots(found))


def take_files(files: Sequence[UploadedFile], label: int) -> None:
    """Read files one by one, and say which could not be read, or did not fit."""
    room = MOST_PICTURES - len(things().shots)
    for file in files[room:]:  # free this first: a thousand photos take gigabytes
        drop(file)
    bar = st.progress(0.0, "Reading the pictures…")
    found, refused = [], []
    for number, file in enumerate(files[:room]):
        try:
            with turns.aside():  # a hundred pictures take long: let others have turns meanwhile
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
        notice(_left_out(room, len(files) - room))


def _left_out(room: int, more: int) -> str:
    were = "was" if more == 1 else "were"
    return f"There was room for {count_of(room, 'picture')}; {more} {were} left out."


def drop(file: UploadedFile) -> None:
    """Free the memory of an uploaded file."""
    drop_upload(file.file_id)
    file.close()
