"""Choosing the session's picture: samples, the user's own photo, and undo.

Pixels are only in this session's memory; uploaded bytes are dropped as soon as they are read.
"""

import math
import os
import time
from base64 import b64decode
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from cnnviz.cli import PICTURE
from cnnviz.functional.checks import megabytes
from cnnviz.images.loading import (
    FORMATS,
    MAX_BYTES,
    WORKING_SIDE,
    Picture,
    PictureError,
)
from cnnviz.images.samples import (
    SAMPLES,
    sample_thumbnail,
    thumbnail,
)
from cnnviz.images.sandbox import read_picture
from cnnviz.ui.server import log
from cnnviz.ui.server.rooms.sessions import recording
from cnnviz.ui.server.streamlit_patches.private import drop_upload, uploads
from cnnviz.ui.server.turns import turns
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.data_url import data_url, kept_data_url
from cnnviz.ui.widgets.formatting import literal, together
from cnnviz.ui.widgets.settings import notice, restore
from cnnviz.ui.widgets.working_picture import (
    OWN_PHOTO,
    PHOTO,
    SAMPLE,
    SETTINGS,
    SIZE,
    chosen,
    png,
)


class ShownPicture(NamedTuple):
    """The current picture: a sample, by name, or the user's own photo."""

    sample: str
    photo: Picture | None


OWN = "photo"  # the thumbnail of the user's own photo
_ERROR = "cnnviz.picture_error"
_UPLOADS = "cnnviz.uploads"  # number of uploaded files
_OPENED = "cnnviz.opened"  # number of them that were pictures
_BEFORE = "cnnviz.picture_before"
_GIVEN = "cnnviz.picture_given"
_OWN_ITEM = "cnnviz.picture_thumbnail"

_thumbnails = component("picture-thumbnails")
_camera = component("camera")


def picker() -> None:
    """Draw the pictures in a row, with a button for the user's own; call on every page."""
    _bring_given()
    restore(SETTINGS)
    if PHOTO.value and OWN_PHOTO not in st.session_state:
        PHOTO.set(False)
        notice(
            "This page had a visitor's own photo, which a link cannot carry: you see "
            f"“{SAMPLES[SAMPLE.value].title}” instead. If it was yours, add it again with “+ Own”."
        )
    if shown := recording():
        own = st.session_state[OWN_PHOTO] if PHOTO.value else None
        shown.photo(own.digest if own else "", partial(png, own, SIZE.value))
    with st.container(key="pictures", horizontal=True):
        _thumbnails(
            key="picker:thumbnails",
            data={
                "label": "Picture",
                "items": _own_item() + _sample_items(),
                "selected": OWN if PHOTO.value else SAMPLE.value,
                "own": OWN,
                "sample": SAMPLE.key,
                "photo": PHOTO.key,
                "limit": MAX_BYTES,
                "longest": WORKING_SIDE,
            },
            on_chosen_change=_choose,
            on_pasted_change=_paste,
            on_refused_change=_refuse,
        )
        # Outside the popover, so that the camera keeps running, and can be switched off, when it
        # closes.
        _camera(key="picker:live", data={"size": SIZE.key}, on_frozen_change=_freeze)
        if before := st.session_state.get(_BEFORE):
            back = f"Back to {_title(before)}"
            # Narrow windows show only the icon; the tooltip has the words.
            st.button(back, icon=":material/undo:", help=back, on_click=undo)
        # A new key closes the popover, which would hide the new picture.
        with st.popover("+ Own", key=f"picker:own:{st.session_state.setdefault(_OPENED, 0)}"):
            _own_picture()


def _own_picture() -> None:
    """Draw the ways to add the user's own picture."""
    # A new key empties the uploader.
    count = st.session_state.setdefault(_UPLOADS, 0)
    if error := st.session_state.get(_ERROR):
        with st.container(key="picker:refused"):  # style.css hides the toast meanwhile
            st.error(error)
    # Users may choose any file: its contents decide, not its name (photo.jfif is a JPEG).
    st.file_uploader(
        "Drop, paste or choose a picture",
        max_upload_size=MAX_BYTES // 2**20,
        key=f"picker:file:{count}",
        on_change=_take,
        args=(f"picker:file:{count}",),
    )
    if st.toggle("Use the camera", key="picker:camera"):
        st.camera_input(
            "Take a photo",
            key=f"picker:shot:{count}",
            on_change=_take,
            args=(f"picker:shot:{count}",),
            label_visibility="collapsed",
        )
    st.caption(
        f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}. Your browser shrinks photos above "
        f"{together(f'{MAX_BYTES // 2**20} MB')} before sending them. Your picture stays in "
        "memory, is never stored, and is gone when you leave."
    )


