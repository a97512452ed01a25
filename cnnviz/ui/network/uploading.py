"""What opens the file of a network, with the files that belong to it, on any page."""

from collections.abc import Callable, Mapping

import streamlit as st

from cnnviz.nn.formats.read_model import MAX_FILE
from cnnviz.ui.widgets.formatting import literal
from cnnviz.ui.widgets.settings import notice

__all__ = ["refuse", "uploader"]

Take = Callable[[Mapping[str, bytes]], None]


def uploader(page: str, label: str, take: Take, *, reading: str, help: str) -> None:
    """Draw what opens files; `take` gets their bytes by their names, while `reading` is said."""
    count = f"{page}:uploads"
    # A new key empties the uploader, so that Streamlit does not keep the bytes as well.
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
    if files := st.session_state[key]:
        st.session_state[count] += 1
        with st.spinner(reading):
            take({file.name: file.getvalue() for file in files})


def refuse(key: str, sentence: str) -> None:
    """Say why a file is refused: by that key where it was brought, and where people look."""
    st.session_state[key] = sentence
    notice(literal(sentence))  # below the uploader it may be out of sight
