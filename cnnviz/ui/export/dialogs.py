"""The two buttons of every page, Download and Code, and the dialogs that they open.

Download offers the files of a page; the screen as a figure, which the browser draws from the data
it has; and, if a window moves over a picture, an animation.
"""

import inspect
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.nn import Sequential
from cnnviz.nn.formats import npz
from cnnviz.ui.export.animation import tab as animation_tab
from cnnviz.ui.export.animation.film import Film
from cnnviz.ui.widgets.component import component

_figure = component("figure")
KINDS = {
    "json": "application/json",
    "npz": "application/octet-stream",
    "onnx": "application/octet-stream",
    "safetensors": "application/octet-stream",
    "png": "image/png",
    "py": "text/x-python",
    "svg": "image/svg+xml",
    "zip": "application/zip",
}


class File(NamedTuple):
    """A file to download, made on demand; the extension of its name gives its type."""

    name: str
    make: Callable[[], bytes | str]
    label: str = ""  # label of its button, if not the name
    beside: "File | None" = None  # the same content in another format


class Downloads(NamedTuple):
    """The files of a page, first a ZIP of them all, and a sentence about the contents of the ZIP.

    `films` are the possible animations, if any.
    """

    files: Sequence[File]
    note: str
    films: Sequence[Film] = ()


@dataclass(frozen=True)
class Code:
    """The functions that just ran, and programs that compute the same numbers with other libraries.

    `programs` maps the titles of tabs to programs. `note` appears above each of them; `notes` holds
    separate ones for some tabs.
    """

    ran: Sequence[Callable]
    programs: Mapping[str, str]
    note: str = "Gives the numbers on this page. input.npy is in the ZIP under Download."
    notes: Mapping[str, str] | None = None


def buttons(downloads: Callable[[], Downloads], code: Callable[[], Code]) -> None:
    """Draw both buttons; their contents are computed when they are pressed."""
    if st.button("Download"):
        _downloads(downloads())
    if st.button("Code"):
        _code(code())


@st.dialog("Download", width="large")
def _downloads(downloads: Downloads) -> None:
    names = ["Files", "Figure for slides", *(["Animation"] if downloads.films else [])]
    # Only the open tab is drawn.
    files, figure, *animation = st.tabs(names, key="download:tabs", on_change="rerun")
    if files.open:
        with files:
            _files(downloads)
    if figure.open:
        with figure:
            _figure(key="figure", data={})
    if animation and animation[0].open:
        with animation[0]:
            animation_tab.draw(downloads.films)


def _files(downloads: Downloads) -> None:
    for number, file in enumerate(downloads.files):
        with st.container(horizontal=True):
            _button(file, primary=not number)
            if file.beside:
                _button(file.beside)
        if not number:
            st.caption(downloads.note)


def _button(file: File, *, primary: bool = False) -> None:
    st.download_button(
        file.label or file.name,
        file.make,
        file.name,
        KINDS[file.name.rpartition(".")[2]],
        key=f"download:{file.name}",
        type="primary" if primary else "secondary",
        on_click="ignore",
    )


@st.dialog("Code", width="large")
def _code(code: Code) -> None:
    ours, *others = st.tabs(["What just ran", *code.programs])
    with ours:
        ran = "\n\n".join(dedent(inspect.getsource(each)) for each in code.ran)
        st.code(ran, language="python")
    for tab, (title, source) in zip(others, code.programs.items(), strict=True):
        with tab:
            if note := (code.notes or {}).get(title, code.note):
                st.caption(note)
            st.code(source, language="python")


def zipped(files: Iterable[tuple[str, bytes | str]]) -> bytes:
    """Return a ZIP file from pairs (name, content).

    Examples
    --------
    >>> with zipfile.ZipFile(io.BytesIO(zipped([("a.txt", "one"), ("b/c.txt", "two")]))) as folder:
    ...     folder.namelist(), folder.read("b/c.txt")
    (['a.txt', 'b/c.txt'], b'two')
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in files:
            folder.writestr(name, content)
    return file.getvalue()


def settings_file(settings: Mapping[str, Any]) -> tuple[str, str]:
    """Return settings.json and its contents."""
    return "settings.json", json.dumps(settings, indent=2, ensure_ascii=False)


def npy(values: NDArray) -> bytes:
    """Return an array as a .npy file."""
    file = io.BytesIO()
    np.save(file, values)
    return file.getvalue()


def saved(network: Sequential) -> bytes:
    """Return a network as an npz file, even one too large or too odd to be opened here."""
    file = io.BytesIO()
    npz.save(network, file, checked=False)
    return file.getvalue()
