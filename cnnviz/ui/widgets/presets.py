"""Presets as buttons; the current one is marked."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from cnnviz.ui.widgets.settings import Setting

Values = Sequence[tuple[Setting, Any]]


def presets(name: str, offered: Mapping[str, Values]) -> None:
    """Draw a button for each set of values, by its title."""
    with st.container(horizontal=True, gap="small", key=f"presets:{name}"):
        for title, values in offered.items():
            now = all(setting.value == value for setting, value in values)
            st.button(
                title,
                type="primary" if now else "secondary",
                on_click=_take,
                args=(values,),
            )


def reset(settings: Sequence[Setting]) -> None:
    """Draw a button that resets the settings to their defaults, if any has changed."""
    if any(setting.value != setting.default for setting in settings):
        values = [(setting, setting.default) for setting in settings]
        st.button("Reset", key="reset", help="As the page opens", on_click=_take, args=(values,))


def _take(values: Values) -> None:
    for setting, value in values:
        setting.set(value)
