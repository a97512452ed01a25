"""The square of the picture that goes into the network, moved by hand."""

import io
from base64 import b64encode

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnnviz.images.loading import fit
from cnnviz.ui.inside.photos.settings import ACROSS, DOWN, PART
from cnnviz.ui.widgets import picture_picker
from cnnviz.ui.widgets.component import component

LONGEST = 380  # pixels of the picture as it is sent

_crop = component("crop")


def crop_box() -> None:
    """Show the picture with its square, which is dragged or moved with the arrow keys."""
    key = f"{ACROSS.key}:crop".replace(".", ":")

    def take() -> None:
        moved = st.session_state[key].moved
        if isinstance(moved, dict):
            for setting, name in ((ACROSS, "across"), (DOWN, "down")):
                setting.set(setting.within({"value": moved.get(name)}))

    pixels = picture_picker.picture().pixels
    moved = st.session_state.get(key, {}).get("moved") or {}
    _crop(
        key=key,
        data={
            "keys": (ACROSS.key, DOWN.key),
            "label": "Where the square lies",
            "photo": _address(fit(pixels, LONGEST)),
            "size": pixels.shape[:2],
            "part": PART.value,
            "place": {"across": ACROSS.value, "down": DOWN.value},
            "turn": moved.get("turn", 0),
        },
        on_moved_change=take,
    )


def _address(pixels: NDArray[np.uint8]) -> str:
    """Return a picture (H, W, 3) as an address that holds it."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", quality=80)
    return "data:image/webp;base64," + b64encode(file.getvalue()).decode()
