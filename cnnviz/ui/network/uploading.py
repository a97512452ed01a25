"""The control that opens a network's file, with companion files, on any page."""

from collections.abc import Callable, Mapping

import streamlit as st

from cnnviz.nn.formats.read_model import MAX_FILE
from cnnviz.ui.server.streamlit_patches.private import drop_upload, uploads
from cnnviz.ui.widgets.formatting import literal
from cnnviz.ui.widgets.settings import notice

__all__ = ["refuse", "uploader"]

Take = Callable[[Mapping[str, bytes]], None]


def uploader(page: str, label: str, take: Take, *, reading: str, help: str) -> None:
    """Draw the uploader; `take` gets the files' bytes by name, while the text `reading` shows."""
    count = f"{page}:uploads"
    # A new key empties the uploader, for the next file.
    key = f"{page}:upload:{st.session_state.setdefault(count, 0)}"
    st.file_uploader(
        label,
        accept_multiple_files=True,
        max_upload_size=MAX_FILE // 2**20,
        key=key,
        on_change=_take,
        args=(key, count, take, reading),
        help=help,
    )


def _take(key: str, count: str, take: Take, reading: str) -> None:
    if files := uploads(key):
        st.session_state[count] += 1
        data = {file.name: file.getvalue() for file in files}
        for file in files:
            drop_upload(file.file_id)
        with st.spinner(reading):
            take(data)


def refuse(key: str, sentence: str) -> None:
    """Say why a file is refused: next to the uploader with that key, and as a notice."""
    st.session_state[key] = sentence
    notice(literal(sentence))  # the place below the uploader may be out of sight
