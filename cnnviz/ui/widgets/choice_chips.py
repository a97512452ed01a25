"""Names as chips: several rows of chips, in several places, can edit one setting."""

from collections.abc import Sequence

import streamlit as st

from cnnviz.ui.widgets.setting_kinds import Choice


def choice_chips(setting: Choice, names: Sequence[str], label: str) -> None:
    """Show some of the names of `setting` as chips; the chosen one cannot be removed."""
    key = f"{setting.key}:{label}"
    shown = setting.value if setting.value in names else None
    if key not in st.session_state or st.session_state[key] != shown:
        st.session_state[key] = shown
    st.pills(
        label,
        names,
        format_func=setting.options.get,
        key=key,
        on_change=_take,
        args=(setting, key),
        label_visibility="collapsed",
        width="content",
    )


def _take(setting: Choice, key: str) -> None:
    if picked := st.session_state[key]:
        setting.set(picked)
