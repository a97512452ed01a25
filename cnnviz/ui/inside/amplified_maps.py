"""Maps of a layer that are silenced or made louder: which they are, and the controls."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import streamlit as st
from numpy.typing import NDArray

from cnnviz.nn.inspection.stages import strongest_first
from cnnviz.ui.widgets.formatting import literal, percent
from cnnviz.ui.widgets.setting_kinds import Number
from cnnviz.ui.widgets.settings import Setting
from cnnviz.ui.widgets.slider import slider

MOST_CHANNELS = 32
STRONGEST = 8


class Channels(Setting):
    """Numbers of maps, with commas between them, or empty."""

    def parse(self, text: str) -> str:
        """Return the text, or raise ValueError."""
        if not re.fullmatch(rf"(\d{{1,3}}(,\d{{1,3}}){{0,{MOST_CHANNELS - 1}}})?", text):
            raise ValueError("numbers of maps")
        return text


class Answered(Protocol):
    """A run that ends with an answer in classes."""

    @property
    def classes(self) -> Sequence[str]:
        """Their names."""
        ...

    @property
    def shares(self) -> NDArray:
        """A share for each."""
        ...

    @property
    def answer(self) -> int:
        """The number of the one with the largest share."""
        ...


class LayerNumber(Setting):
    """The number of a layer, or empty for the last that has maps."""

    def parse(self, text: str) -> str:
        """Return the text, or raise ValueError."""
        if not re.fullmatch(r"\d{0,3}", text):
            raise ValueError("the number of a layer")
        return text

    def select(self, names: Mapping[int, str], chosen: int) -> None:
        """Show the layers in a list that opens: `names` are what they are called."""
        key = f"{self.key.replace('.', ':')}:list"
        st.session_state[key] = chosen
        st.selectbox(
            self.label,
            list(names),
            format_func=lambda number: names[number],
            key=key,
            on_change=lambda: self.set(str(st.session_state[key])),
        )


class AmplifiedMaps(NamedTuple):
    """Which maps of a layer are changed, and by what they are multiplied."""

    channels: Channels
    factor: Number

    def chosen(self, count: int) -> list[int]:
        """Return the numbers of the maps that are changed; those of the layer's `count`."""
        numbers = map(int, re.findall(r"\d+", self.channels.value))
        return [number for number in numbers if number < count]

    def draw(self, maps: NDArray) -> None:
        """Draw the choice among the maps (C, H, W), and the factor."""
        order = strongest_first(maps).tolist()
        key = f"{self.channels.key.replace('.', ':')}:chosen"
        st.session_state[key] = self.chosen(len(maps))
        st.multiselect(
            "Maps, the strongest first",
            order,
            format_func=lambda number: f"map {number}",
            key=key,
            on_change=self._take,
            args=(key,),
            max_selections=MOST_CHANNELS,
        )
        with st.container(horizontal=True, gap="small"):
            few = min(STRONGEST, len(order))
            label = f"The {few} strongest" if few > 1 else "This one"
            st.button(
                label, key=f"{key}:strongest", on_click=self._choose, args=(order[:STRONGEST],)
            )
            st.button("None", key=f"{key}:none", on_click=self._choose, args=([],))
        slider(self.factor)

    def _take(self, key: str) -> None:
        self._choose(st.session_state[key])

    def _choose(self, numbers: Sequence[int]) -> None:
        self.channels.set(",".join(map(str, numbers)))


def factor(key: str) -> Number:
    """Return the setting for what the chosen maps are multiplied by."""
    return Number(
        key,
        "Multiply by",
        0.0,
        "What the chosen maps are multiplied by: 0 silences them.",
        low=0.0,
        high=4.0,
        step=0.1,
    )


def becomes(before: Answered, after: Answered) -> str:
    """Say what becomes of the answer, as Markdown."""
    name, was = literal(before.classes[before.answer]), float(before.shares[before.answer])
    now, share = literal(after.classes[after.answer]), float(after.shares[after.answer])
    if now == name:
        return f"It still says **{name}**: {percent(was)} before, {percent(share)} now."
    return f"It said **{name}**, {percent(was)}, and now it says **{now}**, {percent(share)}."
