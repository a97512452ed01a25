"""A slider that acts while the user drags it; `st.slider` waits until the user lets go."""

import streamlit as st

from cnnviz.ui.widgets.component import component, turn_of
from cnnviz.ui.widgets.setting_kinds import Number

HTML = """<div class="slider"><label></label>
<input type="range"><input type="number"><span class="unit"></span></div>"""

_slider = component("slider", HTML)


def slider(setting: Number) -> float:
    """Show `setting` as a slider; return its current value.

    The browser sends on every movement, with at most one request in flight, and continues when the
    answer has been painted; `turn` tells it which of its requests has been answered.
    """
    key = f"{setting.key}:slider"

    def take() -> None:
        setting.set(setting.within(st.session_state[key].moved))

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
            "turn": turn_of(key, "moved"),
        },
        on_moved_change=take,
    )
    return setting.value
