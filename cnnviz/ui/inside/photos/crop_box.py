"""The square of the picture that goes into the network; the user moves it."""

import io

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnnviz.images.picture import fitted_size
from cnnviz.ui.inside.network import PAGE
from cnnviz.ui.inside.photos.settings import ACROSS, DOWN, PART
from cnnviz.ui.widgets import working_picture
from cnnviz.ui.widgets.component import component, turn_of
from cnnviz.ui.widgets.data_url import kept_data_url

LONGEST = 380  # side of the sent picture in pixels
SHOWN = f"{PAGE}:crop_photo"

_crop = component("crop")


def crop_box() -> None:
    """Show the picture with its square, which users drag or move with the arrow keys."""
    key = f"{ACROSS.key}:crop".replace(".", ":")

    def take() -> None:
        moved = st.session_state[key].moved
        if isinstance(moved, dict):
            for setting, name in ((ACROSS, "across"), (DOWN, "down")):
                setting.set(setting.within({"value": moved.get(name)}))

    picture = working_picture.picture()
    _crop(
        key=key,
        data={
            "keys": (ACROSS.key, DOWN.key),
            "label": "Where the square lies",
            "photo": kept_data_url(
                SHOWN, picture.digest, lambda: small_file(picture.pixels), "jpeg"
            ),
            "size": picture.pixels.shape[:2],
            "part": PART.value,
            "place": {"across": ACROSS.value, "down": DOWN.value},
            "turn": turn_of(key, "moved"),
        },
        on_moved_change=take,
    )


def small_file(pixels: NDArray[np.uint8]) -> bytes:
    """Return a picture (H, W, 3) as a small JPEG file, made quickly: it only locates the square."""
    small = Image.fromarray(pixels)
    height, width = pixels.shape[:2]
    size = fitted_size((width, height), LONGEST)
    file = io.BytesIO()
    small.resize(size, Image.Resampling.BILINEAR).save(file, "JPEG", quality=85)
    return file.getvalue()
