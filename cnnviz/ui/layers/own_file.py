"""Weights from a user's file for the stack: open the file, and assign its weights to layers."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from cnnviz.functional.checks import count_of
from cnnviz.nn.formats.model import Wanted
from cnnviz.nn.formats.read_model import MAX_FILE
from cnnviz.ui.layers import settings
from cnnviz.ui.layers.settings import PAGE, StackRun
from cnnviz.ui.network.opened import keep, opened, opened_file
from cnnviz.ui.network.uploading import refuse, uploader
from cnnviz.ui.widgets.formatting import literal
from cnnviz.ui.widgets.frame import LeftOut

_ERROR = f"{PAGE}:file_error"

LEFT_OUT = LeftOut(
    "your weights", "random ones", "Send the file too: it can be opened here in the same way."
)


def draw(run: StackRun) -> None:
    """Draw the control that opens a file, and say which layers have weights from it."""
    uploader(
        PAGE,
        "Open weights or a network",
        partial(open_files, run=run),
        reading="Reading the file…",
        help="PyTorch weights (.pt, .pth) or safetensors for the stack as it stands, or a network: "
        "ONNX, Keras, TensorFlow.js, npz. The Inside page shows all of it.",
    )
    if error := st.session_state.get(_ERROR):
        st.error(literal(error))
    made = opened_file()
    if made is None:
        st.caption("No file is open yet, so the filters are random.")
        return
    for note in made.model.notes:
        st.warning(literal(note))
    st.caption(taken_sentence(run, made.file))
    st.button(f"Build {literal(made.file)}", on_click=_build)


def taken_sentence(run: StackRun, file: str) -> str:
    """Say how many layers of the stack have their weights from a file."""
    taken = sum(source == "file" for source in run.sources.values())
    left = [name for name, source in run.sources.items() if source != "file"]
    if not left:
        if not taken:
            return "No layer of this stack takes weights from a file."
        if taken == 1:
            return f"The one layer with weights has those of {literal(file)}."
        return f"All {taken} layers with weights have those of {literal(file)}."
    have = "has" if taken == 1 or len(run.sources) == 1 else "have"
    differ = "differs in shape and stays" if len(left) == 1 else "differ in shape and stay"
    return (
        f"{taken} of {count_of(len(run.sources), 'layer')} with weights {have} those of "
        f"{literal(file)}; "
        f"{', '.join(left[:5])}{' …' if len(left) > 5 else ''} {differ} random."
    )


def _build() -> None:
    try:
        settings.start_from_file()
        st.session_state.pop(_ERROR, None)
    except ValueError as error:
        refuse(
            _ERROR,
            f"This network cannot be built of blocks. {error} Look into it on the Inside page.",
        )


def open_files(files: Mapping[str, bytes], run: StackRun) -> None:
    """Open a file; if it holds only weights and they fit the stack, use them."""
    try:
        small = run.stack.cost.weight_bytes <= MAX_FILE  # weights cannot fit a larger stack
        keep(opened(files, Wanted(onto=run.network if small else None), opened_file()))
        st.session_state.pop(_ERROR, None)
    except ValueError as error:
        refuse(_ERROR, f"This file cannot be opened. {error}")
