"""Choose maps of a layer to silence or amplify: settings and controls."""

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
    """A run that ends with a class prediction."""

    @property
    def classes(self) -> Sequence[str]:
        """The names of the classes."""
        ...

    @property
    def shares(self) -> NDArray:
        """The share of each class."""
        ...

    @property
    def answer(self) -> int:
        """The number of the class with the largest share."""
        ...


class LayerNumber(Setting):
    """The number of a layer, or empty for the last one that has maps."""

    def parse(self, text: str) -> str:
        """Return the text, or raise ValueError."""
        if not re.fullmatch(r"\d{0,3}", text):
            raise ValueError("the number of a layer")
        return text

    def select(self, names: Mapping[int, str], chosen: int) -> None:
        """Show the layers in a drop-down list, by their `names`."""
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
    """The maps of a layer to change, and their factor."""

    channels: Channels
    factor: Number

    def chosen(self, count: int) -> list[int]:
        """Return the numbers of the changed maps, among the `count` maps of the layer."""
        numbers = map(int, re.findall(r"\d+", self.channels.value))
        return [number for number in numbers if number < count]

    def draw(self, maps: NDArray) -> None:
        """Draw the choice of the maps (C, H, W), and of the factor."""
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
    """Return the setting of the factor for the chosen maps."""
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
    """Say how the answer changes, as Markdown."""
    name, was = literal(before.classes[before.answer]), float(before.shares[before.answer])
    now, share = literal(after.classes[after.answer]), float(after.shares[after.answer])
    if now == name:
        return f"It still says **{name}**: {percent(was)} before, {percent(share)} now."
    return f"It said **{name}**, {percent(was)}, and now it says **{now}**, {percent(share)}."
