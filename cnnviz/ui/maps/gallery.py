"""A gallery: many small maps in groups, each with its kernel and a sentence; one can be chosen.

A gallery is one message, packed like that of a board (see cnnviz.ui.maps.boards).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from cnnviz.images.colour_maps import symmetric_limits, to_index
from cnnviz.kernels import Kernel, weight_sum
from cnnviz.ui.maps.message import Blob
from cnnviz.ui.server.live.parts import Packed
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.formatting import number
from cnnviz.ui.widgets.setting_kinds import Choice, Several
from cnnviz.ui.widgets.settings import notice

LONGEST = 160  # cells per side of a drawn map
LATER = f"Up to {Several.most} at once: remove one first."

_gallery = component("gallery")
_chosen = component("gallery/chosen-card")


@dataclass(frozen=True)
class Card:
    """One map of a gallery.

    Parameters
    ----------
    name : str
        The value that choosing the card sets.
    title, text : str
        Shown above and below the map.
    group : str
        Cards of one group are side by side under its name.
    kernel : Kernel
        The kernel of the map.
    values : array (H, W)
        The feature map. If the weights of the kernel sum to 1, the values are brightnesses and
        drawn as such, from 0 to 255; all others are coloured by sign.
    """

    name: str
    title: str
    group: str
    kernel: Kernel
    values: NDArray
    text: str

    @property
    def brightness(self) -> bool:
        """Whether the values are brightnesses."""
        return abs(weight_sum(self.kernel) - 1) < 1e-9


def gallery(name: str, cards: Packed) -> None:
    """Show the cards of a `message`."""
    _gallery(key=name, data=cards)


def chosen(
    gallery: str,
    setting: Choice,
    then: Callable[[], None] | None = None,
    *,
    many: bool = False,
    strip: Sequence[str] = (),
    extra: str = "",
) -> None:
    """Mark the cards of a gallery that `setting` names; a click sets it, and calls `then`.

    Parameters
    ----------
    gallery : str
        The name of the gallery.
    setting : Choice
        Holds the chosen name, or the names of a `Several`.
    then : function, optional
        Called after a click.
    many : bool
        A click adds a card to the chosen ones, or removes it.
    strip : sequence of str
        The cards that a strip shows besides the chosen ones; the others are one click away.
    extra : str
        A name of the setting that has no card, but a button after the strip.
    """
    key = f"{gallery}:taken"

    def take() -> None:
        try:
            setting.set(setting.understand(str(st.session_state[key].chosen)))
        except ValueError:
            return notice(LATER) if many else None
        return then() if then else None

    several = isinstance(setting, Several)
    data = {
        "gallery": gallery,
        "key": setting.key,
        "chosen": setting.value if several else (setting.value,),
        "many": many,
        "most": Several.most,
        "strip": strip,
        "extra": extra and {"name": extra, "title": setting.options[extra]},
    }
    _chosen(key=key, data=data, on_chosen_change=take)


def message(
    name: str, cards: Sequence[Card], longest: int = LONGEST, *, ranges: bool = True
) -> Packed:
    """Pack all cards into one message, each map with at most `longest` cells per side.

    Without `ranges`, the cards do not state the range of their maps' values: the range of a map
    computed at a small size differs from that at the working size.
    """
    blob = Blob()
    small = [drawn(card.values, longest) for card in cards]
    entries = [
        {**_describe(card, values, ranges), "offset": blob.draw(_levels(card, values))}
        for card, values in zip(cards, small, strict=True)
    ]
    header = {
        "gallery": name,
        "cards": entries,
        "table": blob.tables("diverging"),
        "kernelTable": blob.tables("kernel"),
    }
    return blob.message(header)


def drawn(values: NDArray, longest: int = LONGEST) -> NDArray[np.float32]:
    """Return a map as drawn: averaged down to `longest` if it is larger."""
    height, width = values.shape
    share = min(1.0, longest / max(height, width))
    size = max(1, round(width * share)), max(1, round(height * share))
    image = Image.fromarray(values.astype(np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BOX))


def _levels(card: Card, small: NDArray[np.float32]) -> NDArray[np.uint8]:
    if card.brightness:
        return np.clip(np.rint(small), 0, 255).astype(np.uint8)
    limit = symmetric_limits(card.values, 99.5)
    return to_index(small, -limit, limit)


def _describe(card: Card, small: NDArray, ranges: bool) -> dict[str, Any]:
    height, width = small.shape
    low, high = number(card.values.min()), number(card.values.max())
    figures = f" · {low} … {high}" if ranges else ""
    told = f", responses from {low} to {high}" if ranges else ""
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
        "figures": f"{over}sum {total}{figures}",
        "text": card.text,
        "alt": f"{card.title}: {card.text} Weights that sum to {total}{told}.",
    }
