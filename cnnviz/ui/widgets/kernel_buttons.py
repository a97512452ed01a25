"""The buttons below the grid of a kernel: flip, normalise, enlarge, and so on."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import streamlit as st

from cnnviz.kernels import (
    Kernel,
    flipped,
    format_kernel,
    normalised,
    rotated,
    scaled,
    transposed,
    zero_sum,
)
from cnnviz.ui.widgets.matrix_setting import Matrix
from cnnviz.ui.widgets.number_grid import take


class Edit(NamedTuple):
    """A button that makes a new kernel from the current one."""

    label: str
    help: str
    change: Callable[[Kernel], Kernel]


def _random(kernel: Kernel) -> Kernel:
    """Return random whole numbers from −4 to 4; the same kernel always gives the same ones."""
    rng = np.random.default_rng([*format_kernel(kernel).encode()])
    return Kernel("own", "own", rng.integers(-4, 5, kernel.shape))


EDITS = (
    Edit("Normalise", "Divide by the sum: flat areas keep their brightness.", normalised),
    Edit("Zero-sum", "Subtract the mean from every number: flat areas give 0.", zero_sum),
    Edit("Rotate", "Turn clockwise by 90°.", rotated),
    Edit("Flip", "Mirror along both axes: cross-correlation becomes convolution.", flipped),
    Edit("Transpose", "Swap rows and columns.", transposed),
    Edit("× 2", "Double every number.", lambda kernel: scaled(kernel, 2)),
    Edit("÷ 2", "Halve every number.", lambda kernel: scaled(kernel, 0.5)),
    Edit("Random", "Whole numbers from −4 to 4.", _random),
    Edit("Clear", "Set every number to 0.", lambda kernel: scaled(kernel, 0)),
)


def kernel_buttons(setting: Matrix) -> None:
    """Show a button for each of `EDITS`; an impossible edit says why and changes nothing."""
    with st.container(horizontal=True, gap="small", key=f"edits:{setting.key}"):
        for edit in EDITS:
            st.button(
                edit.label,
                key=f"{setting.key}:{edit.label}",
                help=edit.help,
                on_click=_apply,
                args=(setting, edit),
            )
    # A callback in a fragment cannot draw anything itself.
    if sentence := st.session_state.pop(_refusal(setting), None):
        st.toast(sentence, icon=":material/info:", duration="long")


def _apply(setting: Matrix, edit: Edit) -> None:
    take(setting)  # text typed just before the click, whose own callback may come after this one
    try:
        kernel = edit.change(setting.value.kernel)
        setting.set(setting.checked(kernel.matrix.tolist(), kernel.divisor))
    except ValueError as error:
        st.session_state[_refusal(setting)] = str(error)


def _refusal(setting: Matrix) -> str:
    return f"{setting.key}:refusal"