def undo() -> None:
    """Bring the previous picture back; calling it again swaps back."""
    before = st.session_state.pop(_BEFORE, None)
    if before is None:
        return
    _remember()
    st.session_state.pop(_ERROR, None)
    if before.photo is not None:
        st.session_state[OWN_PHOTO] = before.photo
    SAMPLE.set(before.sample)
    PHOTO.set(before.photo is not None)


def _remember() -> None:
    """Remember the picture that is about to be replaced, for `undo`."""
    photo = st.session_state.get(OWN_PHOTO) if PHOTO.value else None
    st.session_state[_BEFORE] = ShownPicture(SAMPLE.value, photo)


def _title(shown: ShownPicture) -> str:
    """Return the title of a picture on a button."""
    return f"“{literal(shown.photo.name if shown.photo else SAMPLES[shown.sample].title)}”"


def _bring_given() -> None:
    """Start a session with the photo that the app was started with, unless its link names one."""
    path = os.environ.get(PICTURE)
    if not path or _GIVEN in st.session_state:
        return
    st.session_state[_GIVEN] = True
    st.session_state[OWN_PHOTO] = _given(Path(path))
    if SAMPLE.name not in st.query_params:
        PHOTO.set(True)


def bring(data: bytes, name: str) -> Picture:
    """Make a file the picture of a new session; raise PictureError if it is not a picture."""
    st.session_state.update(chosen(made := read_picture(data, name)))
    return made


@cache
def _given(path: Path) -> Picture:
    """Return a photo from this machine, read once for all sessions."""
    return read_picture(path.read_bytes(), path.name)


def _choose() -> None:
    name = st.session_state["picker:thumbnails"].chosen
    st.session_state.pop(_ERROR, None)
    if name == (OWN if PHOTO.value else SAMPLE.value):
        return
    _remember()
    PHOTO.set(name == OWN and OWN_PHOTO in st.session_state)
    if isinstance(name, str) and name in SAMPLES:
        SAMPLE.set(name)


def _paste() -> None:
    _open_text(st.session_state["picker:thumbnails"].pasted, "Pasted picture")


def _freeze() -> None:
    """Make a frame of the live camera the picture, after the same checks as for any file."""
    _open_text(st.session_state["picker:live"].frozen, "Frozen frame")


def _open_text(text: object, name: str) -> None:
    """Open a file that was sent as base64."""
    try:
        data = b64decode(text if isinstance(text, str) else "", validate=True)
    except ValueError:
        data = b""
    _open(data, name)


def _refuse() -> None:
    """Refuse a file that was too large to send and that the browser could not make smaller."""
    told = st.session_state["picker:thumbnails"].refused
    size = told.get("size") if isinstance(told, dict) else None
    if not isinstance(size, int | float) or not abs(size) < math.inf:
        return
    _say(
        f"This file is {megabytes(size)}; at most {megabytes(MAX_BYTES)} can be sent, and your "
        "browser cannot open it to make it smaller. Save it as JPEG or PNG and try again."
    )


def _say(sentence: str) -> None:
    """Say why a picture was refused, in the picker and as a notice."""
    st.session_state[_ERROR] = sentence
    notice(sentence)  # the picker may be out of sight: closed, or far above on a phone


def _take(key: str) -> None:
    for file in uploads(key):
        st.session_state[_UPLOADS] += 1
        _open(file.getvalue(), file.name)
        drop_upload(file.file_id)


def _open(data: bytes, name: str) -> None:
    """Make a file the picture of the session; a bad file leaves the current picture."""
    start = time.monotonic()
    try:
        with turns.aside():
            found = read_picture(data, name)
    except PictureError as error:
        _say(str(error))
        log.event("picture refused", session=log.visit(), reason=str(error))
    else:
        log.event("picture", session=log.visit(), seconds=round(time.monotonic() - start, 3))
        st.session_state.pop(_ERROR, None)
        _remember()
        st.session_state.update(chosen(found))
        st.session_state[_OPENED] = st.session_state.get(_OPENED, 0) + 1


def _own_item() -> list[dict[str, str]]:
    photo = st.session_state.get(OWN_PHOTO)
    if photo is None:
        return []
    source = kept_data_url(_OWN_ITEM, photo.digest, lambda: thumbnail(photo.pixels))
    return [{"name": OWN, "title": photo.name, "source": source}]


@cache
def _sample_items() -> list[dict[str, str]]:
    return [
        {"name": name, "title": sample.title, "source": data_url(sample_thumbnail(name))}
        for name, sample in SAMPLES.items()
    ]
