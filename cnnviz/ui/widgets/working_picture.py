"""The working picture of the session: its size, channels and pixel values.

The user's own picture is the only one of its settings that a link cannot contain.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnnviz.experiments.chain_input import Input
from cnnviz.images.loading import WORKING_SIDE, Picture, fit, grey, planes
from cnnviz.images.samples import DEFAULT_SAMPLE, SAMPLES, sample_picture
from cnnviz.ui.widgets.formatting import together
from cnnviz.ui.widgets.session_values import state
from cnnviz.ui.widgets.setting_kinds import Choice, Number, Switch
from cnnviz.ui.widgets.slider import slider

Made = TypeVar("Made")


@dataclass(frozen=True)
class OwnPhoto(Switch):
    """Whether the user's own photo is in use."""

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
    help="The longest side of the picture used here. Smaller pictures are not enlarged.",
)
COLOUR = Choice("shared.colour", "Channels", "grey", options={"grey": "Grey", "colour": "Colour"})
SCALE = Choice("shared.values", "Pixel values", "255", options={"255": "0–255", "1": "0–1"})
SETTINGS = (SAMPLE, PHOTO, SIZE, COLOUR, SCALE)

CAMERA = "Camera"  # name of every camera frame
OWN_PHOTO = "cnnviz.photo"
_MADE = "cnnviz.made"
KEPT = (OWN_PHOTO, _MADE)  # session keys that the live channel needs besides the settings


def controls() -> None:
    """Show the controls of the working picture: size, channels, pixel values."""
    slider(SIZE)
    if said := size_sentence():
        st.caption(said)
    with st.container(horizontal=True, gap="small"):
        COLOUR.segments(label_visibility="collapsed", width="content")
        SCALE.segments(label_visibility="collapsed", width="content")


def size_sentence() -> str:
    """State the working size, if it differs from the chosen one."""
    height, width = picture().pixels.shape[:2]
    if max(height, width) >= SIZE.value:
        return ""
    size = together(f"{width} × {height} px")
    return f"This picture is {size}; it is never enlarged."


def picture() -> Picture:
    """Return the picture of the session."""
    own = state().get(OWN_PHOTO) if PHOTO.value else None
    return own or sample_picture(SAMPLE.value)


def chosen(own: Picture) -> dict[str, Any]:
    """Return the session values that make `own` the picture."""
    return {OWN_PHOTO: own, PHOTO.key: True}


def picture_input(longest: int = WORKING_SIDE) -> Input:
    """Return the working picture on the current scale of pixel values."""
    shown = picture()
    # All camera frames have one name, so that the selected cell stays in place.
    subject = "" if shown.name == CAMERA else shown.digest
    return Input.picture(intensities(longest), float(SCALE.value), subject)


def intensities(longest: int = WORKING_SIDE) -> NDArray[np.uint8]:
    """Return the working picture: (H, W) in grey, (3, H, W) in colour, 0 to 255.

    A page with many maps may ask for a longest side below the working size.
    """
    return _fitted(COLOUR.value, longest)


def grey_plane(longest: int = WORKING_SIDE) -> NDArray[np.uint8]:
    """Return the luma of the working picture, (H, W), 0 to 255."""
    return _fitted("grey", longest)


def colour_planes() -> NDArray[np.uint8]:
    """Return the red, green and blue planes of the working picture, (3, H, W), 0 to 255."""
    return _fitted("colour")


def _fitted(channels: str, longest: int = WORKING_SIDE) -> NDArray[np.uint8]:
    """Return the picture at its working size."""
    side = min(SIZE.value, longest)

    def make() -> NDArray[np.uint8]:
        pixels = fit(picture().pixels, side)
        return planes(pixels) if channels == "colour" else grey(pixels)

    return made_once(channels, make, side)


def made_once(name: str, make: Callable[[], Made], setting: object = None) -> Made:
    """Return `make`'s result for the picture, cached until the setting or the picture changes."""
    digest = picture().digest
    of, made = state().get(_MADE, ("", {}))
    if of != digest:
        made = {}
    if name not in made or made[name][0] != setting:
        made = made | {name: (setting, make())}  # another thread may be using the previous one
        state()[_MADE] = digest, made
    return cast(Made, made[name][1])


def own_file() -> Callable[[], bytes] | None:
    """Return a function that makes a PNG of the own photo at working size; None without one."""
    own = st.session_state.get(OWN_PHOTO) if PHOTO.value else None
    return partial(png, own, SIZE.value) if own else None


def png(own: Picture, side: int) -> bytes:
    """Return a photo at working size as a PNG file, for class members who work alone."""
    file = io.BytesIO()
    Image.fromarray(fit(own.pixels, side)).save(file, "PNG", compress_level=1)
    return file.getvalue()
