"""A pad to draw on with mouse, pen, finger or arrow keys; the strokes are sent as text."""

from dataclasses import dataclass

import streamlit as st

from cnnviz.images.drawings import strokes
from cnnviz.ui.widgets.component import component, turn_of
from cnnviz.ui.widgets.settings import MAX_LINK_VALUE, Setting

_drawing_pad = component("drawing-pad")


@dataclass(frozen=True)
class Drawing(Setting):
    """A drawing as text (see cnnviz.images.drawings); empty for an empty pad."""

    default: str = ""

    def parse(self, text: str) -> str:
        """Return the text, or raise ValueError."""
        strokes(text)
        return text

    def within(self, state: object) -> str:
        """Return the drawing that the browser sent; invalid input changes nothing."""
        text = state.get("value") if isinstance(state, dict) else None
        if not isinstance(text, str) or len(text) > MAX_LINK_VALUE:
            return self.value
        try:
            return self.parse(text)
        except ValueError:
            return self.value


def drawing_pad(setting: Drawing, under: str = "") -> str:
    """Show the pad; return the current drawing.

    `under` is the data URL of a picture to draw on; by default, the sheet is black.

    The browser sends while the user draws a line, with at most one request in flight. It asks only
    for the results of the drawing, if a part of the page offers that (see
    cnnviz.ui.widgets.slider); `turn` tells it which of its requests has been answered.
    """
    key = f"{setting.key}:drawing-pad"

    def take() -> None:
        setting.set(setting.within(st.session_state[key].drawn))

    _drawing_pad(
        key=key,
        data={
            "key": setting.key,
            "label": setting.label,
            "value": setting.value,
            "most": MAX_LINK_VALUE,
            "under": under,
            "turn": turn_of(key, "drawn"),
        },
        on_drawn_change=take,
    )
    return setting.value
