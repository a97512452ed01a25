"""An editable grid of numbers, to type and paste into."""

from base64 import b64encode
from functools import partial
from typing import Any, Literal

import streamlit as st

from cnnviz.images.colour_maps import COLOUR_MAPS, THEMES
from cnnviz.kernels.text import MAX_CHARACTERS
from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.matrix_setting import LARGEST, Cells, Matrix

_matrix = component("matrix")


def matrix(
    setting: Matrix,
    *,
    colours: Literal["kernel", "grey"] = "kernel",
    limits: tuple[float, float] = (0, 255),
) -> Cells:
    """Show `setting` as an editable grid; return its current value.

    Parameters
    ----------
    setting : Matrix
        The setting to show and edit.
    colours : "kernel" or "grey"
        A kernel is coloured from brown through the page's colour at 0 to teal, up to its largest
        number, and has a divisor; an input is grey and has none.
    limits : (low, high)
        The numbers that are drawn black and white, if the colours are grey.
    """
    low, high = limits if colours == "grey" else (None, None)
    _matrix(
        key=_key(setting),
        data={
            "key": setting.key,
            "label": setting.label,
            "help": setting.help,
            "rows": setting.value.rows,
            "divisor": None if colours == "grey" else setting.value.divisor,
            "highest": setting.highest,
            "largest": LARGEST,
            "longest": MAX_CHARACTERS,
            "low": low,
            "high": high,
            "table": tables(colours),
            "turn": _sent(setting).get("turn", 0),
            "unread": st.session_state.get(_unread(setting), ""),
        },
        # Not "value": Streamlit looks for changes inside a state of that name, and finds none.
        on_edited_change=partial(take, setting, divided=colours == "grey"),
    )
    return setting.value


def tables(colours: str) -> dict[str, str]:
    """Return the colour tables of both themes, in base64."""
    themes = THEMES[colours].items()
    return {theme: b64encode(COLOUR_MAPS[name].tobytes()).decode() for theme, name in themes}


def _key(setting: Matrix) -> str:
    return f"{setting.key}:matrix"


def _sent(setting: Matrix) -> dict[str, Any]:
    """Return the last value from the browser."""
    state = st.session_state.get(_key(setting), {}).get("edited")
    return state if isinstance(state, dict) else {}


def take(setting: Matrix, *, divided: bool = False) -> None:
    """Apply a value from the browser, once."""
    sent, taken = _sent(setting), f"{_key(setting)}:taken"
    if sent.get("turn") != st.session_state.get(taken):
        st.session_state[taken] = sent.get("turn")
        st.session_state[_unread(setting)] = ""
        setting.set(setting.read(sent))
        if "pasted" in sent:
            _paste(setting, sent, divided=divided)


def _paste(setting: Matrix, sent: dict[str, Any], *, divided: bool) -> None:
    """Paste a text into the current value; an invalid text changes nothing and is reported."""
    text, where = sent["pasted"], sent.get("range")
    if not isinstance(text, str) or not _is_range(where):
        return
    try:
        setting.set(setting.pasted(setting.value, text, tuple(where), divided=divided))
    except ValueError as error:
        st.session_state[_unread(setting)] = str(error)


def _unread(setting: Matrix) -> str:
    return f"{_key(setting)}:unread"


def _is_range(value: object) -> bool:
    return isinstance(value, list) and len(value) == 4 and all(type(n) is int for n in value)
