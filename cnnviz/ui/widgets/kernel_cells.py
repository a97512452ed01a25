"""A kernel beside its maps, with cells that users edit by dragging."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from cnnviz.ui.widgets.component import component
from cnnviz.ui.widgets.matrix_setting import LARGEST, Cells, Matrix
from cnnviz.ui.widgets.number_grid import tables
from cnnviz.ui.widgets.setting_kinds import Choice

_kernel_cells = component("kernel-cells")


def kernel_cells(
    setting: Matrix,
    shown: Cells,
    *,
    also: tuple[Choice, Any] | None = None,
    back: Callable[[], None] | None = None,
    fill: bool = False,
    hint: bool = True,
) -> None:
    """Show a kernel as cells; dragging up or down on one changes its number, live.

    Parameters
    ----------
    setting : Matrix
        Stores the edited numbers.
    shown : Cells
        The current kernel.
    also : (setting, value), optional
        A choice to make along with an edit: that the kernel is the user's own.
    back : function, optional
        Restores the original kernel; without it, there is no button for that.
    fill : bool
        Take the remaining height below the maps, instead of a small fixed one.
    hint : bool
        Show a hint below it; one of several kernels shows it for all.
    """
    key = f"{setting.key}:cells"

    def take() -> None:
        sent = _sent(key)
        taken = f"{key}:taken"
        if sent.get("turn") != st.session_state.get(taken):
            st.session_state[taken] = sent.get("turn")
            setting.set(setting.read(sent))
            if also:
                also[0].set(also[1])

    _kernel_cells(
        key=key,
        data={
            "key": setting.key,
            "also": also and {"key": also[0].key, "text": also[0].format(also[1])},
            "label": f"{setting.label}: drag a cell up or down, or use the arrow keys",
            "rows": shown.rows,
            "divisor": shown.divisor,
            "largest": LARGEST,
            "table": tables("kernel"),
            "fill": fill,
            "hinted": hint,
            "changed": back is not None,
            "turn": _sent(key).get("turn", 0),
        },
        # Not "value": see cnnviz.ui.widgets.number_grid.
        on_edited_change=take,
        on_reset_change=back or _nothing,
        width="content",
    )


def _nothing() -> None:
    """Do nothing: Streamlit accepts a trigger only with a callback."""


def _sent(key: str) -> dict[str, Any]:
    state = st.session_state.get(key, {}).get("edited")
    return state if isinstance(state, dict) else {}
