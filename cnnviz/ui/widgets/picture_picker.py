"""The picture of the session: samples, the user's own photo, and how it is worked on.

The picture is the one object that a link cannot carry. Pixels live in this session's memory
only; the bytes that came are dropped as soon as they are read.
"""

import io
import os
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnnviz.cli import PICTURE
from cnnviz.images.loading import (
    FORMATS,
    MAX_BYTES,
    WORKING_SIDE,
    Picture,
    PictureError,
    fit,
    grey,
    planes,
)
from cnnviz.images.samples import (
    DEFAULT_SAMPLE,
    SAMPLES,
    sample_picture,
    sample_thumbnail,
    thumbnail,
)
from cnnviz.images.sandbox import read_picture
from cnnviz.ui.chain.run import Input
from cnnviz.ui.server import log
from cnnviz.ui.server.rooms.sessions import recording
from cnnviz.ui.server.streamlit_patches.private import drop_upload
from cnnviz.ui.server.turns import turns
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.data_url import data_url, kept_data_url
from cnnviz.ui.widgets.formatting import literal
from cnnviz.ui.widgets.session_values import state
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Switch
from cnnviz.ui.widgets.settings import notice, restore
from cnnviz.ui.widgets.slider import slider


class ShownPicture(NamedTuple):
    """Which picture is worked on: a sample by its name, or the user's own photo."""

    sample: str
    photo: Picture | None


@dataclass(frozen=True)
class OwnPhoto(Switch):
    """Whether the user's own photo is worked on."""

    CARRIED = False


SAMPLE = Choice(
    "shared.picture",
    "Picture",
    DEFAULT_SAMPLE,
    options={name: sample.title for name, sample in SAMPLES.items()},
)
PHOTO = OwnPhoto("shared.photo", "Own photo")
SIZE = Number(
    "shared.size",
    "Working size",
    256,
    low=32,
    high=1024,
    step=16,
    unit="px",
    help="The longest side of the picture that is worked on. Smaller pictures are not enlarged.",
)
COLOUR = Choice("shared.colour", "Channels", "grey", options={"grey": "Grey", "colour": "Colour"})
SCALE = Choice("shared.values", "Pixel values", "255", options={"255": "0–255", "1": "0–1"})
SETTINGS = (SAMPLE, PHOTO, SIZE, COLOUR, SCALE)

CAMERA = "Camera"  # the name of each picture of a film
OWN = "photo"  # the thumbnail of the user's own photo
OWN_PHOTO = "cnnviz.photo"
_ERROR = "cnnviz.picture_error"
_FITTED = "cnnviz.fitted"
_UPLOADS = "cnnviz.uploads"  # how many files have come
_OPENED = "cnnviz.opened"  # how many of them were pictures
_BEFORE = "cnnviz.picture_before"
_GIVEN = "cnnviz.picture_given"
_OWN_ITEM = "cnnviz.picture_thumbnail"
KEPT = (OWN_PHOTO, _FITTED)  # what the live channel needs of the session beside the settings

_thumbnails = component("picture-thumbnails")
_camera = component("camera")


def picker() -> None:
    """Draw the pictures in a row, with a button for one's own; to be called on every page."""
    _bring_given()
    restore(SETTINGS)
    if PHOTO.value and OWN_PHOTO not in st.session_state:
        PHOTO.set(False)
        notice(
            "The link was made with a visitor's own photo, which a link cannot carry: "
            f"you see “{SAMPLES[SAMPLE.value].title}” instead."
        )
    if shown := recording():
        own = st.session_state[OWN_PHOTO] if PHOTO.value else None
        shown.photo(own.digest if own else "", partial(_file, own, SIZE.value))
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
        # Beside the popover, since it films on, and its light goes out, wherever that one closes.
        _camera(key="picker:live", data={"size": SIZE.key}, on_frozen_change=_freeze)
        if before := st.session_state.get(_BEFORE):
            st.button(f"Back to {_title(before)}", icon=":material/undo:", on_click=undo)
        # A new key closes it: it would hide the picture that has come.
        with st.popover("+ Own", key=f"picker:own:{st.session_state.setdefault(_OPENED, 0)}"):
            _own_picture()


def _own_picture() -> None:
    """Draw the ways to a picture of one's own."""
    # A new key empties the uploader.
    uploads = st.session_state.setdefault(_UPLOADS, 0)
    if error := st.session_state.get(_ERROR):
        st.error(error)
    # Any file may be chosen: what it holds decides, not what it is called (photo.jfif is a JPEG).
    st.file_uploader(
        "Drop, paste or choose a picture",
        max_upload_size=MAX_BYTES // 2**20,
        key=f"picker:file:{uploads}",
        on_change=_take,
        args=(f"picker:file:{uploads}",),
    )
    if st.toggle("Use the camera", key="picker:camera"):
        st.camera_input(
            "Take a photo",
            key=f"picker:shot:{uploads}",
            on_change=_take,
            args=(f"picker:shot:{uploads}",),
            label_visibility="collapsed",
        )
    st.caption(
        f"{', '.join(FORMATS)}, up to {MAX_BYTES // 10**6} MB. "
        "Your picture stays in memory, is never stored, and is gone when you leave."
    )


def controls() -> None:
    """Show how the picture is worked on: size, channels, pixel values."""
    slider(SIZE)
    if said := size_sentence():
        st.caption(said)
    with st.container(horizontal=True, gap="small"):
        COLOUR.segments(label_visibility="collapsed", width="content")
        SCALE.segments(label_visibility="collapsed", width="content")


def size_sentence() -> str:
    """Say how large the picture is worked on where that is not the size that is set."""
    height, width = picture().pixels.shape[:2]
    if max(height, width) >= SIZE.value:
        return ""
    return f"This picture is {width} × {height} px, and is worked on as it is: never enlarged."


