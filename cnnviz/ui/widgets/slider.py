"""A slider that acts while it is dragged, where `st.slider` waits for the hand to let go."""

from collections.abc import Iterable

import streamlit as st

from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.settings import Number, Setting

HTML = """<div class="slider">
<div class="line"><label></label><input type="number"><span class="unit"></span></div>
<input type="range"></div>"""

_slider = component("slider", HTML)
_moves = component("fragment-run")


def slider(setting: Number) -> float:
    """Show `setting` as a slider; return its present value.

    The browser sends on every movement, with at most one request in flight, and goes on when
    the answer has been painted; `turn` tells it which of its requests has been answered.
    """
    key = f"{setting.key}:slider"

    def take() -> None:
        setting.set(setting.within(st.session_state[key].value))

    moved = st.session_state.get(key, {}).get("value") or {}
    _slider(
        key=key,
        data={
            "key": setting.key,
            "label": setting.label,
            "help": setting.help,
            "unit": setting.unit,
            "low": setting.low,
            "high": setting.high,
            "step": setting.step,
            "start": setting.default,
            "value": setting.value,
            "turn": moved.get("turn", 0),
        },
        on_value_change=take,
    )
    return setting.value


def moves(name: str, settings: Iterable[Setting]) -> None:
    """Let sliders, or drawings, run the present fragment alone while a hand is at them.

    To be called last in a fragment that draws what follows from these settings and no controls:
    drawing those again would cost more than all the maps. When the hand lets go, they have
    their own part of the page run, so that the controls and the link follow.
    """
    key = f"{name}:moves"
    movable = {setting.key: setting for setting in settings}

    def take() -> None:
        move = st.session_state[key].move
        setting = movable.get(move.get("key")) if isinstance(move, dict) else None
        if setting:
            setting.set(setting.within(move))

    moved = st.session_state.get(key, {}).get("move") or {}
    _moves(
        key=key,
        data={"keys": list(movable), "turn": moved.get("turn", 0)},
        on_move_change=take,
    )
