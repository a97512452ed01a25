"""A gallery: many small maps in groups, each with its kernel and a sentence; one can be chosen.

All of it is one message, packed as that of a board (see cnnviz.ui.maps.boards).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnnviz.images.colour_maps import COLOUR_MAPS, symmetric_limits, to_index
from cnnviz.kernels import Kernel, weight_sum
from cnnviz.ui.maps.message import TABLES, Blob, packed
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.settings import Choice
from cnnviz.ui.widgets.text import number

LONGEST = 160  # cells a side of a map as it is drawn

_gallery = component("gallery")
_chosen = component("gallery/chosen-card")


@dataclass(frozen=True)
class Card:
    """One map of a gallery.

    Parameters
    ----------
    name : str
        What choosing it gives.
    title, text : str
        Stand above and below the map.
    group : str
        Cards of one group stand side by side under its name.
    kernel : Kernel
        What made the map.
    values : array (H, W)
        The answers. Those of a kernel whose weights sum to 1 are brightnesses and drawn as
        such, from 0 to 255; all others by sign.
    """

    name: str
    title: str
    group: str
    kernel: Kernel
    values: NDArray
    text: str

    @property
    def brightness(self) -> bool:
        """Whether the answers are brightnesses."""
        return abs(weight_sum(self.kernel) - 1) < 1e-9


def gallery(name: str, cards: Packed) -> None:
    """Show the cards of a `message`."""
    _gallery(key=name, data=bytes(cards))


def chosen(gallery: str, setting: Choice, then: Callable[[], None]) -> None:
    """Mark the card of a gallery that `setting` names; a click sets it, and does `then`."""
    key = f"{gallery}:taken"

    def take() -> None:
        if (name := st.session_state[key].chosen) in setting.options:
            setting.set(name)
            then()

    data = {"gallery": gallery, "chosen": setting.value}
    _chosen(key=key, data=data, on_chosen_change=take)


def message(name: str, cards: Sequence[Card]) -> Packed:
    """Pack all cards into one message."""
    blob = Blob()
    entries = [{**_describe(card), "offset": blob.draw(_levels(card))} for card in cards]
    header = {
        "gallery": name,
        "cards": entries,
        "table": {
            theme: blob.add(COLOUR_MAPS[name]) for theme, name in TABLES["diverging"].items()
        },
        "kernelTable": dict.fromkeys(("light", "dark"), blob.add(COLOUR_MAPS["kernel"])),
    }
    return packed(header, blob)


def drawn(values: NDArray) -> NDArray[np.float32]:
    """Return a map as it is drawn: the mean of its cells where it is larger than `LONGEST`."""
    height, width = values.shape
    share = min(1.0, LONGEST / max(height, width))
    size = max(1, round(width * share)), max(1, round(height * share))
    image = Image.fromarray(values.astype(np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BOX))


def _levels(card: Card) -> NDArray[np.uint8]:
    small = drawn(card.values)
    if card.brightness:
        return np.clip(np.rint(small), 0, 255).astype(np.uint8)
    limit = symmetric_limits(card.values, 99.5)
    return to_index(small, -limit, limit)


def _describe(card: Card) -> dict[str, Any]:
    height, width = drawn(card.values).shape
    low, high = number(card.values.min()), number(card.values.max())
    total, divisor = number(weight_sum(card.kernel)), card.kernel.divisor
    over = "" if divisor == 1 else f"÷ {number(divisor)} · "
    return {
        "name": card.name,
        "title": card.title,
        "group": card.group,
        "height": height,
        "width": width,
        "picture": card.brightness,
        "matrices": [card.kernel.matrix.tolist()],
        "figures": f"{over}sum {total} · {low} … {high}",
        "text": card.text,
        "alt": f"{card.title}: {card.text} Weights that sum to {total}, "
        f"answers from {low} to {high}.",
    }
