"""Names as chips: several rows of chips, in several places, can edit one setting."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from cnnviz.ui.widgets.setting_kinds import Choice, Several
from cnnviz.ui.widgets.settings import notice


def choice_chips(
    setting: Choice, names: Sequence[str], label: str, *, several: bool = False
) -> None:
    """Show some of the names of `setting` as chips.

    Choosing a chip replaces the current choice; with `several` (for a `Several` setting) it adds a
    name, and choosing it again removes the name. The last name cannot be removed.
    """
    key = f"{setting.key}:{label}:{'several' if several else 'one'}"
    shown: Any = [name for name in _chosen(setting) if name in names]
    if not several:
        shown = shown[0] if shown else None
    if key not in st.session_state or st.session_state[key] != shown:
        st.session_state[key] = shown
    st.pills(
        label,
        names,
        selection_mode="multi" if several else "single",
        format_func=setting.options.get,
        key=key,
        on_change=_take,
        args=(setting, key, names, several),
        label_visibility="collapsed",
        width="content",
    )


def _chosen(setting: Choice) -> tuple[str, ...]:
    return setting.value if isinstance(setting, Several) else (setting.value,)


def _take(setting: Choice, key: str, names: Sequence[str], several: bool) -> None:
    picked = st.session_state[key]
    before = _chosen(setting)
    if several:
        kept = [name for name in before if name not in names or name in picked]
        after = (*kept, *(name for name in picked if name not in before))
    else:
        after = (picked,) if picked else before
    if isinstance(setting, Several):
        if len(after) > setting.most:
            notice(f"Up to {setting.most} at once: remove one first.")
        else:
            setting.set(tuple(after) or before)
    else:
        setting.set(after[0])