def picture() -> Picture:
    """Return the picture of the session."""
    own = state().get(OWN_PHOTO) if PHOTO.value else None
    return own or sample_picture(SAMPLE.value)


def chosen(own: Picture) -> dict[str, Any]:
    """Return what makes `own` the picture of a session, or of a scene."""
    return {OWN_PHOTO: own, PHOTO.key: True}


def picture_input(longest: int = WORKING_SIDE) -> Input:
    """Return the picture as it is worked on, on the present scale of pixel values."""
    shown = picture()
    # All frames of a film have one name, and the cell in hand stays where it is.
    subject = "" if shown.name == CAMERA else shown.digest
    return Input.picture(intensities(longest), float(SCALE.value), subject)


def intensities(longest: int = WORKING_SIDE) -> NDArray[np.uint8]:
    """Return the picture as it is worked on: (H, W) in grey, (3, H, W) in colour, 0 to 255.

    A page with many maps may ask for a longest side below the working size.
    """
    return _fitted(COLOUR.value, longest)


def grey_plane(longest: int = WORKING_SIDE) -> NDArray[np.uint8]:
    """Return the luma as it is worked on, (H, W), 0 to 255."""
    return _fitted("grey", longest)


def colour_planes() -> NDArray[np.uint8]:
    """Return the red, green and blue plane as they are worked on, (3, H, W), 0 to 255."""
    return _fitted("colour")


def _fitted(channels: str, longest: int = WORKING_SIDE) -> NDArray[np.uint8]:
    """Return the picture in its working size; what was made is kept until another is chosen."""
    side = min(SIZE.value, longest)
    key = (picture().digest, side)
    if state().get(_FITTED, (None,))[0] != key:
        state()[_FITTED] = key, {}
    made = state()[_FITTED][1]
    if channels not in made:
        pixels = fit(picture().pixels, side)
        made[channels] = (planes if channels == "colour" else grey)(pixels)
    return made[channels]


def undo() -> None:
    """Bring the picture back that was shown before; once more, and the later one is there again."""
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
    """Keep the picture that is about to be replaced, for `undo`."""
    photo = st.session_state.get(OWN_PHOTO) if PHOTO.value else None
    st.session_state[_BEFORE] = ShownPicture(SAMPLE.value, photo)


def _title(shown: ShownPicture) -> str:
    """Return what a picture is called on a button."""
    return f"“{literal(shown.photo.name if shown.photo else SAMPLES[shown.sample].title)}”"


def _bring_given() -> None:
    """Open a new session with the photo that the app was started with, if its link has none."""
    path = os.environ.get(PICTURE)
    if not path or _GIVEN in st.session_state:
        return
    st.session_state[_GIVEN] = True
    st.session_state[OWN_PHOTO] = _given(Path(path))
    if SAMPLE.name not in st.query_params:
        PHOTO.set(True)


def bring(data: bytes, name: str) -> Picture:
    """Make a file the picture of a session that begins; raise PictureError where it is none."""
    st.session_state.update(chosen(made := read_picture(data, name)))
    return made


def own_file() -> Callable[[], bytes] | None:
    """Return what makes a PNG of the own photo at working size; None where none is shown."""
    own = st.session_state.get(OWN_PHOTO) if PHOTO.value else None
    return partial(_file, own, SIZE.value) if own else None


@cache
def _given(path: Path) -> Picture:
    """Return a photo of this machine, read once for all sessions."""
    return read_picture(path.read_bytes(), path.name)


def _choose() -> None:
    name = st.session_state["picker:thumbnails"].chosen
    st.session_state.pop(_ERROR, None)
    if name == (OWN if PHOTO.value else SAMPLE.value):
        return
    _remember()
    PHOTO.set(name == OWN and OWN_PHOTO in st.session_state)
    if name in SAMPLES:
        SAMPLE.set(name)


def _paste() -> None:
    _open_text(st.session_state["picker:thumbnails"].pasted, "Pasted picture")


def _freeze() -> None:
    """Make a frame of the live camera the picture, through the same checks as any file."""
    _open_text(st.session_state["picker:live"].frozen, "Frozen frame")


def _open_text(text: object, name: str) -> None:
    """Open a file that came as base64."""
    try:
        data = b64decode(text if isinstance(text, str) else "", validate=True)
    except ValueError:
        data = b""
    _open(data, name)


def _refuse() -> None:
    """Say of a file that was too large to send, and that the browser could not make smaller."""
    told = st.session_state["picker:thumbnails"].refused
    size = told.get("size") if isinstance(told, dict) else None
    if not isinstance(size, int | float):
        return
    _say(
        f"This file is {size / 2**20:.0f} MB; at most {MAX_BYTES // 2**20} MB can be sent, and "
        "your browser cannot open it to make it smaller. Save it as JPEG or PNG and try again."
    )


def _say(sentence: str) -> None:
    """Say why a picture was refused, in the picker and where people look."""
    st.session_state[_ERROR] = sentence
    notice(sentence)  # the picker may be out of sight: closed, or far above on a phone


def _take(key: str) -> None:
    file = st.session_state[key]
    if file is not None:
        st.session_state[_UPLOADS] += 1
        _open(file.getvalue(), file.name)
        drop_upload(file.file_id)


def _open(data: bytes, name: str) -> None:
    """Make a file the picture of the session; a bad one leaves the present picture."""
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


def _file(own: Picture, side: int) -> bytes:
    """Return a photo at working size as a PNG file, for those of a class who work alone."""
    file = io.BytesIO()
    Image.fromarray(fit(own.pixels, side)).save(file, "PNG", compress_level=1)
    return file.getvalue()


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
